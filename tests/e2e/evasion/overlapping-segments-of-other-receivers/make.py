"""Two waiting segments that begin at the same byte or one within the other, over IPv4 and IPv6."""
import packets

V4, V6 = ("10.0.1.1", "10.0.2.2"), ("2001:db8::1", "2001:db8::2")


def talk(ends, port, *segments):
    """Segments of (offset, bytes), in the order they are sent."""
    t = packets.Talk(*ends, ports=(port, 80))
    return t.handshake() + t.says_at(segments) + t.teardown()


def frames():
    hole, rest = (0, b"an a"), (10, b"code.")
    longer = (4, b"pples"), (4, b"ttack-")
    within = (4, b"tt...-"), (6, b"ack")
    return (talk(V4, 40001, *longer, hole, rest) + talk(V4, 40002, *within, hole, rest) +
            talk(V6, 40003, *longer, hole, rest) + talk(V6, 40004, *within, hole, rest))
