"""Whether a worker allocates, locks or waits after its start: the test that counts such calls, for the table."""

import re

from . import commands
from .measurement import Measured, Measurement
from .place import ROOT

TEST = "worker-no-alloc"


def run(place, _rounds):
    command = ["meson", "test", "-C", "build", TEST, "--no-rebuild", "--print-errorlogs"]
    done = commands.run(command, timeout=300, folder=ROOT)
    if done.returncode != 0:
        raise commands.Failed(f"the test {TEST} failed: {done.stdout[-300:]}")
    if not re.search(r"^Ok:\s+1\b", done.stdout, re.MULTILINE):
        raise commands.Failed(f"the test {TEST} did not run")
    return Measured([{"calls": 0}], place.shown(command))


MEASUREMENT = Measurement("no-alloc", run)
