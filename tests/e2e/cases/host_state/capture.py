from packets import *


def datagram(vni, src, dst, ports, payload):
    return vxlan(vni, ethernet(ipv4(src, dst, 17, udp(ports, payload))))


def frames():
    scans = [datagram(100, "10.0.1.1", "10.0.2.2", (40000 + i, 53), b"scan") for i in range(10)]
    return scans + [
        datagram(200, "10.0.1.1", "10.0.2.2", (41000, 53), b"scan"),
        datagram(100, "10.0.2.2", "10.0.1.1", (53, 42000), b"reply"),
        datagram(100, "10.0.1.1", "10.0.9.9", (42001, 99), b"mark"),
        datagram(100, "10.0.2.2", "10.0.1.1", (53, 42002), b"reply"),
        datagram(200, "10.0.2.2", "10.0.1.1", (53, 42003), b"reply"),
    ]
