"""`mirrorscan run` in the sensor's namespace of the kernel lab, watched through its ring with the Python reader."""
import json
import os
import sys
import time

import kernel_lab

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import ring_reader  # noqa: E402


class LiveSensor:
    """Starts at once. `ring_path` is the configuration's output.ring.path; its stats interval should be short."""

    def __init__(self, lab, executable, config_path, ring_path, **options):
        self._lab, self._ring_path, self._reader, self._events = lab, ring_path, None, []
        self.process = lab.start("sensor", [executable, "run", "--config", config_path], **options)

    def events(self, event_type):
        """The events of a type so far, oldest first."""
        self._read()
        return [event for event in self._events if event["event_type"] == event_type]

    def sids(self):
        """The rules that alerted, each once."""
        return sorted({event["alert"]["signature_id"] for event in self.events("alert")})

    def received(self):
        """Packets that the last stats event tells."""
        stats = self.events("stats")
        return stats[-1]["mirror"]["total"]["packets"]["received"]["packets"] if stats else 0

    def wait_until(self, condition, seconds=20):
        """Gives up after the time, or when the process has ended: the caller looks at what is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None and not condition():
            time.sleep(0.1)

    def wait_until_ready(self):
        self.wait_until(lambda: self.events("stats"), 60)

    def wait_until_caught_up(self):
        """Until it has told as many packets as the kernel mirrored."""
        self.wait_until(lambda: self.received() >= self._lab.mirrored()["vxlan"])

    def stop(self):
        """SIGTERM; gives the exit status once everything is drained."""
        return kernel_lab.stop(self.process)

    def _read(self):
        if self._reader is None:
            if not os.path.exists(self._ring_path):
                return
            self._reader = ring_reader.RingReader(self._ring_path)
        while (found := self._reader.next()) is not None:
            if found[0] != "record":
                raise RuntimeError(f"the ring {self._ring_path} tells {found}")
            self._events.append(json.loads(found[4]))
