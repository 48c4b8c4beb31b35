"""Where a benchmark runs: folders, programs, inputs by name, and what is on this machine."""

import dataclasses
import os
import pathlib
import re

from .peers import ROOT, Peers

WORK = ROOT / "build" / "bench"


@dataclasses.dataclass
class Place:
    """`paths` are the inputs by name, as commands name them; `peers` is None where there are none."""

    quick: bool = False
    partial: bool = False  # some rows only
    peers: Peers | None = None
    paths: dict = dataclasses.field(default_factory=dict)
    inputs: dict = dataclasses.field(default_factory=dict)  # name -> what the result file says of it
    work: pathlib.Path = WORK

    @property
    def testdata(self):
        """None where there is no test data."""
        found = pathlib.Path(os.environ.get("MIRRORSCAN_TESTDATA", ROOT.parent / "shared"))
        return found.resolve() if (found / "traffic").is_dir() else None

    def filled(self, line):
        """The words of a command line, inputs in braces by their paths: "inspect --capture {mix}"."""
        paths = {**self.paths, "testdata": str(self.testdata)}
        return [re.sub(r"\{([^{}]+)\}", lambda found: paths[found[1]], word) for word in line.split()]

    def program(self, name):
        folder = "mirrorscan-bench" if name.startswith("mirrorscan-bench") else name
        return f"build/apps/{folder}/{name}"

    def shown(self, command):
        """A command as the page shows it: no path of this machine."""
        text = " ".join(str(word) for word in command)
        if self.testdata:
            text = text.replace(str(self.testdata), "$MIRRORSCAN_TESTDATA")
        return text.replace(str(ROOT) + "/", "")
