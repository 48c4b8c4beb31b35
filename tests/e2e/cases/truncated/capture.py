from packets import *


def frames():
    talk = Talk()
    out = [vxlan(100, f) for f in talk.handshake()]
    whole = talk.says(b"an attack" + b"." * 91)
    out.append(vxlan(100, truncated(whole, len(whole) - 91)))
    out.append(vxlan(100, talk.says(b"later")))
    datagram = ethernet(ipv4("10.0.1.1", "10.0.2.2", UDP, udp((5000, 6000), b"needle" + b"." * 50)))
    out.append(vxlan(100, truncated(datagram, len(datagram) - 50)))
    return out
