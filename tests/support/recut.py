#!/usr/bin/env python3
"""Cuts the TCP streams of a capture anew: the same bytes of each stream, in other segments.

    recut.py [--seed N] [--most BYTES] IN.pcap OUT.pcap

Segments of 1 to 1,460 bytes, delayed by up to 16 packets, 5 % sent twice, overlapping what was sent before by up to 100
bytes of the same data; checksums are computed anew. Frames in VXLAN stay in it, with their outer headers.

Left as they are: packets that are no plain segment of a connection seen from its SYN on (fragments, truncated ones, urgent
data, data on SYN or RST or after a close, connections that say different bytes at one place), because their meaning depends
on the packet. A segment is not delayed beyond a packet that opens or closes its connection, beyond the other side's data, or
by more than 150 ms, so that requests still precede their answers and nobody gives up a hole.
"""
import argparse
import random
import struct
import sys
from collections import namedtuple

FIN, SYN, RST, PSH, ACK, URG = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
DELAY, DELAY_US, OVERLAP, MOST = 16, 150_000, 100, 1_460
VXLAN_PORT = 4789

Tcp = namedtuple("Tcp", "ip tcp payload version src dst sport dport seq flags")  # ip, tcp, payload: offsets


def read_pcap(path):
    """[(time in microseconds, frame)] of a microsecond Ethernet capture."""
    with open(path, "rb") as file:
        data = file.read()
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">"}.get(data[:4])
    if order is None:
        sys.exit("%s: not a capture in pcap format with microseconds" % path)
    frames, at = [], 24
    while at + 16 <= len(data):
        seconds, micros, captured, _length = struct.unpack_from(order + "IIII", data, at)
        frames.append((seconds * 1_000_000 + micros, data[at + 16:at + 16 + captured]))
        at += 16 + captured
    return frames


