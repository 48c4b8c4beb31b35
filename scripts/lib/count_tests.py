#!/usr/bin/env python3
"""Counts what `meson test` ran, test case by test case, and names what failed or was skipped.

Usage: count_tests.py TESTLOG_JSON

Prints the failures with the end of their output, each skip, and the slowest tests; the last line is
`N passed, M failed`. Exit status 1 if anything failed, or if no test ran at all.
"""

import json
import re
import sys

SLOWEST = 5
TAIL_LINES = 40

# How the test programs we use say how many cases they ran; the groups are cases in all and cases failed.
CATCH_GOOD = re.compile(r"^All tests passed \(.* in (\d+) test cases?\)", re.M)
CATCH_BAD = re.compile(r"^test cases:\s*(\d+) \|(?:.*\D)?\s(\d+) failed", re.M)
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*?\n\n(?:OK|FAILED)(.*)$", re.M | re.S)
OUR_OWN = re.compile(r"^(\d+) passed, (\d+) failed$", re.M)
SKIP_LINE = re.compile(r"^.*\bSKIPPED:.*$", re.M)


def cases(output):
    """(cases, failed cases) that a test program reports, or None if it reports none."""
    if found := CATCH_GOOD.search(output):
        return int(found[1]), 0
    if found := CATCH_BAD.search(output):
        return int(found[1]), int(found[2])
    if found := UNITTEST.search(output):
        bad = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", found[2]))
        skipped = sum(int(n) for n in re.findall(r"skipped=(\d+)", found[2]))
        return int(found[1]) - skipped, bad
    if found := OUR_OWN.findall(output):
        passed, failed = map(int, found[-1])
        return passed + failed, failed
    return None


def main():
    with open(sys.argv[1], encoding="utf-8") as log:
        tests = [json.loads(line) for line in log if line.strip()]
    passed = failed = 0
    skips = []
    for test in tests:
        name = test["name"]
        output = (test.get("stdout") or "") + "\n" + (test.get("stderr") or "")
        if test["result"] == "SKIP":
            skips.append(f"{name}: {output.strip().splitlines()[-1] if output.strip() else 'no reason given'}")
            continue
        skips += [f"{name}: {line.strip()}" for line in SKIP_LINE.findall(output)]
        total, bad = cases(output) or (1, 0)
        if test["result"] not in ("OK", "EXPECTEDFAIL"):
            bad = max(bad, 1)
            print(f"\nFAILED {name} ({test['result']}), the end of its output:")
            print("\n".join("    " + line for line in output.strip().splitlines()[-TAIL_LINES:]))
        failed += bad
        passed += max(total - bad, 0)

    slow = sorted(tests, key=lambda t: -t.get("duration", 0))[:SLOWEST]
    print("slowest: " + ", ".join(f"{t['name']} {t.get('duration', 0):.1f} s" for t in slow))
    for skip in skips:
        print(f"!! SKIPPED {skip}")
    if skips:
        print(f"!! {len(skips)} skipped; these were NOT tested (test data: see scripts/lib/testdata.sh)")
    if not tests:
        print("no test ran")
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
