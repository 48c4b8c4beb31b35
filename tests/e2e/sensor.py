"""`mirrorscan run` as a process of its own, watched through its ring by the plain-Python reader."""
import json
import os
import signal
import subprocess
import sys
import time

import common

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["MIRRORSCAN_SOURCE_ROOT"], "scripts", "lib"))
import ring_events  # noqa: E402


def configuration(folder, device, arguments, rules, **sections):
    """A small daemon with one port, its ring in `folder`; `sections` are merged into the configuration's own."""
    config = {
        "ports": [{"device": device, "arguments": arguments, "mtu": 0}],
        "workers": {"count": 2, "yield_after_idle_polls": 16},
        "flow": {"max_flows": 4096},
        "rules": {"files": [os.path.join(folder, "test.rules")]},
        "output": {"stats_interval_s": 1, "ring": {"path": os.path.join(folder, "events.ring"), "bytes": 1 << 22}},
    }
    with open(config["rules"]["files"][0], "w", encoding="utf-8") as f:
        f.write(rules)
    for name, section in sections.items():
        config[name] = {**config[name], **section} if isinstance(config.get(name), dict) else section
    return config


class Sensor(ring_events.RingEvents):
    """Starts at once and is killed at the end of the `with` block if it still runs."""

    def __init__(self, folder, config):
        super().__init__(config["output"]["ring"]["path"])
        path = os.path.join(folder, "config.json")
        with open(path, "w", encoding="utf-8") as f:
            json.dump(config, f)
        self.log_path = os.path.join(folder, "log")
        with open(self.log_path, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen([common.engine(), "run", "--config", path], stdout=log, stderr=log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def log(self):
        with open(self.log_path, encoding="utf-8") as f:
            return f.read()

    def wait_for(self, condition, what, seconds=30):
        end = time.monotonic() + seconds
        while not condition():
            common.check(self.process.poll() is None, "it ended while waiting for %s:\n%s" % (what, self.log()))
            common.check(time.monotonic() < end, "no %s within %d s:\n%s" % (what, seconds, self.log()))
            time.sleep(0.05)

    def send(self, number):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM):
        """Ends it; gives the last stats event, in which everything must add up."""
        self.send(number)
        common.equal(self.process.wait(60), 0, "exit status after signal %d; its log:\n%s" % (number, self.log()))
        last = self.events()[-1]
        common.equal(last["event_type"], "stats", "the last event")
        mirror = last["mirror"]
        for place in [mirror["total"]] + mirror["lcores"] + mirror["vnis"]:
            common.balances(place)
        packets, payload = mirror["total"]["packets"], mirror["total"]["payload"]
        common.equal(packets["steered_out"], packets["steered_in"], "packets sent and taken")
        common.equal(payload["steered_out"], payload["steered_in"], "payload sent and taken")
        return last
