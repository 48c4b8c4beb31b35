from packets import *


def frames():
    talk = Talk()
    out = [vxlan(100, f) for f in talk.handshake()]
    size = 37_556 - (14 + 20 + 8 + 8 + 14 + 20 + 20)
    body = bytearray(b"first" + b"middle" * ((size - 9) // 6) + b"last".rjust(4 + (size - 9) % 6, b"."))
    out.append(vxlan(100, talk.says(bytes(body))))
    assert len(out[-1]) == 37_556, len(out[-1])
    out.append(vxlan(100, ethernet(ipv4("10.0.1.1", "10.0.2.2", UDP, udp((5000, 6000), b"." * 37_000 + b"last")))))
    return out
