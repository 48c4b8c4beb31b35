"""Headers that cost a minute of compile time are included by one file each."""

from .breach import Breach
from .tree import Finding

NAME = "once"
SENTENCE = "Catch's main and spdlog are compiled in one file, CLI11 in one of each app; headers use json_fwd.hpp"

CATCH_HEADER = "tests/support/catch.h"
CATCH_MAIN = "tests/support/catch_main.cpp"


def check(tree):
    yield from _second_users(tree.cpp, "<spdlog/")
    apps = sorted({f.parts[1] for f in tree.cpp if f.parts[0] == "apps"})
    for app in apps:
        yield from _second_users([f for f in tree.cpp if f.parts[:2] == ["apps", app]], "<CLI/")
    for file in tree.cpp:
        if "CATCH_CONFIG_MAIN" in file.code and file.path != CATCH_MAIN:
            yield Finding(NAME, file.path, f"Catch's main belongs to {CATCH_MAIN}")
        for line, name in file.includes:
            if name.startswith("<catch2/") and file.path not in (CATCH_HEADER, CATCH_MAIN):
                yield Finding(NAME, file.path, 'include "support/catch.h" instead', line)
            if file.suffix == ".h" and name.startswith("<nlohmann/") and name != "<nlohmann/json_fwd.hpp>":
                yield Finding(NAME, file.path, "a header includes <nlohmann/json_fwd.hpp> at most", line)


def _second_users(files, library):
    users = [f for f in files if any(name.startswith(library) for _, name in f.includes)]
    for file in users[1:]:
        yield Finding(NAME, file.path, f"{library}...> is included by {users[0].path} already; one file only")


BREACHES = [
    Breach("tests/unit/planted_test.cpp", "#define CATCH_CONFIG_MAIN\n", "Catch's main belongs"),
    Breach("tests/unit/planted_test.cpp", "#include <catch2/catch.hpp>\n", "support/catch.h"),
    Breach("lib/exporter/planted.h", "#pragma once\n#include <nlohmann/json.hpp>\n", "json_fwd.hpp"),
    Breach("apps/planted/a.cpp", "#include <CLI/CLI.hpp>\n", "one file only", also="apps/planted/b.cpp", on="apps/planted/b.cpp"),
    Breach("apps/planted/a.cpp", "#include <spdlog/spdlog.h>\n", "one file only", also="apps/planted/b.cpp", on="apps/planted/b.cpp"),
]