def write_pcap(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for time, frame in frames:
            file.write(struct.pack("<IIII", *divmod(time, 1_000_000), len(frame), len(frame)) + frame)


def after_ethernet(frame, at):
    """(EtherType, offset of what follows), VLAN tags skipped; None if it is too short."""
    at += 12
    while at + 4 <= len(frame):
        kind = struct.unpack_from("!H", frame, at)[0]
        if kind not in (0x8100, 0x88A8):
            return kind, at + 2
        at += 4
    return None


def inner_offset(frame):
    """Where the inner Ethernet frame begins: after a VXLAN header (RFC 7348), else at 0."""
    outer = after_ethernet(frame, 0)
    if outer is None:
        return 0
    kind, at = outer
    if kind == 0x0800 and at + 20 <= len(frame) and frame[at + 9] == 17:
        udp = at + 4 * (frame[at] & 15)
    elif kind == 0x86DD and at + 40 <= len(frame) and frame[at + 6] == 17:
        udp = at + 40
    else:
        return 0
    if udp + 16 > len(frame) or struct.unpack_from("!H", frame, udp + 2)[0] != VXLAN_PORT:
        return 0
    return udp + 16


def tcp_of(frame, inner):
    """The frame as a TCP segment, whole and in one packet; None for anything else."""
    ethernet = after_ethernet(frame, inner)
    if ethernet is None:
        return None
    kind, ip = ethernet
    if kind == 0x0800 and ip + 20 <= len(frame):
        head, length = 4 * (frame[ip] & 15), struct.unpack_from("!H", frame, ip + 2)[0]
        if head < 20 or frame[ip + 9] != 6 or struct.unpack_from("!H", frame, ip + 6)[0] & 0x3FFF:
            return None
        version, src, dst = 4, frame[ip + 12:ip + 16], frame[ip + 16:ip + 20]
    elif kind == 0x86DD and ip + 40 <= len(frame) and frame[ip + 6] == 6:
        head, length = 40, 40 + struct.unpack_from("!H", frame, ip + 4)[0]
        version, src, dst = 6, frame[ip + 8:ip + 24], frame[ip + 24:ip + 40]
    else:
        return None
    tcp = ip + head
    if tcp + 20 > len(frame) or ip + length > len(frame):
        return None
    payload = tcp + 4 * (frame[tcp + 12] >> 4)
    if payload < tcp + 20 or payload > ip + length:
        return None
    sport, dport, seq = struct.unpack_from("!HHI", frame, tcp)
    return Tcp(ip, tcp, (payload, ip + length), version, src, dst, sport, dport, seq, frame[tcp + 13])


def checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def patched(data, at, form, *values):
    return data[:at] + struct.pack(form, *values) + data[at + struct.calcsize(form):]


def with_payload(frame, t, seq, payload, flags):
    """The frame with another payload, sequence number and flags; lengths and checksums of all layers fit."""
    segment = frame[t.tcp:t.payload[0]] + payload
    segment = patched(segment, 4, "!I", seq % 2**32)
    segment = patched(segment, 13, "!B", flags)
    segment = patched(segment, 16, "!H", 0)
    pseudo = t.src + t.dst + (struct.pack("!BBH", 0, 6, len(segment)) if t.version == 4 else struct.pack("!II", len(segment), 6))
    segment = patched(segment, 16, "!H", checksum(pseudo + segment))
    ip = frame[t.ip:t.tcp]
    if t.version == 4:
        ip = patched(patched(ip, 2, "!H", len(ip) + len(segment)), 10, "!H", 0)
        ip = patched(ip, 10, "!H", checksum(ip))
    else:
        ip = patched(ip, 4, "!H", len(segment))
    return with_outer_lengths(frame[:t.ip] + ip + segment)


def with_outer_lengths(frame):
    inner = inner_offset(frame)
    if inner == 0:
        return frame
    kind, at = after_ethernet(frame, 0)
    udp = inner - 16
    frame = patched(frame, udp + 4, "!H", len(frame) - udp)
    if kind == 0x86DD:
        return patched(frame, at + 4, "!H", len(frame) - at - 40)
    frame = patched(patched(frame, at + 2, "!H", len(frame) - at), at + 10, "!H", 0)
    return patched(frame, at + 10, "!H", checksum(frame[at:udp]))


class Side:
    """One direction of a connection: what it has said, by offset from its SYN."""

    LARGEST = 1 << 27

    def __init__(self):
        self.start = None  # sequence number of the first byte
        self.said, self.known, self.sent = bytearray(), bytearray(), bytearray()
        self.differs = self.closed = False

    def offset(self, seq):
        return ((seq - self.start + 2**31) % 2**32) - 2**31

    def note(self, offset, payload):
        if offset < 0 or offset + len(payload) > self.LARGEST:
            return
        end = offset + len(payload)
        for array in (self.said, self.known, self.sent):
            array.extend(bytes(max(0, end - len(array))))
        known, said = self.known[offset:end], self.said[offset:end]
        if any(known):
            self.differs |= any(k and old != new for k, old, new in zip(known, said, payload))
            payload = bytes(old if k else new for k, old, new in zip(known, said, payload))
        self.said[offset:end] = payload
        self.known[offset:end] = b"\1" * len(payload)

    def whole(self):
        """Whether there is no hole in what is known."""
        return 0 not in self.known


class Item:
    """A packet of the new capture. `way` is its direction; `bound` keeps segments of its connection from passing it."""

    def __init__(self, time, frame, connection=None, way=0, bound=True, data=False):
        self.time, self.frame, self.connection, self.way, self.bound, self.data = time, frame, connection, way, bound, data

    def stops(self, piece):
        if self.time - piece.time > DELAY_US:
            return True
        return self.connection is piece.connection and (self.bound or (self.data and self.way != piece.way))


class Recut:
    def __init__(self, frames, seed, most):
        self.frames, self.random, self.most = frames, random.Random(seed), most
        self.open = {}
        self.cut = self.whole = 0

    def connections(self):
        """For each frame (Tcp, connection, way) or None. A connection is a pair of Sides, begun by each SYN without ACK."""
        out = []
        for _time, frame in self.frames:
            t = tcp_of(frame, inner_offset(frame))
            if t is None:
                out.append(None)
                continue
            inner = inner_offset(frame)
            sender, receiver = (t.src, t.sport), (t.dst, t.dport)
            way = 0 if sender <= receiver else 1
            # VNI and inner VLAN tags are part of what a connection is.
            key = (frame[inner - 4:inner - 1] if inner else b"", frame[inner + 12:t.ip], *sorted((sender, receiver)))
            if t.flags & (SYN | ACK) == SYN and (key not in self.open or self.open[key][way].start != t.seq + 1):
                self.open[key] = (Side(), Side())
            connection = self.open.get(key)
            if connection is not None:
                self.follow(t, connection[way], frame[t.payload[0]:t.payload[1]])
            out.append((t, connection, way))
        return out

    @staticmethod
    def follow(t, side, payload):
        if t.flags & SYN:
            side.start = t.seq + 1
        if side.start is not None and payload:
            side.note(side.offset(t.seq), payload)

    def plain(self, t, connection, way, payload):
        """Whether the segment may be cut: its bytes are the stream's, whatever packet they come in."""
        if connection is None or not payload or t.flags & (SYN | RST | URG) or not t.flags & ACK:
            return False
        side = connection[way]
        if side.start is None or side.differs or side.closed or connection[1 - way].differs:
            return False
        return 0 <= side.offset(t.seq) < Side.LARGEST - len(payload)

    def sizes(self, length):
        """The cut: mostly of one taste, so that there are runs of tiny segments as well as large ones."""
        limit = self.random.choice((1, 4, 40, 300, self.most))
        while length > 0:
            size = min(length, self.random.randint(1, max(1, min(limit, self.most))))
            yield size
            length -= size

    def pieces(self, time, frame, t, connection, way, payload):
        side, at = connection[way], 0
        first = side.offset(t.seq)
        sizes = list(self.sizes(len(payload)))
        for number, size in enumerate(sizes):
            last = number == len(sizes) - 1
            back = self.random.randint(0, OVERLAP) if self.random.random() < 0.3 else 0
            here = first + at
            while back > 0 and (back > here or 0 in side.sent[here - back:here]):
                back //= 2
            said = bytes(side.said[here - back:here]) + payload[at:at + size]
            flags = t.flags if last else t.flags & ~(FIN | PSH)
            cut = with_payload(frame, t, t.seq + at - back, said, flags)
            yield Item(time, cut, connection, way, bound=bool(flags & FIN), data=True)
            side.sent[here:here + size] = b"\1" * size
            if self.random.random() < 0.05 and not flags & FIN:
                yield Item(time, cut, connection, way, bound=False, data=True)
            at += size

    def items(self):
        known = self.connections()
        for connection in {id(k[1]): k[1] for k in known if k and k[1]}.values():
            for side in connection:
                side.closed = False
        for (time, frame), k in zip(self.frames, known):
            if k is None:
                yield Item(time, frame)
                continue
            t, connection, way = k
            payload = frame[t.payload[0]:t.payload[1]]
            if self.plain(t, connection, way, payload):
                self.cut += 1
                yield from self.pieces(time, frame, t, connection, way, payload)
            else:
                self.whole += bool(payload)
                bound = bool(payload) or bool(t.flags & (SYN | FIN | RST))
                yield Item(time, frame, connection, way, bound, data=bool(payload))
            if connection is not None and t.flags & FIN:
                connection[way].closed = True
            if connection is not None and t.flags & RST:
                connection[0].closed = connection[1].closed = True

    def delayed(self, items):
        """Each segment that may be is moved back by a random number of places, as far as nothing stops it."""
        for start in range(len(items) - 1, -1, -1):
            if items[start].bound or items[start].connection is None or self.random.random() < 0.5:
                continue
            at = start
            for _ in range(self.random.randint(1, DELAY - 1)):
                if at + 1 >= len(items) or items[at + 1].stops(items[at]):
                    break
                items[at], items[at + 1] = items[at + 1], items[at]
                at += 1
        return items

    def capture(self):
        items = list(self.items())
        times = [item.time for item in items]
        return list(zip(times, (item.frame for item in self.delayed(items))))


def recut(source, target, seed, most=MOST):
    """Returns the numbers of segments that were cut and that were left as they are."""
    work = Recut(read_pcap(source), seed, most)
    write_pcap(target, work.capture())
    return work.cut, work.whole


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=MOST, help="bytes of the largest segment (1,460)")
    parser.add_argument("source", metavar="IN.pcap")
    parser.add_argument("target", metavar="OUT.pcap")
    arguments = parser.parse_args()
    cut, whole = recut(arguments.source, arguments.target, arguments.seed, arguments.most)
    print("%d segments cut, %d with payload left as they are" % (cut, whole))


if __name__ == "__main__":
    main()
