"""A room includes itself and the rooms it names in lib/meson.build, which stand above it."""

import re

from .breach import Breach
from .tree import Finding

NAME = "includes"
SENTENCE = "rooms include only the rooms they name, which stand above them"


def check(tree):
    yield from _table(tree)
    for file in tree.cpp:
        if file.room is None:
            continue
        room = tree.rooms.get(file.room)
        if room is None:
            yield Finding(NAME, file.path, f"room '{file.room}' has no row in lib/meson.build")
            continue
        for line, name in file.includes:
            yield from _include(tree, file, room, line, name)


def _table(tree):
    seen = set()
    for room in tree.rooms.values():
        for other in room.may_include:
            if other not in seen:
                sentence = f"room '{room.name}' names '{other}', which does not stand above it"
                yield Finding(NAME, "lib/meson.build", sentence)
        seen.add(room.name)


def _include(tree, file, room, line, name):
    if name.startswith("<"):
        return
    target = name.strip('"')
    if not re.match(r"^[\w.-]+/", target):
        yield Finding(NAME, file.path, f'include {name} as "room/file.h"', line)
        return
    other = target.split("/")[0]
    if other not in tree.rooms:
        yield Finding(NAME, file.path, f"include {name}: no such room below lib", line)
    elif other != room.name and other not in room.may_include:
        yield Finding(NAME, file.path, f"room '{room.name}' may not include '{other}'", line)


BREACHES = [
    Breach("lib/flow/planted.h", '#pragma once\n#include "decap/decap.h"\n', "may not include 'decap'"),
    Breach("lib/flow/planted.cpp", '#include "support/catch.h"\n', "no such room"),
    Breach("lib/flow/planted.cpp", '#include "table.h"\n', 'as "room/file.h"'),
    Breach("lib/nowhere/planted.h", "#pragma once\n", "has no row"),
    Breach(
        "lib/meson.build",
        "  ['base', ['flow'],",
        "does not stand above",
        replace="  ['base', [],",
    ),
    Breach("lib/flow/planted.cpp", '// #include "decap/decap.h"\n', harmless=True),
]
