"""Insertion by time to live and by checksum."""
import packets


def segment(t, payload, ttl, checksum):
    data = packets.tcp(t.ports, t.seq[0], t.seq[1], packets.PSH | packets.ACK, payload)
    data = data[:16] + checksum.to_bytes(2, "big") + data[18:]
    return packets.ethernet(packets.ipv4(*t.ends, packets.TCP, data, ttl=ttl))


def talk(port, first, second, ttl=64, checksum=0):
    t = packets.Talk(ports=(port, 80))
    out = t.handshake()
    out.append(segment(t, first, ttl, checksum))
    out.append(segment(t, second, 64, 0))
    t.seq[0] += len(first)
    out.append(t.says(b"de HTTP/1.0"))
    return out + t.teardown()


def frames():
    good, evil = b"GET /harmlesses", b"GET /-attack-co"
    return (talk(40001, good, evil, ttl=1) + talk(40002, evil, good, ttl=1) +
            talk(40003, good, evil, checksum=0xBAD) + talk(40004, evil, good, checksum=0xBAD))
