"""Overlapping fragments with other bytes in the overlap."""
import packets

GOOD, EVIL = b"attack-codes....", b"harmless-bytes.."


def pieces4(port, parts):
    """parts: (offset in the payload, bytes, more); the first has the UDP header before it."""
    whole = 8 + max(offset + len(data) for offset, data, _ in parts)
    out = []
    for offset, data, more in parts:
        at = offset + 8 if offset else 0
        body = data if offset else packets.udp((port, 53), data)
        if not offset:
            body = body[:4] + whole.to_bytes(2, "big") + body[6:]
        out.append(packets.ethernet(packets.ipv4("10.0.1.1", "10.0.2.2", packets.UDP, body, ident=port, fragment=at,
                                                 more=more)))
    return out


def pieces6(port, parts):
    whole = 8 + max(offset + len(data) for offset, data, _ in parts)
    out = []
    for offset, data, more in parts:
        at = offset + 8 if offset else 0
        body = data if offset else packets.udp((port, 53), data)
        if not offset:
            body = body[:4] + whole.to_bytes(2, "big") + b"\1\1" + body[8:]
        body = packets.fragment6(packets.UDP, port, at, more, body)
        out.append(packets.ethernet(packets.ipv6("2001:db8::1", "2001:db8::2", packets.FRAGMENT, body), 0x86DD))
    return out


def frames():
    out = []
    for pieces, base in ((pieces4, 0), (pieces6, 2)):
        # The same place twice: the first stays.
        out += pieces(base + 1, [(0, b"x" * 16, True), (16, GOOD, True), (16, EVIL, True), (32, b"end.....", False)])
        # The later one covers the earlier one whole.
        out += pieces(base + 2, [(0, b"x" * 8, True), (16, EVIL[:8], True), (8, b"-" * 8 + GOOD, True),
                                 (32, b"end.....", False)])
    out += pieces4(5, [(0, b"x" * 16, True), (16, EVIL, True), (16, GOOD, True), (32, b"end.....", False)])
    return out
