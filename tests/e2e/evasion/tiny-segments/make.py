"""One byte a segment."""
import packets

TEXT = b"GET /attack-code HTTP/1.0"


def talk(port, order):
    t = packets.Talk(ports=(port, 80))
    return t.handshake() + t.says_at((i, TEXT[i:i + 1]) for i in order) + t.teardown()


def frames():
    size = len(TEXT)
    return talk(40001, range(size)) + talk(40002, range(size - 1, -1, -1)) + talk(
        40003, [i for i in range(size) for _ in (0, 1)])
