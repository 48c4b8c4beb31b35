from packets import *


def frames():
    a, b = Talk(), Talk()
    out = []
    for vni, talk in ((100, a), (200, b)):
        out += [vxlan(vni, f) for f in talk.handshake()]
    out.append(vxlan(100, a.says(b"att")))
    out.append(vxlan(200, b.says(b"ack")))
    out.append(vxlan(200, b.says(b" an attack")))
    return out
