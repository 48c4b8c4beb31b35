"""The files of the project, read once, and what a check reports about them."""

import dataclasses
import functools
import pathlib
import re

from . import source

# What .gitignore names, and git's own folder; the second one at the top level only.
IGNORED = re.compile(r"^(\.git|__pycache__|.*\.swp)$")
BUILD_FOLDER = re.compile(r"^build")
CODE_SUFFIXES = {".h", ".cpp"}
SCRIPT_SUFFIXES = {".py", ".sh"}


@dataclasses.dataclass(frozen=True)
class Finding:
    """One breach: the check that found it, where, and a sentence that says what to do instead."""

    check: str
    path: str
    sentence: str
    line: int = 0

    def __str__(self):
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.check}: {self.sentence}"


@dataclasses.dataclass(frozen=True)
class Room:
    """A row of the rooms table in lib/meson.build."""

    name: str
    may_include: tuple
    libraries: tuple
    hot: bool


class File:
    """A file of the project; `path` is relative to the root and uses slashes."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.full_path = path
        self.parts = self.path.split("/")
        self.suffix = path.suffix

    @functools.cached_property
    def data(self):
        return self.full_path.read_bytes()

    @functools.cached_property
    def text(self):
        return self.data.decode("utf-8", errors="replace")

    @functools.cached_property
    def code(self):
        """C++ with comments and the insides of literals blanked out; lines keep their numbers."""
        return source.blank(self.text, literals=True)

    @functools.cached_property
    def includes(self):
        """(line number, name as written with its quotes or brackets) of each #include."""
        return source.includes(self.text)

    @property
    def is_cpp(self):
        return self.suffix in CODE_SUFFIXES

    @property
    def is_script(self):
        return self.suffix in SCRIPT_SUFFIXES or (not self.suffix and self.data[:2] == b"#!")

    @property
    def is_text(self):
        return b"\0" not in self.data[:4096]

    @property
    def room(self):
        """The room under lib/ that the file belongs to, or None."""
        return self.parts[1] if self.parts[0] == "lib" and len(self.parts) > 2 else None


def is_ignored(root, entry):
    """Whether git would not see this folder or file either."""
    return bool(IGNORED.match(entry.name) or (entry.parent == root and BUILD_FOLDER.match(entry.name)))


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = sorted(self._walk(self.root), key=lambda f: f.path)
        self.cpp = [f for f in self.files if f.is_cpp]

    def _walk(self, folder):
        for entry in folder.iterdir():
            if is_ignored(self.root, entry):
                continue
            if entry.is_dir() and not entry.is_symlink():
                yield from self._walk(entry)
            elif entry.is_file():
                yield File(self.root, entry)

    @functools.cached_property
    def rooms(self):
        """Rooms by name, in the order of the table."""
        return read_rooms((self.root / "lib" / "meson.build").read_text(encoding="utf-8"))

    def text_of(self, path):
        """The text of a file that may be absent."""
        full = self.root / path
        return full.read_text(encoding="utf-8") if full.is_file() else ""


ROW = re.compile(
    r"\[\s*'(?P<name>\w+)'\s*,\s*\[(?P<rooms>[^\]]*)\]\s*,\s*\[(?P<libraries>[^\]]*)\]\s*,\s*(?P<hot>true|false)\s*\]"
)


def read_rooms(meson_text):
    table = re.search(r"^rooms = \[\n(.*?)^\]$", meson_text, re.M | re.S)
    if not table:
        raise ValueError("lib/meson.build has no `rooms = [...]` table")
    rooms = {}
    for row in ROW.finditer(table[1]):
        rooms[row["name"]] = Room(
            row["name"],
            tuple(re.findall(r"'(\w+)'", row["rooms"])),
            tuple(re.findall(r"\w+", row["libraries"])),
            row["hot"] == "true",
        )
    if len(rooms) != len(re.findall(r"^  \['", table[1], re.M)):
        raise ValueError("lib/meson.build: a row of the rooms table is not [room, rooms, libraries, hot]")
    return rooms
