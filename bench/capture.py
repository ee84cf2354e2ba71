#!/usr/bin/env python3
"""Captures the packet sizes of real Chromium media for the load generator to replay.

    unshare -rn python3 bench/capture.py bench/data

writes vp8-600k.txt and opus-20ms.txt. Two peer connections of one page talk over the loopback device of a namespace; the
sizes are read off the wire, where SRTP leaves the RTP header readable. Picture and sound are Chromium's fake devices and
a synthetic voice: nobody's data.
"""
import http.server
import math
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import wave

SETTLE_S, LISTEN_S = 15, 20
TAGS = {"SRTP_AES128_CM_HMAC_SHA1_80": 10, "SRTP_AEAD_AES_128_GCM": 16, "SRTP_AEAD_AES_256_GCM": 16}

PAGE = """<!doctype html><title>capture</title><script type="module">
const media = await navigator.mediaDevices.getUserMedia({
    audio: {echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
// A picture with enough in it that the encoder needs all of its 600 kbit/s: the fake camera is too plain for that.
const canvas = document.createElement("canvas"), draw = canvas.getContext("2d");
canvas.width = 640;
canvas.height = 360;
setInterval(() => {
    for (let i = 0; i < 40; i++) {
        draw.fillStyle = `hsl(${Math.random() * 360} 60% ${30 + Math.random() * 40}%)`;
        draw.fillRect(Math.random() * 640, Math.random() * 360, 8 + Math.random() * 40, 8 + Math.random() * 40);
    }
}, 33);
media.addTrack(canvas.captureStream(30).getVideoTracks()[0]);
const a = new RTCPeerConnection(), b = new RTCPeerConnection();
a.onicecandidate = e => e.candidate && b.addIceCandidate(e.candidate);
b.onicecandidate = e => e.candidate && a.addIceCandidate(e.candidate);
for (const track of media.getTracks()) {
    const line = a.addTransceiver(track, {direction: "sendonly",
        sendEncodings: [{maxBitrate: track.kind === "video" ? 600000 : 32000}]});
    const mime = track.kind === "video" ? "video/VP8" : "audio/opus";
    line.setCodecPreferences(RTCRtpSender.getCapabilities(track.kind).codecs.filter(c => c.mimeType === mime));
}
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
const sender = a.getSenders().find(s => s.track.kind === "video");
setTimeout(() => sender.setParameters(sender.getParameters(), {encodingOptions: [{keyFrame: true}]}), 25000);
setInterval(async () => {
    const tell = {types: [...a.localDescription.sdp.matchAll(/a=rtpmap:([0-9]+) (VP8|opus)/g)].map(m => [m[2], m[1]])};
    for (const s of (await a.getStats()).values())
        if (s.type === "transport")
            tell.suite = s.srtpCipher;
    await fetch("/tell", {method: "POST", body: JSON.stringify(tell)});
}, 1000);
</script>"""

told = {}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def do_POST(self):
        import json
        told.update(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def make_voice(path):
    """Syllables of a gliding tone with harmonics, four a second, with breaths between."""
    rate, phase, frames = 48000, 0.0, bytearray()
    rng = random.Random(1)
    for i in range(rate * 20):
        t = i / rate
        talk = (t % 3.0) < 2.3
        phase += 2 * math.pi * (140 + 40 * math.sin(2 * math.pi * 0.7 * t)) / rate
        loud = max(0.0, math.sin(2 * math.pi * 2 * t)) if talk else 0.0
        tone = sum(math.sin(k * phase) / k for k in range(1, 12))
        frames += struct.pack("<h", int(6000 * loud * tone / 2 + rng.uniform(-40, 40)))
    with wave.open(path, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(rate)
        w.writeframes(bytes(frames))


def listen(seconds):
    """(payload type, marker, timestamp, bytes behind the header) of every RTP packet seen leaving."""
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    raw.bind(("lo", 0))
    raw.settimeout(0.5)
    seen, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            frame, where = raw.recvfrom(65536)
        except socket.timeout:
            continue
        if where[2] != socket.PACKET_OUTGOING or frame[12:14] != b"\x08\x00" or frame[23] != 17:
            continue
        udp = frame[14 + (frame[14] & 15) * 4:]
        rtp = udp[8:struct.unpack(">H", udp[4:6])[0]]
        if len(rtp) < 12 or not 128 <= rtp[0] <= 191 or 64 <= (rtp[1] & 127) <= 95 or rtp[0] & 32:
            # not RTP, or padded: a probe
            continue
        head = 12 + 4 * (rtp[0] & 15)
        if rtp[0] & 16:
            head += 4 + 4 * struct.unpack(">H", rtp[head + 2:head + 4])[0]
        seen.append((rtp[1] & 127, rtp[1] >> 7, struct.unpack(">I", rtp[4:8])[0], len(rtp) - head,
                     struct.unpack(">H", rtp[2:4])[0]))
    return seen


def write(path, what, command, lines):
    with open(path, "w") as f:
        f.write(f"# {what}\n# made by: {command}\n")
        f.writelines(lines)


def main(folder):
    subprocess.run("ip link set lo up; ip link add v0 type veth peer name v1; ip addr add 10.99.0.1/24 dev v0; ip link set v0 up; ip link set v1 up",
                   shell=True, check=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        make_voice(home + "/voice.wav")
        browser = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + home,
             "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=fps=30",
             "--use-file-for-fake-audio-capture=" + home + "/voice.wav", "--disable-features=WebRtcHideLocalIpsWithMdns",
             "--autoplay-policy=no-user-gesture-required", f"http://127.0.0.1:{server.server_port}/"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            listen(SETTLE_S)
            seen = listen(LISTEN_S)
        finally:
            browser.terminate()
            browser.wait()
    tag = TAGS[told["suite"]]
    types = {name: int(pt) for name, pt in told["types"]}
    version = subprocess.run(["chromium", "--version"], capture_output=True, text=True).stdout.strip()
    command = f"unshare -rn python3 bench/capture.py bench/data ({version}, {told['suite']})"

    frames = {}
    for pt, _, ts, n, seq in seen:
        if pt == types["VP8"]:
            frames.setdefault(ts, {})[seq] = n - tag
    whole = [list(f.values()) for f in list(frames.values())[1:-1]]
    key = max(whole, key=sum)  # the page asked for one key frame in this time
    lines = ["K " + " ".join(map(str, key)) + "\n"]
    lines += ["D " + " ".join(map(str, f)) + "\n" for f in whole if f is not key]
    write(folder + "/vp8-600k.txt", "RTP payload bytes (descriptor included), a frame a line: K key frame, D other", command,
          lines)
    write(folder + "/opus-20ms.txt", "RTP payload bytes, a packet of 20 ms a line", command,
          [f"{s[3] - tag}\n" for s in seen if s[0] == types["opus"]])


main(sys.argv[1])
