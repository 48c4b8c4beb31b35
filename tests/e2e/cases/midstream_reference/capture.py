from packets import *


def frames():
    talk = Talk()
    talk.handshake()  # before the mirror session began
    return [vxlan(100, talk.says(b"an att")), vxlan(100, talk.says(b"ack"))]
