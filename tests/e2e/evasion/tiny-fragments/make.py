"""Fragments of 8 bytes, in order and backwards, of a UDP datagram and of a TCP segment whose header is cut, too."""
import packets

ATTACK = b"an attack-code that is long enough"


def cut(header, body, backwards):
    """`header(offset, more, data)` makes the packet of one fragment."""
    pieces = [header(at, at + 8 < len(body), body[at:at + 8]) for at in range(0, len(body), 8)]
    return pieces[::-1] if backwards else pieces


def over_ipv4(protocol, ident, body, backwards=False):
    return cut(lambda at, more, data: packets.ethernet(
        packets.ipv4("10.0.1.1", "10.0.2.2", protocol, data, ident, at, more)), body, backwards)


def over_ipv6(protocol, ident, body, backwards=False):
    return cut(lambda at, more, data: packets.ethernet(
        packets.ipv6("2001:db8::1", "2001:db8::2", packets.FRAGMENT, packets.fragment6(protocol, ident, at, more, data)),
        0x86DD), body, backwards)


def conversation(port, backwards):
    t = packets.Talk(ports=(port, 80))
    out = t.handshake()
    segment = packets.tcp(t.ports, t.seq[0], t.seq[1], packets.PSH | packets.ACK, ATTACK)
    t.seq[0] += len(ATTACK)
    return out + over_ipv4(packets.TCP, port, segment, backwards) + t.teardown()


def frames():
    out = []
    for backwards in (False, True):
        out += over_ipv4(packets.UDP, 1 + backwards, packets.udp((40001 + backwards, 53), ATTACK), backwards)
        out += over_ipv6(packets.UDP, 3 + backwards, packets.udp((40003 + backwards, 53), ATTACK)[:6] + b"\1\1" + ATTACK,
                         backwards)
        out += conversation(40005 + backwards, backwards)
    return out
