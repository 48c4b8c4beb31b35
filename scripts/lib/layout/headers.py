"""Every header compiles alone and only once. The slowest check; headers that have not changed are not compiled again."""

import concurrent.futures
import functools
import hashlib
import json
import subprocess

from .breach import Breach
from .tree import Finding

NAME = "headers"
SENTENCE = "every header compiles alone and says #pragma once"

LIBRARIES = "libdpdk libhs fmt nlohmann_json libpcre2-8 CLI11 spdlog yaml-cpp libpcap libcrypto"
INCLUDE_FOLDERS = ("lib", "tests", "drivers", "apps")
CACHE = "build-layout/headers.json"
JOBS = 2


def check(tree):
    headers = [f for f in tree.cpp if f.suffix == ".h"]
    known = {f.path: f for f in headers}
    cache = json.loads(tree.text_of(CACHE) or "{}")
    keys = {f.path: _key(tree, f, known) for f in headers}
    stale = [f for f in headers if cache.get(f.path) != keys[f.path]]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        errors = dict(zip((f.path for f in stale), pool.map(functools.partial(_compile, tree.root), stale)))
    good = {path: key for path, key in keys.items() if not errors.get(path)}
    (tree.root / CACHE).parent.mkdir(exist_ok=True)
    (tree.root / CACHE).write_text(json.dumps(good, indent=0), encoding="utf-8")
    unguarded = [f.path for f in headers if "#pragma once" not in f.code]
    return [
        *(Finding(NAME, path, f"does not compile alone: {error}") for path, error in errors.items() if error),
        *(Finding(NAME, path, "has no #pragma once") for path in unguarded),
    ]


@functools.cache
def _command():
    flags = subprocess.run(
        ["pkg-config", "--cflags", *LIBRARIES.split()], capture_output=True, text=True, check=True
    ).stdout.split()
    system = [f.replace("-I", "-isystem", 1) for f in flags]
    machine = subprocess.run(["uname", "-m"], capture_output=True, text=True, check=True).stdout.strip()
    arch = ["-march=x86-64-v3"] if machine == "x86_64" else []
    warnings = ["-Wall", "-Wextra", "-Werror"]
    return ["g++", "-std=c++20", "-fsyntax-only", "-x", "c++", *warnings, *system, *arch]


def _compile(root, header):
    """The first error, or an empty string. Read from a source of one line: a header itself has no main file."""
    folders = [f"-I{root / folder}" for folder in INCLUDE_FOLDERS]
    run = subprocess.run(
        [*_command(), *folders, "-"], input=f'#include "{header.full_path}"\n', capture_output=True, text=True, check=False
    )
    errors = [line for line in run.stderr.splitlines() if "error" in line]
    return "" if run.returncode == 0 else (errors or ["g++ failed"])[0].strip()


def _key(tree, header, known):
    """A hash of the compiler's command, the header, and the project's headers it includes, directly or not."""
    reached = {}
    queue = [header]
    while queue:
        file = queue.pop()
        if file.path in reached:
            continue
        reached[file.path] = hashlib.sha256(file.data).hexdigest()
        for _, name in file.includes:
            folders = (*INCLUDE_FOLDERS, file.path.rsplit("/", 1)[0])
            queue += [known[p] for folder in folders if (p := f"{folder}/{name.strip(chr(34))}") in known]
    return hashlib.sha256(json.dumps([_command(), sorted(reached.items())]).encode()).hexdigest()


BREACHES = [
    Breach("lib/base/planted.h", "int f();\n", "no #pragma once"),
    Breach("lib/base/planted.h", "#pragma once\nstd::uint32_t f();\n", "does not compile alone"),
]
