from packets import *


def frames():
    talk = Talk(vlans=(10, 20))
    out = [vxlan(100, f, vlans=(3, 4)) for f in talk.handshake() + [talk.says(b"an attack")]]
    deep = Talk(vlans=(1, 2, 3), ports=(40001, 80))
    out.append(vxlan(100, deep.says(b"an attack")))
    out.append(vxlan(100, talk.says(b"more"), vlans=(1, 2, 3)))
    return out
