from packets import *


def frames():
    whole = udp((5000, 6000), b"12345" + b"attack" + b"." * 10)
    out = [fragment6(UDP, 99, 0, 1, whole[:16]), fragment6(UDP, 99, 16, 0, whole[16:])]
    return [vxlan(100, ethernet(ipv6("2001:db8::1", "2001:db8::2", FRAGMENT, f), 0x86DD)) for f in out]
