"""Two copies that differ while a hole before them is open."""
import packets


def talk(port, first, second):
    t = packets.Talk(ports=(port, 80))
    out = t.handshake()
    begin = t.seq[0]
    t.seq[0] = begin + 4
    out.append(t.says(first))
    t.seq[0] = begin + 4
    out.append(t.says(second))
    t.seq[0] = begin
    out.append(t.says(b"an a"))
    t.seq[0] = begin + 4 + len(first)
    out.append(t.says(b"-code."))
    return out + t.teardown()


def frames():
    return talk(40001, b"ttack", b"pples") + talk(40002, b"pples", b"ttack")
