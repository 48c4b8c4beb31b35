"""Sequence numbers around 2^32."""
import packets


def talk(port, order):
    t = packets.Talk(ports=(port, 80))
    t.seq[0] = 2**32 - 9
    out = t.handshake()
    begin, parts = t.seq[0], [(0, b"GET /atta"), (9, b"ck-co"), (14, b"de HTTP/1.0")]
    for i in order:
        t.seq[0] = begin + parts[i][0]
        out.append(t.says(parts[i][1]))
    t.seq[0] = begin + 25
    return out + t.teardown()


def frames():
    return talk(40001, (0, 1, 2)) + talk(40002, (2, 1, 0)) + talk(40003, (1, 0, 2))
