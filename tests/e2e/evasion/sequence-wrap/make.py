"""Sequence numbers around 2^32."""
import packets


def talk(port, order):
    t = packets.Talk(ports=(port, 80))
    t.seq[0] = 2**32 - 9
    parts = [(0, b"GET /atta"), (9, b"ck-co"), (14, b"de HTTP/1.0")]
    return t.handshake() + t.says_at(parts[i] for i in order) + t.teardown()


def frames():
    return talk(40001, (0, 1, 2)) + talk(40002, (2, 1, 0)) + talk(40003, (1, 0, 2))
