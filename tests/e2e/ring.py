#!/usr/bin/env python3
"""The reader in plain Python beside the one in C++, on the same ring and with the same records."""
import json
import os
import re
import sys
import tempfile

import common
from ring_tools import Background, Writer, tail_exe, until

SCRIPTS = os.path.join(os.environ["MIRRORSCAN_SOURCE_ROOT"], "scripts")
sys.path.insert(0, SCRIPTS)

import ring_reader  # noqa: E402


def lost_in(lines):
    found = [re.fullmatch(r"lost (\d+) records \(sequence (\d+) to (\d+)\)", line) for line in lines]
    for match in filter(None, found):
        common.equal(int(match[1]), int(match[3]) - int(match[2]) + 1, "the count of " + match[0])
    return sum(int(match[1]) for match in found if match)


def followers(path):
    return (Background(tail_exe(), "--ring", path, "--follow", "--since", "1"),
            Background(sys.executable, os.path.join(SCRIPTS, "ring_reader.py"), "--follow", "--since", "1", path))


def is_exact(follower, last):
    """Every record was received or is told as lost, each one whole, in order and once."""
    numbers = [json.loads(line)["n"] for line in follower.out]
    common.check(numbers == sorted(set(numbers)), "numbers come twice or out of order")
    common.equal(len(numbers) + lost_in(follower.err), last, "the records received and lost")
    common.equal(numbers[-1], last, "the last record")


def both_readers_see_the_same(folder):
    """Slowly enough that none is lost: the same lines, across a restart and a ring of another size."""
    path = os.path.join(folder, "same.ring")
    with Writer(path) as writer:
        readers = followers(path)
        writer.write("fast", "100")
        writer.write("77", '{"n":101}')
        writer.write("stats", '{"n":102,"text":"Gr\u00fc\u00dfe"}')
        for reader in readers:
            reader.wait_for(lambda r: len(r.out) == 102, "the first 102 records")
    for size in (65536, 131072):
        with Writer(path, size) as writer:
            last = writer.write("fast", "50")
            for reader in readers:
                reader.wait_for(lambda r: len(r.out) == last, "%d records" % last)  # pylint: disable=cell-var-from-loop
    for reader in readers:
        reader.stop()
    common.check(readers[0].out == readers[1].out, "the two readers differ")
    common.equal(readers[0].err + readers[1].err, [], "what they said")


def both_readers_are_lapped_exactly(folder):
    path = os.path.join(folder, "lapped.ring")
    with Writer(path, 1 << 20) as writer:
        readers = followers(path)
        for _ in range(3):
            last = writer.write("fast", "100000")
        for reader in readers:
            reader.wait_for(lambda r: r.out and json.loads(r.out[-1])["n"] == last, "the last record")
    for reader in readers:
        reader.stop()
        is_exact(reader, last)
        print("received %d, lost %d" % (len(reader.out), lost_in(reader.err)))


def the_class_tells_everything(folder):
    path = os.path.join(folder, "class.ring")
    with Writer(path) as writer:
        reader = ring_reader.RingReader(path)
        common.equal(reader.next(), None, "an empty ring")
        writer.write("flow", '{"a":1}')
        common.equal(reader.next(), ("record", "flow", 1, 1, b'{"a":1}'), "the first record")
        writer.write("77", "")
        common.equal(reader.next(), ("record", 77, 2, 1, b""), "an empty record of a new type")
        last = writer.write("fast", "2000")
        found = reader.next()
        common.equal(found[:2], ("lost", 3), "a lapped reader")
        common.equal(reader.next()[2], found[2] + 1, "the record after the lost ones")
        common.equal(ring_reader.RingReader(path, last).next()[2], last, "a reader that begins at a number")
        with open(path, "r+b") as f:  # the last record's last byte, then all the data
            f.seek(4096 + (reader.file.word[ring_reader.TAIL_AT] - 8) % 65536)
            f.write(b"!")
        common.equal(ring_reader.RingReader(path, last).next(), ("damaged",), "a damaged record")
    os.unlink(path)
    common.check(reader.file.word[ring_reader.TAIL_AT] > 0, "the deleted ring stays readable")
    with Writer(path, 4096) as writer:
        writer.write("alert", "{}")
        until(lambda: reader.next() == ("renumbered",), "a new ring is noticed")
        common.equal(reader.next(), ("record", "alert", 1, 1, b"{}"), "the new ring's first record")


def what_is_no_ring_is_refused(folder):
    path = os.path.join(folder, "none.ring")
    for content in (b"", b"x" * 100, b"\0" * 69632):
        with open(path, "wb") as f:
            f.write(content)
        try:
            ring_reader.RingReader(path)
            common.check(False, "a file of %d bytes is taken for a ring" % len(content))
        except ring_reader.NotARing as error:
            common.check(path in str(error), "the path is not named: %s" % error)


def main():
    for case in (both_readers_see_the_same, both_readers_are_lapped_exactly, the_class_tells_everything,
                 what_is_no_ring_is_refused):
        with tempfile.TemporaryDirectory() as folder:
            case(folder)
        print("ok: " + case.__name__.replace("_", " "))


if __name__ == "__main__":
    main()
