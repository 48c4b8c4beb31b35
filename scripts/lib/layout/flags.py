"""Hot rooms are marked hot and compiled without exceptions."""

import json
import re

from .breach import Breach
from .tree import Finding

NAME = "flags"
SENTENCE = "hot rooms are marked hot and built with -fno-exceptions"

# Everything else runs for each packet.
COLD_ROOMS = {"rules", "config", "tail", "exporter", "engine", "traffic", "truth", "sender", "bench"}
DATABASE = "build/compile_commands.json"


def check(tree):
    for room in tree.rooms.values():
        if room.hot == (room.name in COLD_ROOMS):
            sentence = f"room '{room.name}' must be marked {'false (cold)' if room.hot else 'true (hot)'}"
            yield Finding(NAME, "lib/meson.build", sentence)
    yield from _compiled(tree)


def _compiled(tree):
    """What the release build really did, where there is one."""
    text = tree.text_of(DATABASE)
    for command in json.loads(text) if text else []:
        place = re.search(r"(?:^|/)lib/(\w+)/[^/]+\.cpp$", command["file"])
        room = tree.rooms.get(place[1]) if place else None
        if room and room.hot and "-fno-exceptions" not in command["command"].split():
            yield Finding(NAME, DATABASE, f"{command['file']} is compiled without -fno-exceptions")


BREACHES = [
    Breach("lib/meson.build", "  ['base', [], [], false],", "'base' must be marked true", replace="  ['base', [], [], true],"),
    Breach(
        DATABASE,
        '[{"directory": ".", "command": "c++ -O3 -c x.cpp", "file": "../lib/flow/table.cpp"}]',
        "without -fno-exceptions",
    ),
]
