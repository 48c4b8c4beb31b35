"""Files stay readable, and say nothing of work that is still to be done."""

import re

from . import source
from .breach import Breach
from .tree import Finding

NAME = "files"
SENTENCE = "no file above 600 lines, no words for unfinished work"

LIMIT = 600
ROOTS = ("lib", "apps", "drivers", "tests", "scripts", "docs")
# Each word is split, so that this file does not breach its own check.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|\bnot (yet )?imple" r"mented\b|\bplace" r"holder", re.I)
CASE_MATTERS = ("xx" "x", "ha" "ck")


def check(tree):
    for file in tree.files:
        if file.parts[0] not in ROOTS and file.path not in ("README.md", "meson.build"):
            continue
        if not (file.is_cpp or file.is_script or file.suffix == ".md" or file.parts[-1] == "meson.build"):
            continue
        lines = file.text.count("\n")
        if lines > LIMIT and file.suffix != ".md":
            yield Finding(NAME, file.path, f"{lines} lines: which two files is it? ({LIMIT} at most)")
        for match in UNFINISHED.finditer(file.text):
            if match[0] in CASE_MATTERS:
                continue
            yield Finding(NAME, file.path, f"'{match[0]}': finish it or leave it out", source.line_of(file.text, match.start()))


BREACHES = [
    Breach("lib/flow/planted.cpp", "//\n" * (LIMIT + 1), "lines: which two"),
    Breach("scripts/planted", "#!/bin/sh\n" + "#\n" * LIMIT, "lines: which two"),
    Breach("lib/flow/planted.cpp", "// TO" "DO: later\n", "finish it"),
    Breach("docs/planted.md", "This is a place" "holder.\n", "finish it"),
]
