#!/usr/bin/env python3
"""Writes docs/examples/quickstart/quickstart.pcap: a small VXLAN mirror capture of our own making.

Usage: make_quickstart.py OUTPUT

Two mirror sessions, seen as AWS sends them (facts of the outer headers: UDP checksum 0, TTL 255, port 4789):

  VNI 4711   a TCP connection: GET /etc/passwd, split over two segments in the middle of the path, answered with the
             output of `id`; every header as a real stack would write it, handshake and teardown included
  VNI 4712   a DNS query and its answer, an ICMP echo and its reply

The output is the same, byte for byte, at each run.
"""

import ipaddress
import struct
import sys

START = 1_700_000_000 * 1_000_000  # microseconds since the epoch
STEP = 1_500

TCP, UDP, ICMP = 6, 17, 1
FIN, SYN, PSH, ACK = 0x01, 0x02, 0x08, 0x10


def checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def address(text):
    return ipaddress.IPv4Address(text).packed


def ipv4(src, dst, protocol, payload, ident, ttl=64):
    """RFC 791, no options."""
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), ident, 0, ttl, protocol, 0, src, dst)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def pseudo(src, dst, protocol, length):
    return src + dst + struct.pack("!BBH", 0, protocol, length)


def tcp(src, dst, ports, numbers, flags, payload=b""):
    """RFC 9293; a SYN carries a maximum segment size. `numbers` are sequence and acknowledgement."""
    options = struct.pack("!BBH", 2, 4, 1460) if flags & SYN else b""
    offset = (20 + len(options)) // 4 << 4
    head = struct.pack("!HHIIBBHHH", *ports, *numbers, offset, flags, 64240, 0, 0) + options
    total = checksum(pseudo(src, dst, TCP, len(head) + len(payload)) + head + payload)
    return head[:16] + struct.pack("!H", total) + head[18:] + payload


def udp(src, dst, ports, payload):
    """RFC 768."""
    head = struct.pack("!HHHH", *ports, 8 + len(payload), 0)
    total = checksum(pseudo(src, dst, UDP, len(head) + len(payload)) + head + payload) or 0xFFFF
    return head[:6] + struct.pack("!H", total) + payload


def icmp_echo(kind, payload):
    """RFC 792."""
    head = struct.pack("!BBHHH", kind, 0, 0, 0x4D53, 1)
    return head[:2] + struct.pack("!H", checksum(head + payload)) + head[4:] + payload


def ethernet(src, dst, payload):
    return bytes.fromhex(dst) + bytes.fromhex(src) + struct.pack("!H", 0x0800) + payload


def vxlan(source, vni, outer_port, frame):
    """RFC 7348 section 5: the I flag, a 24-bit VNI, and the transport it comes in, from the mirror source's address."""
    src, dst = address(source), address("10.0.9.99")
    inner = struct.pack("!BBHI", 0x08, 0, 0, vni << 8) + frame
    datagram = struct.pack("!HHHH", outer_port, 4789, 8 + len(inner), 0) + inner
    return ethernet("0a0000000001", "0a0000000002", ipv4(src, dst, UDP, datagram, 0, ttl=255))


class Host:
    def __init__(self, ip, mac):
        self.ip, self.mac, self.ident = address(ip), mac, 1000

    def sends(self, peer, protocol, payload):
        self.ident += 1
        return ethernet(self.mac, peer.mac, ipv4(self.ip, peer.ip, protocol, payload, self.ident))


def web_session():
    """Frames of one connection: 12 packets, the request in two segments, the answer in one."""
    client, server = Host("10.0.1.20", "0600000000c1"), Host("10.0.2.80", "0600000000e1")
    ends = {client: (server, (51344, 80)), server: (client, (80, 51344))}
    number = {client: 1_000_000, server: 4_294_967_200}  # the server's numbers wrap inside its answer

    def segment(host, flags, payload=b""):
        peer, ports = ends[host]
        numbers = (number[host], number[peer] if flags & ACK else 0)
        number[host] = (number[host] + len(payload) + bool(flags & (SYN | FIN))) % 2**32
        return host.sends(peer, TCP, tcp(host.ip, peer.ip, ports, numbers, flags, payload))

    request = b"GET /download?file=../../../etc/passwd HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: curl/8.5.0\r\n\r\n"
    body = b"uid=0(root) gid=0(root) groups=0(root)\n"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    cut = request.index(b"passwd") - 2
    yield segment(client, SYN)
    yield segment(server, SYN | ACK)
    yield segment(client, ACK)
    yield segment(client, ACK, request[:cut])
    yield segment(client, ACK | PSH, request[cut:])
    yield segment(server, ACK)
    yield segment(server, ACK | PSH, answer)
    yield segment(client, ACK)
    yield segment(server, FIN | ACK)
    yield segment(client, ACK)
    yield segment(client, FIN | ACK)
    yield segment(server, ACK)


def dns_name(name):
    """RFC 1035 section 3.1."""
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def dns_exchange():
    """RFC 1035 section 4.1: a query for an A record and its answer."""
    client, server = Host("10.0.1.20", "0600000000c2"), Host("10.0.0.2", "0600000000d2")
    question = dns_name("beacon.botnet.example") + struct.pack("!HH", 1, 1)
    query = struct.pack("!HHHHHH", 0x1234, 0x0100, 1, 0, 0, 0) + question
    record = struct.pack("!HHHIH4s", 0xC00C, 1, 1, 300, 4, address("192.0.2.66"))
    answer = struct.pack("!HHHHHH", 0x1234, 0x8180, 1, 1, 0, 0) + question + record
    yield client.sends(server, UDP, udp(client.ip, server.ip, (40053, 53), query))
    yield server.sends(client, UDP, udp(server.ip, client.ip, (53, 40053), answer))


def ping():
    client, server = Host("10.0.1.20", "0600000000c2"), Host("10.0.3.7", "0600000000e2")
    payload = b"quickstart ping payload, 32 bytes"[:32]
    yield client.sends(server, ICMP, icmp_echo(8, payload))
    yield server.sends(client, ICMP, icmp_echo(0, payload))


def main():
    frames = [vxlan("10.0.2.80", 4711, 65474, f) for f in web_session()]
    frames += [vxlan("10.0.1.20", 4712, 65408, f) for f in dns_exchange()]
    frames += [vxlan("10.0.1.20", 4712, 65501, f) for f in ping()]
    with open(sys.argv[1], "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))  # microseconds, Ethernet
        for index, frame in enumerate(frames):
            seconds, micros = divmod(START + index * STEP, 1_000_000)
            out.write(struct.pack("<IIII", seconds, micros, len(frame), len(frame)) + frame)
    print(f"{sys.argv[1]}: {len(frames)} packets")


if __name__ == "__main__":
    main()
