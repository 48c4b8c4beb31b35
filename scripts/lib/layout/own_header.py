"""A .cpp includes its own header first: proof that the header needs nothing before it."""

from .breach import Breach
from .tree import Finding

NAME = "own-header"
SENTENCE = "a .cpp includes its own header first"


def check(tree):
    headers = {f.path for f in tree.cpp if f.suffix == ".h"}
    for file in tree.cpp:
        header = file.path.removesuffix(".cpp") + ".h"
        if file.suffix != ".cpp" or header not in headers:
            continue
        line, first = file.includes[0] if file.includes else (1, "")
        if first not in _spellings(header):
            yield Finding(NAME, file.path, f"include {_spellings(header)[0]} first", line)


def _spellings(header):
    """Within an app the bare file name will do: no other folder includes it."""
    top, rest = header.split("/", 1)
    bare = [f'"{rest.split("/")[-1]}"'] if top == "apps" else []
    return [f'"{rest}"', *bare]


BREACHES = [
    Breach(
        "lib/ledger/ledger.cpp",
        "#include <array>\n",
        'include "ledger/ledger.h" first',
        replace='#include "ledger/ledger.h"\n',
    ),
]
