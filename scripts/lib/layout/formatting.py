"""clang-format has nothing to change."""

import re
import subprocess

from .breach import Breach
from .tree import Finding

NAME = "formatting"
SENTENCE = "clang-format (.clang-format) has nothing to change"

COMPLAINT = re.compile(r"^(.+?):(\d+):\d+: error: code should be clang-formatted", re.M)


def check(tree):
    files = [str(f.full_path) for f in tree.cpp]
    if not files:
        return
    run = subprocess.run(
        ["clang-format", "--dry-run", "--Werror", *files], capture_output=True, text=True, check=False
    )
    first_line = {}
    for path, line in COMPLAINT.findall(run.stderr):
        first_line.setdefault(path.removeprefix(f"{tree.root}/"), int(line))
    for path, line in first_line.items():
        yield Finding(NAME, path, f"mend with: clang-format -i {path}", line)
    if run.returncode != 0 and not first_line:
        yield Finding(NAME, ".clang-format", f"clang-format failed: {run.stderr.strip()[:200]}")


BREACHES = [
    Breach("lib/flow/planted.cpp", "int  f( ){return 1 ;}\n", "clang-format -i"),
]
