#!/usr/bin/python3
"""aiortc, a WebRTC that nobody here wrote, publishes by WHIP and plays by WHEP through the bench's minimal server.

usage: sh tests/namespace.sh tests/interop/aiortc_peer.py build/bench/bench/mini --address 10.99.0.1

Prints TAP lines. Needs python3-aiortc, and an address that is not loopback: aiortc gathers no candidate there.
"""
import asyncio
import subprocess
import sys
import urllib.request

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

WAIT_S = 20
FRAMES = 20  # of each kind: more than a key frame and its luck
NO_SERVERS = RTCConfiguration(iceServers=[])
failed = 0


def check(is_ok, what):
    global failed
    failed += not is_ok
    print(("ok " if is_ok else "not ok ") + what, flush=True)


def request(method, url, body=None):
    r = urllib.request.Request(url, method=method, data=body, headers={"Content-Type": "application/sdp"})
    with urllib.request.urlopen(r, timeout=10) as answer:
        return answer.status, answer.headers.get("Location"), answer.read().decode()


async def connect(pc, base, path):
    """Offers what pc has, takes the answer; returns the Location."""
    await pc.setLocalDescription(await pc.createOffer())
    offer = pc.localDescription.sdp.encode()
    status, location, answer = await asyncio.to_thread(request, "POST", base + path, offer)
    check(status == 201 and location is not None, f"{path} answers 201 with a Location")
    await pc.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
    return location


async def until(is_so):
    for _ in range(WAIT_S * 20):
        if is_so():
            return True
        await asyncio.sleep(0.05)
    return False


def is_ended(pc):
    """aiortc's connectionState knows no end that came from the other side; its DTLS does."""
    return any(t.receiver.transport.state == "closed" for t in pc.getTransceivers())


async def play(base, what):
    """A viewer; returns it and what it counts."""
    pc = RTCPeerConnection(NO_SERVERS)
    came = {"audio": 0, "video": 0}
    tasks = []

    async def count(track):
        while True:
            await track.recv()
            came[track.kind] += 1

    pc.on("track", lambda track: tasks.append(asyncio.ensure_future(count(track))))
    pc.addTransceiver("audio", direction="recvonly")
    pc.addTransceiver("video", direction="recvonly")
    location = await connect(pc, base, "/whep")
    check(await until(lambda: pc.connectionState == "connected"), f"{what} connects")
    return pc, came, location, tasks


async def run(base):
    publisher = RTCPeerConnection(NO_SERVERS)
    publisher.addTrack(AudioStreamTrack())
    publisher.addTrack(VideoStreamTrack())
    published = await connect(publisher, base, "/whip/1")
    check(await until(lambda: publisher.connectionState == "connected"), "the publisher connects")
    first, seen, _, tasks = await play(base, "the first viewer")
    check(await until(lambda: seen["video"] > FRAMES), f"the first viewer decodes pictures ({seen['video']})")
    check(await until(lambda: seen["audio"] > FRAMES), f"the first viewer decodes voice ({seen['audio']})")
    second, late, location, more = await play(base, "one who comes late")
    check(await until(lambda: late["video"] > FRAMES), f"one who comes late decodes pictures ({late['video']})")
    status, _, _ = await asyncio.to_thread(request, "DELETE", base + location)
    check(status == 200, "DELETE is answered")
    check(await until(lambda: is_ended(second)), "a viewer who was ended hears of it (close_notify)")
    await asyncio.to_thread(request, "DELETE", base + published)
    check(await until(lambda: is_ended(publisher)), "a publisher who was ended hears of it")
    for task in tasks + more:
        task.cancel()
    for pc in (publisher, first, second):
        await pc.close()


def main():
    server = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
    try:
        port = server.stdout.readline().split()[1]
        base = f"http://127.0.0.1:{port}"
        asyncio.run(asyncio.wait_for(run(base), 120))
        print(request("GET", base + "/stats")[2])
    finally:
        server.terminate()
        server.wait()
    sys.exit(1 if failed else 0)


main()
