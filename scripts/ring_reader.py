#!/usr/bin/env python3
"""Reads a JSON ring (docs/ring-format.md) and prints its records, one JSON object a line.

Usage: ring_reader.py [--follow] [--since SEQ] [RING]

Lost records are told on standard error. Python's standard library only; a program imports RingReader.
"""

import argparse
import mmap
import os
import struct
import sys
import time
import zlib

MAGIC = int.from_bytes(b"MSJRING1", "little")
HEADER = 4096
MAGIC_AT, HEADER_BYTES_AT, DATA_BYTES_AT, SERIES_AT, OLDEST_AT, TAIL_AT = 0, 1, 2, 3, 32, 33  # in words
HEAD = struct.Struct("<IIQII")  # length, type, sequence, epoch, CRC
TYPES = {1: "alert", 2: "flow", 3: "anomaly", 4: "stats"}
ATTEMPTS = 16


class NotARing(Exception):
    """The file is not a ring of this version."""


class _File:
    """One ring file, mapped. Words are loaded with one 8-byte access each: a memoryview cast to 'Q' does that."""

    def __init__(self, path):
        with open(path, "rb") as f:
            info = os.fstat(f.fileno())
            if info.st_size < 2 * HEADER:
                raise NotARing(f"{path}: is not a ring")
            self.bytes = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)
        self.identity = (info.st_dev, info.st_ino)
        self.word = memoryview(self.bytes).cast("Q")
        self.data_bytes = self.word[DATA_BYTES_AT]
        power_of_two = self.data_bytes & (self.data_bytes - 1) == 0
        if self.word[MAGIC_AT] != MAGIC or self.word[HEADER_BYTES_AT] != HEADER or not power_of_two \
                or len(self.bytes) != HEADER + self.data_bytes:
            raise NotARing(f"{path}: is not a ring of this version")
        self.series = self.word[SERIES_AT]
        self.largest = min(self.data_bytes // 8, 16 << 20)

    def ends(self):
        """(oldest, tail), or None if they contradict each other."""
        for _ in range(ATTEMPTS):
            tail = self.word[TAIL_AT]
            oldest = self.word[OLDEST_AT]
            if oldest <= tail:
                fine = oldest % 8 == 0 and tail % 8 == 0 and tail - oldest <= self.data_bytes
                return (oldest, tail) if fine else None
        return None

    def copy(self, position, length):
        begin = position % self.data_bytes
        first = min(length, self.data_bytes - begin)
        at = HEADER + begin
        return self.bytes[at:at + first] + self.bytes[HEADER:HEADER + length - first]


class RingReader:
    """Yields what a ring tells. `since`: records with lower sequence numbers are passed over."""

    def __init__(self, path, since=0):
        self.path = path
        self.file = _File(path)
        self.expected = since  # 0 = any
        ends = self.file.ends()
        self.position = ends[0] if ends else 0

    def next(self):
        """The next of: ("record", type, sequence, epoch, JSON bytes), ("lost", first, last), ("replaced",),
        ("renumbered",), ("damaged",), or None when there is nothing yet. Types that have no name are numbers."""
        for _ in range(ATTEMPTS):
            ends = self.file.ends()
            if ends is None or self.position > ends[1]:
                self.position = ends[1] if ends else self.position
                return self._follow_path() if self._is_replaced() else ("damaged",)
            oldest, tail = ends
            self.position = max(self.position, oldest)
            if self.position == tail:
                if not self._is_replaced():
                    return None
                if self.file.word[TAIL_AT] == tail:
                    return self._follow_path()
                continue
            found = self._read(tail)
            if found:
                return found
        # Not overtaken and yet no record, again and again: somebody else wrote into the file.
        if self.file.word[OLDEST_AT] <= self.position:
            self.position = tail
            return ("damaged",)
        return None

    def _read(self, tail):
        """The first record from the position on that is new; None if it was overwritten meanwhile, or is torn."""
        while self.position < tail:
            head = self.file.copy(self.position, HEAD.size)
            length, kind, sequence, epoch, crc = HEAD.unpack(head)
            size = (HEAD.size + length + 7) // 8 * 8
            if sequence == 0 or size > min(self.file.largest, tail - self.position):
                return None
            payload = self.file.copy(self.position + HEAD.size, length)
            if self.file.word[OLDEST_AT] > self.position or zlib.crc32(payload, zlib.crc32(head[:20])) != crc:
                return None
            if self.expected and sequence > self.expected:
                first, self.expected = self.expected, sequence
                return ("lost", first, sequence - 1)
            self.position += size
            if sequence >= self.expected:
                self.expected = sequence + 1
                return ("record", TYPES.get(kind, kind), sequence, epoch, payload)
        return None

    def _is_replaced(self):
        try:
            info = os.stat(self.path)
        except OSError:
            return False
        return (info.st_dev, info.st_ino) != self.file.identity

    def _follow_path(self):
        try:
            new = _File(self.path)
        except (OSError, ValueError, NotARing):
            return None
        goes_on = new.series == self.file.series
        self.file = new
        self.position = (new.ends() or (0, 0))[0]
        self.expected = self.expected if goes_on else 0
        return ("replaced",) if goes_on else ("renumbered",)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ring", nargs="?", default="/run/mirrorscan/events.ring", metavar="RING")
    parser.add_argument("--follow", action="store_true", help="wait for more")
    parser.add_argument("--since", type=int, default=0, metavar="SEQ")
    options = parser.parse_args()
    try:
        reader = RingReader(options.ring, options.since)
    except (OSError, NotARing) as error:
        sys.exit(str(error))
    damaged = 0
    while damaged < 3:
        found = reader.next()
        if found is None:
            if not options.follow:
                return 0
            sys.stdout.flush()
            time.sleep(0.02)
        elif found[0] == "record":
            sys.stdout.buffer.write(found[4] + b"\n")
        elif found[0] == "lost":
            print("lost %d records (sequence %d to %d)" % (found[2] - found[1] + 1, *found[1:]), file=sys.stderr)
        elif found[0] == "damaged":
            damaged += 1
    print("%s: the ring is damaged" % options.ring, file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KeyboardInterrupt, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
