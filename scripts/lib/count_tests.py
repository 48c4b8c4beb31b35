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

CATCH_GOOD = re.compile(r"^All tests passed \(.* in (\d+) test cases?\)", re.M)
CATCH_BAD = re.compile(r"^test cases:\s*\d+ \|(.*)$", re.M)
CATCH_NONE = re.compile(r"^No tests ran", re.M)
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*?\n\n(?:OK|FAILED)(.*)$", re.M)
OUR_OWN = re.compile(r"^(\d+) passed, (\d+) failed$", re.M)
SKIP_LINE = re.compile(r"^.*\bSKIPPED:.*$", re.M)


def counted(text, pattern):
    return sum(int(n) for n in re.findall(pattern, text))


def cases(output):
    """(passed, failed) test cases that a test program reports; a program that reports none is one case itself."""
    if found := CATCH_GOOD.search(output):
        return int(found[1]), 0
    if found := CATCH_BAD.search(output):
        return counted(found[1], r"(\d+) (?:passed|failed as expected)"), counted(found[1], r"(\d+) failed(?! as)")
    if CATCH_NONE.search(output):
        return 0, 1
    if found := UNITTEST.search(output):
        bad = counted(found[2], r"(?:failures|errors)=(\d+)")
        return int(found[1]) - bad - counted(found[2], r"skipped=(\d+)"), bad
    if found := OUR_OWN.findall(output):
        return int(found[-1][0]), int(found[-1][1])
    return 1, 0


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
        good, bad = cases(output)
        if bad or test["result"] not in ("OK", "EXPECTEDFAIL"):
            if bad == 0:  # died before, or after, it could say so
                good, bad = max(good - 1, 0), 1
            print(f"\nFAILED {name} ({test['result']}), the end of its output:")
            print("\n".join("    " + line for line in output.strip().splitlines()[-TAIL_LINES:]))
        passed += good
        failed += bad

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
