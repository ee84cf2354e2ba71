#!/usr/bin/python3
"""GStreamer's webrtcbin, a WebRTC that nobody here wrote, publishes by WHIP and plays by WHEP through the bench's minimal server.

usage: sh tests/namespace.sh tests/interop/gstreamer_peer.py build/bench/bench/mini --address 10.99.0.1

Prints TAP lines. Needs gstreamer1.0-plugins-good, -bad, gstreamer1.0-nice, python3-gst-1.0 and gir1.2-gst-plugins-bad-1.0.
"""
import subprocess
import sys
import time
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import Gst, GstSdp, GstWebRTC  # noqa: E402

WAIT_S = 20
FRAMES = 20  # of each kind: more than a key frame and its luck
RECEIVE = GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
OPUS = "application/x-rtp,media=audio,encoding-name=OPUS,payload=96,clock-rate=48000,encoding-params=(string)2"
VP8 = "application/x-rtp,media=video,encoding-name=VP8,payload=97,clock-rate=90000"
SOURCES = """
    webrtcbin name=peer bundle-policy=max-bundle
    videotestsrc is-live=true ! video/x-raw,width=320,height=180,framerate=15/1 ! vp8enc deadline=1 keyframe-max-dist=3000
        ! rtpvp8pay picture-id-mode=15-bit ! {vp8} ! peer.
    audiotestsrc is-live=true wave=ticks ! audioconvert ! audioresample ! opusenc ! rtpopuspay ! {opus} ! peer.
"""
failed = 0


def check(is_ok, what):
    global failed
    failed += not is_ok
    print(("ok " if is_ok else "not ok ") + what, flush=True)


def request(method, url, body=None):
    r = urllib.request.Request(url, method=method, data=body, headers={"Content-Type": "application/sdp"})
    with urllib.request.urlopen(r, timeout=10) as answer:
        return answer.status, answer.headers.get("Location"), answer.read().decode()


def until(is_so):
    for _ in range(WAIT_S * 20):
        if is_so():
            return True
        time.sleep(0.05)
    return False


class Peer:
    """A pipeline with one webrtcbin in it."""

    def __init__(self, pipeline, what):
        self.pipeline, self.what = pipeline, what
        self.webrtc = pipeline.get_by_name("peer")
        self.came = {"audio": 0, "video": 0}
        self.webrtc.connect("pad-added", self.on_pad)

    def on_pad(self, _, pad):
        """A decoder behind each track; what it gives is counted."""
        if pad.direction != Gst.PadDirection.SRC:
            return
        kind = pad.get_current_caps().get_structure(0).get_string("media")
        parts = "rtpopusdepay ! opusdec" if kind == "audio" else "rtpvp8depay ! vp8dec"
        chain = Gst.parse_bin_from_description(f"queue ! {parts} ! fakesink name=end sync=false signal-handoffs=true", True)
        chain.get_by_name("end").connect("handoff", lambda *_: self.count(kind))
        self.pipeline.add(chain)
        chain.sync_state_with_parent()
        pad.link(chain.get_static_pad("sink"))

    def count(self, kind):
        self.came[kind] += 1

    def ask(self, signal, *arguments):
        promise = Gst.Promise.new()
        self.webrtc.emit(signal, *arguments, promise)
        promise.wait()
        return promise.get_reply()

    def state(self, name):
        return self.webrtc.get_property(name).value_nick

    def connect(self, base, path):
        """Offers with all candidates, takes the answer; returns the Location."""
        self.pipeline.set_state(Gst.State.PLAYING)
        if path == "/whep":
            for caps in (OPUS, VP8):
                self.webrtc.emit("add-transceiver", RECEIVE, Gst.Caps.from_string(caps))
        else:  # the payloaders say what they send
            sinks = self.webrtc.sinkpads
            check(until(lambda: all(pad.get_current_caps() for pad in sinks)), f"{self.what} has sources")
        reply = self.ask("create-offer", None)  # owns the offer
        self.ask("set-local-description", reply.get_value("offer"))
        check(until(lambda: self.state("ice-gathering-state") == "complete"), f"{self.what} gathers candidates")
        offer = self.webrtc.get_property("local-description").sdp.as_text()
        status, location, answer = request("POST", base + path, offer.encode())
        check(status == 201 and location is not None, f"{path} answers 201 with a Location")
        _, sdp = GstSdp.SDPMessage.new_from_text(answer)
        self.ask("set-remote-description", GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp))
        check(until(lambda: self.state("connection-state") == "connected"), f"{self.what} connects")
        return location

    def stop(self):
        self.pipeline.set_state(Gst.State.NULL)


def play(base, what):
    pipeline = Gst.Pipeline.new()
    webrtc = Gst.ElementFactory.make("webrtcbin", "peer")
    webrtc.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
    pipeline.add(webrtc)
    viewer = Peer(pipeline, what)
    location = viewer.connect(base, "/whep")
    for kind, word in (("video", "pictures"), ("audio", "voice")):
        is_there = until(lambda: viewer.came[kind] > FRAMES)
        check(is_there, f"{what} decodes {word} ({viewer.came[kind]})")
    return viewer, location


def run(base):
    publisher = Peer(Gst.parse_launch(SOURCES.format(vp8=VP8, opus=OPUS)), "the publisher")
    published = publisher.connect(base, "/whip/1")
    first, _ = play(base, "the first viewer")
    second, location = play(base, "one who comes late")
    check(request("DELETE", base + location)[0] == 200, "DELETE of a viewer is answered")
    before = first.came["video"]
    check(until(lambda: first.came["video"] > before + FRAMES), "the other one plays on")
    check(request("DELETE", base + published)[0] == 200, "DELETE of the publisher is answered")
    for peer in (second, first, publisher):
        peer.stop()


def main():
    Gst.init(None)
    server = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
    try:
        port = server.stdout.readline().split()[1]
        base = f"http://127.0.0.1:{port}"
        run(base)
        print(request("GET", base + "/stats")[2])
    finally:
        server.terminate()
        server.wait()
    sys.exit(1 if failed else 0)


main()
