"""The events of a daemon's ring, kept as they come; a ring that is not there yet has none."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import ring_reader  # noqa: E402


class RingEvents:
    """From the oldest record on; a reader that is lapped later is an error."""

    def __init__(self, path):
        self._path, self._reader, self._seen = path, None, []

    def events(self, event_type=None):
        """All so far, or those of a type; oldest first."""
        self._read()
        return [event for event in self._seen if event_type in (None, event["event_type"])]

    def received(self):
        """Packets that the last stats event tells."""
        stats = self.events("stats")
        return stats[-1]["mirror"]["total"]["packets"]["received"]["packets"] if stats else 0

    def _read(self):
        if self._reader is None:
            if not os.path.exists(self._path) or os.path.getsize(self._path) == 0:  # just being made
                return
            self._reader = ring_reader.RingReader(self._path, 0)
        while (found := self._reader.next()) is not None:
            if found[0] != "record":
                raise RuntimeError(f"the ring {self._path} tells {found}")
            self._seen.append(json.loads(found[4]))
