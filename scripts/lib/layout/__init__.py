"""The checks that keep the layout, one a file.

A check is a module with NAME, SENTENCE, check(tree) -> findings and BREACHES: changes to a copy of the project that
it must find. To add one: write the module, add it to CHECKS.
"""

from . import (
    files,
    flags,
    formatting,
    headers,
    includes,
    machine_paths,
    once,
    own_header,
    readmes,
    top_level,
    words,
)

CHECKS = [includes, own_header, words, flags, once, readmes, top_level, files, machine_paths, formatting, headers]
