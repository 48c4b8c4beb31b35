#!/usr/bin/env python3
"""Wraps each frame of a plain capture in VXLAN, as a mirror session sends it: to try rules on captures of one's own.

Usage: wrap_vxlan.py [--vni N] INPUT.pcap OUTPUT.pcap

Reads pcap in either byte order, of Ethernet, raw IP or `tcpdump -i any`. Times stay. A frame that the capture cut
stays cut. Frames too long for a UDP datagram are left out and told. Python's standard library only.
"""
import argparse
import ipaddress
import struct
import sys

MAGICS = {0xA1B2C3D4, 0xA1B23C4D}  # microseconds, nanoseconds
ETHERNET = 1
OUTER = 14 + 20 + 8 + 8  # Ethernet, IPv4, UDP, VXLAN
MAX_FRAME = 65535 - (OUTER - 14)
SOURCE, TARGET = (ipaddress.ip_address(a).packed for a in ("192.0.2.1", "192.0.2.2"))  # RFC 5737: documentation
MACS = bytes.fromhex("020000000002" "020000000001")


class Unusable(Exception):
    """The input is no capture that can be wrapped."""


def raw_ip(data):
    return (0x86DD if data[:1] and data[0] >> 4 == 6 else 0x0800).to_bytes(2, "big"), 0


# By the link type of the file (https://www.tcpdump.org/linktypes.html): EtherType, and bytes of the header to leave out.
LINKS = {101: raw_ip, 113: lambda data: (data[14:16], 16), 276: lambda data: (data[0:2], 20)}


def records(data):
    """The link type and the magic, then (seconds, fraction, length on the wire, bytes) of each frame."""
    order = next((o for o in "<>" if len(data) >= 24 and struct.unpack(o + "I", data[:4])[0] in MAGICS), None)
    if order is None:
        raise Unusable("is no pcap file; of pcapng, editcap -F pcap makes one")
    magic, link = struct.unpack(order + "I16xI", data[:24])
    link &= 0xFFFF  # above it: the length of a frame check sequence
    if link != ETHERNET and link not in LINKS:
        raise Unusable(f"has link type {link}; capture on an Ethernet interface")
    yield link, magic
    at = 24
    while at < len(data):
        if at + 16 > len(data):
            raise Unusable("ends inside a record")
        seconds, fraction, kept, length = struct.unpack(order + "IIII", data[at:at + 16])
        at += 16
        if at + kept > len(data):
            raise Unusable("ends inside a frame")
        yield seconds, fraction, length, data[at:at + kept]
        at += kept


def ethernet(link, length, data):
    """The frame with an Ethernet header, and its length on the wire."""
    if link == ETHERNET:
        return length, data
    ether_type, skip = LINKS[link](data)
    return length - skip + 14, MACS + ether_type + data[skip:]


def checksum(header):
    """RFC 1071."""
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    return ~(total + (total >> 16)) & 0xFFFF


def outer(vni, length):
    """Outer headers of a frame of so many bytes: RFC 7348 section 5, UDP checksum 0."""
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, length + OUTER - 14, 0, 0, 255, 17, 0, SOURCE, TARGET)
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    return MACS + b"\x08\x00" + ip + struct.pack("!HHHHII", 49152, 4789, length + 16, 0, 0x08000000, vni << 8)


def wrap(data, vni):
    """The capture, and how many frames were left out."""
    found = records(data)
    link, magic = next(found)
    out, left_out = [struct.pack("<IHHiIII", magic, 2, 4, 0, 0, 262144, ETHERNET)], 0
    for seconds, fraction, length, frame in found:
        length, frame = ethernet(link, length, frame)
        if max(length, len(frame)) > MAX_FRAME:
            left_out += 1
            continue
        packet = outer(vni, max(length, len(frame))) + frame
        out.append(struct.pack("<IIII", seconds, fraction, len(packet), max(length, len(frame)) + OUTER) + packet)
    return b"".join(out), left_out


def main():
    parser = argparse.ArgumentParser(description="Wraps each frame of a plain capture in VXLAN.")
    parser.add_argument("--vni", type=int, default=1, metavar="N", help="the mirror session's VNI (default: 1)")
    parser.add_argument("input", metavar="INPUT.pcap")
    parser.add_argument("output", metavar="OUTPUT.pcap")
    options = parser.parse_args()
    if not 0 <= options.vni < 2**24:
        parser.error("--vni: write 0 to 16777215")
    try:
        with open(options.input, "rb") as file:
            wrapped, left_out = wrap(file.read(), options.vni)
        with open(options.output, "wb") as file:
            file.write(wrapped)
    except Unusable as error:
        sys.exit(f"{options.input}: {error}")
    except OSError as error:
        sys.exit(str(error))
    if left_out:
        print(f"{options.input}: {left_out} frames longer than {MAX_FRAME} bytes left out", file=sys.stderr)


if __name__ == "__main__":
    main()
