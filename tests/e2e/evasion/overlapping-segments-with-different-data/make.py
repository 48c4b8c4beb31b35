"""Two copies that differ while a hole before them is open."""
import packets


def talk(port, *segments):
    """Segments of (offset, bytes), in the order they are sent."""
    t = packets.Talk(ports=(port, 80))
    return t.handshake() + t.says_at(segments) + t.teardown()


def frames():
    hole, rest = (0, b"an a"), (9, b"-code.")
    return (talk(40001, (4, b"ttack"), (4, b"pples"), hole, rest) +
            talk(40002, (4, b"pples"), (4, b"ttack"), hole, rest) +
            # The later one begins before the earlier.
            talk(40003, (6, b"..."), (4, b"ttack"), hole, rest) +
            talk(40004, (6, b"ack"), (4, b"tt..."), hole, rest))
