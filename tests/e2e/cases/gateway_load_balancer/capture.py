from packets import *


def frames():
    options = geneve_option(1, bytes(range(8))) + geneve_option(2, bytes(range(8, 16))) + geneve_option(3, b"\0\1\2\3")
    unknown = options + geneve_option(5, b"....", 0x0109)
    talk = Talk()
    out = [geneve(300, f, options) for f in talk.handshake()]
    out.append(geneve(300, talk.says(b"an attack"), unknown))
    return out
