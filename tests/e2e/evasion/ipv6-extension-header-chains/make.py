"""UDP behind IPv6 extension headers."""
import packets

HOP, ROUTING, OPTIONS = 0, 43, 60


def chain(kinds, payload):
    """kinds from the outermost; returns (first next header, bytes)."""
    kind, body = packets.UDP, payload
    for this in reversed(kinds):
        if this == packets.FRAGMENT:
            body = packets.fragment6(kind, 7, 0, False, body)
        elif this == ROUTING:
            body = bytes([kind, 2, 0, 0]) + bytes(4) + bytes(16) + body
        else:
            body = bytes([kind, 0, 1, 4]) + bytes(4) + body
        kind = this
    return kind, body


def frames():
    out = []
    for port, kinds in enumerate(([HOP], [HOP, OPTIONS, ROUTING, OPTIONS], [ROUTING], [packets.FRAGMENT],
                                  [HOP, ROUTING, packets.FRAGMENT, OPTIONS], [OPTIONS] * 12, [OPTIONS] * 30), 1):
        kind, body = chain(kinds, packets.udp((port, 53), b"attack-code")[:6] + b"\1\1" + b"attack-code")
        out.append(packets.ethernet(packets.ipv6("2001:db8::1", "2001:db8::2", kind, body), 0x86DD))
    return out
