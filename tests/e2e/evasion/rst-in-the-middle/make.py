"""RST segments that must not blind the sensor."""
import packets
from packets import ACK, RST


def forged(port, away):
    t = packets.Talk(ports=(port, 80))
    out = t.handshake() + [t.says(b"attack")]
    here = t.seq[0]
    t.seq[0] = here + away
    out.append(t.segment(0, RST))
    t.seq[0] = here
    return out + [t.says(b"-code")] + t.teardown()


def frames():
    out = forged(40001, 1 << 28) + forged(40002, 100) + forged(40003, -2000)
    t = packets.Talk(ports=(40004, 80))
    out += t.handshake() + [t.says(b"hello"), t.segment(0, RST | ACK)]
    t.seq = [700_000, 900_000]
    return out + t.handshake() + [t.says(b"attack"), t.says(b"-code")] + t.teardown()
