"""A retransmission that differs from what it repeats."""
import packets


def talk(port, parts):
    """parts: (offset, bytes)"""
    t = packets.Talk(ports=(port, 80))
    return t.handshake() + t.says_at(parts) + t.teardown()


def frames():
    return (talk(40001, [(0, b"GET /attack-code"), (0, b"GET /index.html-")]) +
            talk(40002, [(0, b"GET /index.html-"), (0, b"GET /attack-code")]) +
            talk(40003, [(0, b"GET /attxxx"), (11, b"code HTTP/1.0"), (8, b"ack-code")]) +
            talk(40004, [(0, b"GET /att"), (8, b"xxxx"), (8, b"ack-"), (12, b"c"), (13, b"o"), (14, b"de")]))
