from packets import *


def frames():
    whole = udp((5000, 6000), b"12345678123" + b"attack" + b"." * 10)
    pieces = [(0, whole[:16], True), (16, whole[16:24], True), (24, whole[24:], False)]
    out = [ethernet(ipv4("10.0.1.1", "10.0.2.2", UDP, data, 77, at, more)) for at, data, more in pieces]
    return [vxlan(100, f) for f in (out[2], out[0], out[1])]
