"""A packet's instructions, counted by callgrind: they repeat exactly, so that a packet that became dearer is seen.

The most that is allowed is a tenth above what was counted when the number below was written. Whoever makes packets
dearer on purpose raises it, and says why in the commit; whoever makes them cheaper lowers it.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

PACKETS = 31_744
FLOWS = 10_000
COUNTED = {"udp": 2_228, "tcp": 3_171}
MORE_PERCENT = 10


def instructions_a_packet(kind: str) -> float:
    """Of a worker with many flows of `kind`, no rules, bursts of 32."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", "--toggle-collect=measured_burst",
                   f"--callgrind-out-file={folder}/out", os.environ["WORKER_LOAD_EXE"], kind, str(FLOWS), str(PACKETS)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or found is None:
        raise RuntimeError(f"{' '.join(command)}: exit status {run.returncode}\n{run.stdout}{run.stderr}")
    return int(found.group(1)) / PACKETS


def main() -> int:
    if shutil.which("valgrind") is None:
        print("SKIPPED: instructions a packet: valgrind is not installed")
        return 77
    failed = 0
    for kind, counted in COUNTED.items():
        now = instructions_a_packet(kind)
        dearer = now > counted * (1 + MORE_PERCENT / 100)
        failed += dearer
        print(f"{kind}: {now:.1f} instructions a packet, {counted} when last written down"
              f"{': more than a tenth dearer' if dearer else ''}")
    print(f"{len(COUNTED) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
