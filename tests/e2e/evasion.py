#!/usr/bin/env python3
"""Evasions by name: each folder of evasion/ is an attempt to hide an attack from the inspector, which must see it.

A folder has README.md (what is shown, and what Suricata says of it), test.rules, make.py (a function `frames` over
packets.py), perhaps config.json, and expected.json: `alerts`, the sids of the alerts in ascending order, and `counters`, those that must have
counted (name: at least so much). Every capture runs with bursts of 1, 7 and 512 packets and with 3 workers; the ledgers
must balance and the alerts must be the same.

evasion.py [--write FOLDER] [NAME...]: the captures named; with --write they are written to FOLDER
instead, not mirrored.
"""
import argparse
import importlib.util
import json
import os
import sys
import tempfile

import common
import packets

sys.dont_write_bytecode = True
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "evasion")
RUNS = ((1, 1), (7, 1), (512, 1), (5, 3))  # burst, workers


def capture_of(name, wrap):
    """The capture file, each frame as wrap(frame) makes it."""
    spec = importlib.util.spec_from_file_location("make", os.path.join(HERE, name, "make.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return packets.pcap([wrap(frame) for frame in module.frames()])


def read(name, file):
    with open(os.path.join(HERE, name, file), encoding="utf-8") as f:
        return f.read()


def check_run(run, expected):
    common.equal(run.status, 0, "the exit status (%s)" % run.err)
    common.equal([alert[0] for alert in run.alerts()], expected["alerts"], "the sids of the alerts")
    counters = common.ledgers_balance(run)["counters"]
    for counter, least in expected.get("counters", {}).items():
        common.check(counters[counter] >= least, "%s is %d" % (counter, counters[counter]))


def run_case(name, scratch):
    common.check(read(name, "README.md").strip(), "README.md says nothing")
    expected = json.loads(read(name, "expected.json"))
    capture = write(name, scratch, lambda frame: packets.vxlan(7, frame))
    config = os.path.join(HERE, name, "config.json")
    given = ("--config", config) if os.path.exists(config) else ()
    for burst, workers in RUNS:
        print("%s, burst %d, %d workers" % (name, burst, workers), flush=True)
        check_run(common.replay(read(name, "test.rules"), [capture], "--burst", str(burst), "--workers",
                                str(workers), *given), expected)


def write(name, folder, wrap):
    path = os.path.join(folder, name + ".pcap")
    with open(path, "wb") as f:
        f.write(capture_of(name, wrap))
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", metavar="FOLDER")
    parser.add_argument("name", nargs="*")
    options = parser.parse_args()
    names = options.name or sorted(e.name for e in os.scandir(HERE) if e.is_dir() and e.name[0] != "_")
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            if options.write:
                write(name, options.write, lambda frame: frame)
            else:
                run_case(name, scratch)


main()
