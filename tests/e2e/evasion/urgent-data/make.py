"""Urgent data."""
import packets
from packets import ACK, PSH

URG = 0x20


def urgent(t, payload, pointer):
    data = packets.tcp(t.ports, t.seq[0], t.seq[1], PSH | ACK | URG, payload)
    t.seq[0] += len(payload)
    return packets.ethernet(packets.ipv4(*t.ends, packets.TCP, data[:18] + pointer.to_bytes(2, "big") + data[20:]))


def frames():
    t = packets.Talk(ports=(40001, 80))
    out = t.handshake() + [t.says(b"GET /att"), urgent(t, b"ack", 3), t.says(b"-code")] + t.teardown()
    t = packets.Talk(ports=(40002, 80))
    return out + t.handshake() + [t.says(b"GET /att"), urgent(t, b"Xack", 1), t.says(b"-code")] + t.teardown()
