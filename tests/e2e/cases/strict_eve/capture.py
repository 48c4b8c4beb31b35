from packets import *


def frames():
    talk = Talk()
    return [vxlan(100, f) for f in talk.handshake() + [talk.says(b"an attack")]]
