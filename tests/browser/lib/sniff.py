# Counts every UDP datagram of this network namespace but questions to a name server (there is none here), until its input
# ends; then prints the count and where they went. A packet that leaves is seen once: outgoing copies alone are counted.
import collections
import json
import selectors
import socket
import sys

ETH_P_ALL = 3
OUTGOING = 4
UDP = 17

raw = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
seen = collections.Counter()
wait = selectors.DefaultSelector()
wait.register(raw, selectors.EVENT_READ)
wait.register(sys.stdin, selectors.EVENT_READ)
print("ready", flush=True)
while True:
    ready = {key.fileobj for key, _ in wait.select()}
    if raw in ready:
        packet, where = raw.recvfrom(65535)
        version = packet[0] >> 4 if packet else 0
        head = (packet[0] & 15) * 4 if version == 4 else 40
        kind = packet[9] if version == 4 else packet[6] if version == 6 else 0
        if where[2] == OUTGOING and kind == UDP and len(packet) >= head + 8:
            port = int.from_bytes(packet[head + 2:head + 4], "big")
            to = socket.inet_ntop(socket.AF_INET if version == 4 else socket.AF_INET6,
                                  packet[16:20] if version == 4 else packet[24:40])
            if port != 53:
                seen["%s port %d" % (to, port)] += 1
    elif sys.stdin in ready:
        break
print(json.dumps({"datagrams": sum(seen.values()), "to": seen}))
