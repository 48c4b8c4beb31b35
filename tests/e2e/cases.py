#!/usr/bin/env python3
"""Runs every folder of cases/: rules and a capture in, alerts, events, counters and ledgers out.

A case has README.md (why), test.rules, capture.py (a function `frames` over packets.py), config.json where it needs
one, and expected.json:

  status        exit status, 0 when absent
  alerts        [sid, src_ip, src_port, dest_ip, dest_port, proto] of each alert, in any order
  events        [{type, where, count, is}]: events of a type whose fields are as in `where`; how many there are, and
                fields that all of them have (null: that none of them has)
  stats         fields of the stats event
  packet_ends   all ends of packets that are not 0;   payload_ends   the same of payload bytes
  stderr        pieces of text
  strict        true: the stats event has no ledgers

A field is a dotted path; a number in it is an index. Every case runs with bursts of 1, 7 and 512 packets, and with 3
and 8 workers: both ledgers must balance and the alerts must be the same. With arguments, runs only the cases named.
"""
import collections
import importlib.util
import json
import os
import sys
import tempfile

import common
import packets

sys.dont_write_bytecode = True
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")
RUNS = ((1, 1), (7, 1), (512, 1), (5, 3), (32, 8))  # burst, workers


def field(event, path):
    for step in path.split("."):
        if isinstance(event, list):
            event = event[int(step)]
        elif isinstance(event, dict):
            event = event.get(step)
        else:
            return None
    return event


def capture_of(folder):
    spec = importlib.util.spec_from_file_location("capture", os.path.join(folder, "capture.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return packets.pcap(module.frames())


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as f:
        return f.read()


def nonzero(ends):
    amounts = {name: end["packets"] if isinstance(end, dict) else end for name, end in ends.items()}
    return {name: amount for name, amount in amounts.items() if amount}


def check_events(run, wanted):
    for want in wanted:
        found = [e for e in run.of(want["type"]) if all(field(e, k) == v for k, v in want.get("where", {}).items())]
        what = "%s events %s" % (want["type"], want.get("where", ""))
        if "count" in want:
            common.equal(len(found), want["count"], "the number of " + what)
        else:
            common.check(found, "there are no " + what)
        for event in found:
            for path, value in want.get("is", {}).items():
                common.equal(field(event, path), value, "%s of %s" % (path, what))


def check_ledgers(run, expected):
    if expected.get("strict"):
        return
    total = common.ledgers_balance(run)["total"]
    for key, part in (("packet_ends", "packets"), ("payload_ends", "payload")):
        if key in expected:
            common.equal(nonzero(total[part]["ends"]), expected[key], key)


def check_run(run, expected):
    common.equal(run.status, expected.get("status", 0), "the exit status (%s)" % run.err)
    wanted = collections.Counter(tuple(a) for a in expected["alerts"])
    common.equal(collections.Counter(run.alerts()), wanted, "the alerts")
    common.equal(field(run.of("stats")[0], "stats.detect.alert"), len(expected["alerts"]), "detect.alert")
    check_events(run, expected.get("events", []))
    for path, value in expected.get("stats", {}).items():
        common.equal(field(run.of("stats")[0], path), value, path)
    for text in expected.get("stderr", []):
        common.check(text in run.err, "%r is not in standard error:\n%s" % (text, run.err))
    check_ledgers(run, expected)


def run_case(name):
    folder = os.path.join(HERE, name)
    common.check(read(folder, "README.md").strip(), "README.md says nothing")
    expected = json.loads(read(folder, "expected.json"))
    options = []
    if os.path.exists(os.path.join(folder, "config.json")):
        options = ["--config", os.path.join(folder, "config.json")]
    with tempfile.TemporaryDirectory() as scratch:
        capture = os.path.join(scratch, "capture.pcap")
        with open(capture, "wb") as f:
            f.write(capture_of(folder))
        for burst, workers in RUNS:
            print("%s, burst %d, %d workers" % (name, burst, workers), flush=True)
            check_run(common.replay(read(folder, "test.rules"), [capture], "--burst", str(burst), "--workers",
                                    str(workers), *options), expected)


def main():
    for name in sys.argv[1:] or sorted(e.name for e in os.scandir(HERE) if e.is_dir()):
        run_case(name)


main()
