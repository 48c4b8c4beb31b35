"""`mirrorscan run` in a lab's namespace `sensor`, watched through its ring with the Python reader."""
import time

import namespaces
import ring_events


class LiveSensor(ring_events.RingEvents):
    """Starts at once. `ring_path` is the configuration's output.ring.path; its stats interval should be short."""

    def __init__(self, lab, executable, config_path, ring_path, **options):
        super().__init__(ring_path)
        self._lab = lab
        self.process = lab.start("sensor", [executable, "run", "--config", config_path], **options)

    def sids(self):
        """The rules that alerted, each once."""
        return sorted({event["alert"]["signature_id"] for event in self.events("alert")})

    def wait_until(self, condition, seconds=20):
        """Gives up after the time, or when the process has ended: the caller looks at what is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None and not condition():
            time.sleep(0.1)

    def wait_until_ready(self):
        self.wait_until(lambda: self.events("stats"), 60)

    def wait_until_caught_up(self):
        """Until it has told as many packets as the kernel mirrored (kernel_lab.py)."""
        self.wait_until(lambda: self.received() >= self._lab.mirrored()["vxlan"])

    def stop(self):
        """SIGTERM; gives the exit status once everything is drained."""
        return namespaces.stop(self.process)
