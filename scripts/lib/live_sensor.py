"""`mirrorscan run` in the sensor's namespace of the kernel lab, watched through the NDJSON file that it writes."""
import json
import os
import time

import kernel_lab


class LiveSensor:
    """Starts at once. `events_path` is the configuration's output.file.path; its stats interval should be short."""

    def __init__(self, lab, executable, config_path, events_path, **options):
        self._lab, self._events_path = lab, events_path
        self.process = lab.start("sensor", [executable, "run", "--config", config_path], **options)

    def events(self, event_type):
        """The events of a type so far, oldest first. A line that is still being written is left out."""
        if not os.path.exists(self._events_path):
            return []
        with open(self._events_path, encoding="utf-8") as file:
            events = [json.loads(line) for line in file if line.endswith("\n")]
        return [event for event in events if event["event_type"] == event_type]

    def sids(self):
        """The rules that alerted, each once."""
        return sorted({event["alert"]["signature_id"] for event in self.events("alert")})

    def received(self):
        """Packets that the last stats event tells."""
        stats = self.events("stats")
        return stats[-1]["mirror"]["total"]["packets"]["received"]["packets"] if stats else 0

    def wait_until_ready(self, seconds=60):
        self._wait(lambda: self.events("stats"), seconds)

    def wait_until_caught_up(self, seconds=20):
        """Until it has told as many packets as the kernel mirrored."""
        self._wait(lambda: self.received() >= self._lab.mirrored()["vxlan"], seconds)

    def _wait(self, condition, seconds):
        """Gives up after the time, or when the process has ended: the caller looks at what is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None and not condition():
            time.sleep(0.1)

    def stop(self):
        """SIGTERM; gives the exit status once everything is drained."""
        return kernel_lab.stop(self.process)
