from packets import *


def frames():
    talk = Talk()
    out = []
    for f in talk.handshake() + [talk.says(b"an attack")] + talk.teardown():
        out.append(vxlan(100, f, source="10.20.0.10"))
        out.append(vxlan(101, f, source="10.20.0.11"))
    return out
