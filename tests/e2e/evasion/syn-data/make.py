"""Payload on SYN and SYN-ACK."""
import packets
from packets import ACK, SYN


def frames():
    t = packets.Talk(ports=(40001, 80))
    out = [t.segment(0, SYN, b"attack-"), t.segment(1, SYN | ACK), t.segment(0, ACK), t.says(b"code")] + t.teardown()

    t = packets.Talk(ports=(40002, 80))
    begin = t.seq[0]
    out.append(t.segment(0, SYN, b"harmless-bytes"))
    t.seq[0] = begin + 1
    out += [t.segment(1, SYN | ACK), t.segment(0, ACK), t.says(b"attack-code...")] + t.teardown()

    t = packets.Talk(ports=(40003, 80))
    out += [t.segment(0, SYN), t.segment(1, SYN | ACK, b"attack-"), t.segment(0, ACK), t.answers(b"code")]
    return out + t.teardown()
