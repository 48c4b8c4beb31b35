from packets import *


def frames():
    probe = ipv4("10.0.1.1", "10.0.2.2", UDP, udp((5000, 6000), b"probe"))
    answer = icmp(3, 3, b"\0" * 4 + probe[:28])
    return [vxlan(100, ethernet(f)) for f in (probe, ipv4("10.0.2.2", "10.0.1.1", ICMP, answer))]
