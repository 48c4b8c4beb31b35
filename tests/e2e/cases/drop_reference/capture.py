from packets import *


def frames():
    talk = Talk()
    out = talk.handshake() + [talk.says(b"friend "), talk.says(b"an attack"), talk.answers(b"an attack")]
    other = Talk(ports=(40001, 80))
    out += other.handshake() + [other.says(b"an attack")]
    return [vxlan(100, f) for f in out]
