"""Building blocks of captures: headers as the RFCs draw them, a TCP conversation, and mirror encapsulations.

Standard library only. Everything is bytes; a capture is a list of (time in microseconds, frame) or of frames.
"""
import ipaddress
import struct

START = 1_700_000_000 * 1_000_000  # microseconds since the epoch
STEP = 1_000

ICMP, TCP, UDP, FRAGMENT, ICMPV6 = 1, 6, 17, 44, 58
FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10

SOURCE, SENSOR = "10.20.0.10", "10.20.0.99"


def address(text):
    return ipaddress.ip_address(text).packed


def ethernet(payload, ether_type=0x0800, vlans=()):
    """IEEE 802.3 with 802.1Q tags, outermost first."""
    tags = b"".join(struct.pack("!HH", 0x8100, vlan) for vlan in vlans)
    return bytes.fromhex("0a0000000002" "0a0000000001") + tags + struct.pack("!H", ether_type) + payload


def ipv4(src, dst, protocol, payload, ident=1, fragment=0, more=False, length=None, ttl=64):
    """RFC 791, no options, checksum 0; `fragment` in bytes, `length` overrides the total length."""
    total = 20 + len(payload) if length is None else length
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, total, ident, (0x2000 if more else 0) | fragment // 8, ttl,
                       protocol, 0, address(src), address(dst)) + payload


def ipv6(src, dst, protocol, payload):
    """RFC 8200 section 3."""
    return struct.pack("!IHBB16s16s", 6 << 28, len(payload), protocol, 64, address(src), address(dst)) + payload


def fragment6(protocol, ident, offset, more, payload):
    """RFC 8200 section 4.5."""
    return struct.pack("!BBHI", protocol, 0, offset | more, ident) + payload


def udp(ports, payload):
    """RFC 768, checksum 0."""
    return struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload


def tcp(ports, seq, ack, flags, payload=b""):
    """RFC 9293 section 3.1, no options."""
    return struct.pack("!HHIIBBHHH", *ports, seq % 2**32, ack % 2**32, 5 << 4, flags, 64240, 0, 0) + payload


def icmp(kind, code, rest):
    """RFC 792: type, code, checksum 0."""
    return struct.pack("!BBH", kind, code, 0) + rest


def vxlan_header(vni, flags=0x08, reserved=0, last=0):
    """RFC 7348 section 5."""
    return struct.pack("!II", flags << 24 | reserved, vni << 8 | last)


def vxlan(vni, frame, source=SOURCE, port=65000, vlans=(), **header):
    """A mirrored frame as AWS sends it: UDP checksum 0, port 4789."""
    datagram = udp((port, 4789), vxlan_header(vni, **header) + frame)
    return ethernet(ipv4(source, SENSOR, UDP, datagram, ttl=255), vlans=vlans)


def geneve(vni, frame, options, source=SOURCE):
    """RFC 8926 around inner IPv4, UDP and VXLAN, as a Gateway Load Balancer wraps a mirror packet."""
    inner = ipv4(source, SENSOR, UDP, udp((65000, 4789), vxlan_header(vni) + frame), ttl=255)
    head = struct.pack("!BBHI", len(options) // 4, 0, 0x0800, 0) + options
    return ethernet(ipv4("10.30.0.1", SENSOR, UDP, udp((60000, 6081), head + inner)))


def geneve_option(kind, data, option_class=0x0108):
    """RFC 8926 section 3.5; class 0x0108 is AWS's."""
    return struct.pack("!HBB", option_class, kind, len(data) // 4) + data


class Talk:
    """A TCP conversation; each call gives the inner Ethernet frame of one segment."""

    def __init__(self, client="10.0.1.1", server="10.0.2.2", ports=(40000, 80), vlans=()):
        self.ends = [client, server]
        self.ports, self.vlans = ports, vlans
        self.seq = [1000, 5000]

    def segment(self, sender, flags, payload=b"", skip=0):
        """`sender` 0 is the client. `skip` leaves bytes out before the payload: as if a segment were lost."""
        self.seq[sender] += skip
        ports = self.ports if sender == 0 else self.ports[::-1]
        ack = self.seq[1 - sender] if flags & ACK else 0
        segment = tcp(ports, self.seq[sender], ack, flags, payload)
        self.seq[sender] += len(payload) + bool(flags & (SYN | FIN))
        head = ipv6 if ":" in self.ends[0] else ipv4
        packet = head(self.ends[sender], self.ends[1 - sender], TCP, segment)
        return ethernet(packet, 0x86DD if head is ipv6 else 0x0800, self.vlans)

    def handshake(self):
        return [self.segment(0, SYN), self.segment(1, SYN | ACK), self.segment(0, ACK)]

    def says(self, payload, skip=0):
        return self.segment(0, PSH | ACK, payload, skip)

    def says_at(self, parts):
        """The client's segments of (offset from where it is, bytes) in the order they are sent; it goes on behind the
        farthest."""
        begin, end, out = self.seq[0], 0, []
        for offset, payload in parts:
            self.seq[0] = begin + offset
            out.append(self.says(payload))
            end = max(end, offset + len(payload))
        self.seq[0] = begin + end
        return out

    def answers(self, payload):
        return self.segment(1, PSH | ACK, payload)

    def teardown(self):
        return [self.segment(0, FIN | ACK), self.segment(1, FIN | ACK), self.segment(0, ACK)]


def truncated(frame, length):
    """A mirror packet that AWS cut to `length` bytes of the inner frame: every inner length stays as it was."""
    return frame[:length]


def pcap(frames):
    """A capture file: microseconds, Ethernet; a frame is bytes, or (microseconds after START, bytes)."""
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)]
    for index, frame in enumerate(frames):
        after, data = frame if isinstance(frame, tuple) else (index * STEP, frame)
        seconds, micros = divmod(START + after, 1_000_000)
        out.append(struct.pack("<IIII", seconds, micros, len(data), len(data)) + data)
    return b"".join(out)
