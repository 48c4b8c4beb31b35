"""Garbage outside of the window amid the attack."""
import packets


def talk(port, away):
    t = packets.Talk(ports=(port, 80))
    out = t.handshake() + [t.says(b"attack")]
    here = t.seq[0]
    t.seq[0] = here + away
    out.append(t.says(b"garbage-garbage"))
    t.seq[0] = here
    out.append(t.says(b"-code"))
    return out + t.teardown()


def frames():
    return talk(40001, 1 << 28) + talk(40002, -(1 << 20)) + talk(40003, 1 << 31)
