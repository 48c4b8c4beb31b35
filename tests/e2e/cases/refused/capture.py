from packets import *


def frames():
    talk = Talk()
    out = [vxlan(100, f) for f in talk.handshake()]
    arp = ethernet(b"\0\1\x08\0\6\4\0\1" + b"\0" * 20, 0x0806)
    out.append(vxlan(100, arp))
    out.append(vxlan(100, arp, flags=0x00))
    out.append(vxlan(100, talk.says(b"an attack"), flags=0xFF, reserved=0xABCDEF, last=0x7F))
    datagram = udp((65000, 4789), vxlan_header(100) + arp)
    out.append(ethernet(ipv4(SOURCE, SENSOR, UDP, datagram[:24], 9, 0, True)))
    out.append(ethernet(ipv4(SOURCE, SENSOR, UDP, datagram[24:], 9, 24, False)))
    out.append(ethernet(ipv4(SOURCE, SENSOR, UDP, udp((65000, 53), b"not a mirror packet"))))
    out.append(ethernet(ipv4(SOURCE, SENSOR, UDP, udp((65000, 4789), b"\x08\0\0"))))
    out.append(ethernet(ipv4(SOURCE, SENSOR, TCP, tcp((1, 2), 3, 4, SYN))))
    out.append(arp)
    return out
