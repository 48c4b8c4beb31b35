"""New connections on the tuple of an older one."""
import packets
from packets import ACK, SYN


def frames():
    t = packets.Talk(ports=(40001, 80))
    out = t.handshake() + [t.says(b"hello")] + t.teardown()
    t.seq = [t.seq[0] + 100, 70_000]
    out += t.handshake() + [t.says(b"attack"), t.says(b"-code")] + t.teardown()

    t = packets.Talk(ports=(40002, 80))  # the first connection is never closed
    out += t.handshake() + [t.says(b"hello att")]
    t.seq = [t.seq[0] + 5_000, 70_000]
    out += t.handshake() + [t.says(b"attack"), t.says(b"-code")] + t.teardown()

    t = packets.Talk(ports=(40003, 80))
    out += t.handshake() + [t.says(b"attack")]
    here = list(t.seq)
    t.seq[0] += 1_000_000
    out.append(t.segment(0, SYN))
    t.seq = here
    return out + [t.says(b"-code")] + t.teardown()
