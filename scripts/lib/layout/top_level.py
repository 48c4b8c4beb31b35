"""The top level stays small."""

from .breach import Breach
from .tree import Finding

NAME = "top-level"
SENTENCE = "the top level holds the named things and dot files only"

ENTRIES = {"meson.build", "lib", "apps", "drivers", "tests", "scripts", "docs", "README.md", "LICENSE"}


def check(tree):
    there = {f.parts[0] for f in tree.files}
    for entry in sorted(there - ENTRIES):
        if not entry.startswith("."):
            yield Finding(NAME, entry, "does not belong at the top level")
    for entry in sorted(ENTRIES - there):
        yield Finding(NAME, entry, "is missing at the top level")


BREACHES = [
    Breach("planted.txt", "\n", "does not belong"),
    Breach("planted/a.txt", "\n", "does not belong", on="planted"),
]
