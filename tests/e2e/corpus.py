#!/usr/bin/env python3
"""Scores the inspector on tiers T1 and T2 of the alert corpus, and holds the line: a test that passed once must pass again.

passing-T1.txt and passing-T2.txt list the tests that pass. A listed test that fails is a failure; a test that passes and is not listed
is one too, so that the list is always the truth (add it).
"""
import json
import os
import subprocess
import sys
import tempfile

import common

FOLDER = os.path.dirname(os.path.abspath(__file__))
TIERS = ("T1", "T2")


def score(corpus, tier, folder):
    results = os.path.join(folder, "results.json")
    command = "%s -q replay --rules {rules} --vars {vars} --eve {out} {pcap}" % common.engine()
    done = subprocess.run([sys.executable, os.path.join(corpus, "score.py"), corpus, "--tier", tier, "-j", "2",
                           "--json", results, "--engine", command], capture_output=True, text=True, check=False)
    # Not its last line: tests that need keywords of later are no failures here.
    print("\n".join(line for line in done.stdout.splitlines() if not line.endswith(" failed")))
    common.check(os.path.exists(results), "score.py wrote no results:\n" + done.stderr)
    with open(results, encoding="utf-8") as f:
        return json.load(f)


def listed_in(tier):
    with open(os.path.join(FOLDER, "passing-%s.txt" % tier), encoding="utf-8") as f:
        return {line.strip() for line in f if line.strip() and not line.startswith("#")}


def hold(corpus, tier):
    with tempfile.TemporaryDirectory() as folder:
        results = score(corpus, tier, folder)
    listed = listed_in(tier)
    passed = {r["test"] for r in results if r["ok"]}
    crashed = [r["test"] for r in results if r["crashed"]]
    print("%d of %d tests of tier %s pass" % (len(passed), len(results), tier))
    common.equal(crashed, [], "the list of tests that ended badly")
    common.equal(sorted(listed - passed), [], "the list of tests that passed before and fail now")
    common.equal(sorted(passed - listed), [], "the list of tests that pass and are not in passing-%s.txt" % tier)


def main():
    corpus = common.testdata("corpus")
    for tier in TIERS:
        hold(corpus, tier)


main()
