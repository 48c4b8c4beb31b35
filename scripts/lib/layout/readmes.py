"""Every folder has a door-plate."""

from .breach import Breach
from .tree import Finding

NAME = "readmes"
SENTENCE = "every folder has a README.md"

ROOTS = ("lib", "apps", "drivers", "tests", "scripts", "docs")


def check(tree):
    paths = {f.path for f in tree.files}
    for folder in sorted(_folders(tree)):
        if f"{folder}/README.md" not in paths:
            yield Finding(NAME, folder, "write a README.md: purpose, what to read first, what does not belong here")


def _folders(tree):
    """Folders that hold something a person writes; below tests/ folders of pure data need no word."""
    for file in tree.files:
        if file.parts[0] not in ROOTS or (file.parts[0] == "tests" and not _is_written(file)):
            continue
        for depth in range(1, len(file.parts)):
            yield "/".join(file.parts[:depth])


def _is_written(file):
    return file.is_cpp or file.is_script or file.parts[-1] in ("meson.build", "README.md")


BREACHES = [
    Breach("lib/planted/a.cpp", "\n", "write a README.md", on="lib/planted"),
    Breach("tests/planted/meson.build", "\n", "write a README.md", on="tests/planted"),
    Breach("docs/planted/a.md", "\n", "write a README.md", on="docs/planted"),
    Breach("tests/fuzz/corpus/planted/seed", "x", harmless=True),
]
