"""Committed files name no path of the machine they were written on."""

import re

from . import source
from .breach import Breach
from .tree import Finding

NAME = "machine-paths"
SENTENCE = "no paths of one machine"

# Split, so that this file does not breach its own check.
PATHS = re.compile(r"(?<![\w.])/(?:wo" r"rk|ro" r"ot|tmp/w" r"t|home/\w+)/")


def check(tree):
    for file in tree.files:
        if not file.is_text or file.path.startswith("tests/fuzz/corpus/"):
            continue
        for match in PATHS.finditer(file.text):
            yield Finding(NAME, file.path, f"'{match[0]}' is a path of one machine", source.line_of(file.text, match.start()))


BREACHES = [
    Breach("docs/planted.md", "see /wo" "rk/shared\n", "path of one machine"),
    Breach("scripts/planted.sh", "ls /ro" "ot/x\n", "path of one machine"),
]
