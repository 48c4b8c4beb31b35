from packets import *


def frames():
    talk = Talk()
    out = talk.handshake()
    first, second, third = talk.says(b"an at"), talk.says(b"ta"), talk.says(b"ck sec")
    out += [first, third, second]
    out.append(talk.says(b"ret and later", skip=50))
    out.append(talk.answers(b"ok"))  # acknowledges all of it: the gap is certain
    return [vxlan(100, f) for f in out]
