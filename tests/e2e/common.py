"""What the end-to-end tests share: where things are, and running the inspector.

A test is a script: exit status 0 passed, 77 skipped (loudly), anything else failed.
"""
import json
import os
import subprocess
import sys
import tempfile

SKIPPED = 77


def engine():
    """The mirrorscan executable, from the environment that meson sets."""
    return os.environ["MIRRORSCAN_EXE"]


def testdata(*parts):
    """A path in the test data; skips the test when it is not there."""
    root = os.environ.get("MIRRORSCAN_TESTDATA", "")
    path = os.path.join(root, *parts)
    if not root or not os.path.exists(path):
        print("SKIPPED: no test data at MIRRORSCAN_TESTDATA='%s' (%s is missing)" % (root, os.path.join(*parts)))
        sys.exit(SKIPPED)
    return path


class Run:
    """One replay: status, text output, events by type."""

    def __init__(self, status, out, err, events):
        self.status, self.out, self.err, self.events = status, out, err, events

    def of(self, event_type):
        return [e for e in self.events if e["event_type"] == event_type]

    def alerts(self):
        """Sorted (sid, src_ip, src_port, dest_ip, dest_port, proto), one for each alert."""
        return sorted((e["alert"]["signature_id"], e["src_ip"], e.get("src_port", 0), e["dest_ip"],
                       e.get("dest_port", 0), e["proto"]) for e in self.of("alert"))


def replay(rules_text, captures, *options, env=None):
    """Replays captures with the rules given as text."""
    with tempfile.TemporaryDirectory() as folder:
        rules = os.path.join(folder, "test.rules")
        eve = os.path.join(folder, "eve.json")
        with open(rules, "w", encoding="utf-8") as f:
            f.write(rules_text)
        done = subprocess.run([engine(), "replay", "--rules", rules, "--eve", eve, *options, *captures],
                              capture_output=True, text=True, timeout=300, check=False,
                              env={**os.environ, **(env or {})})
        events = []
        if os.path.exists(eve):
            with open(eve, encoding="utf-8") as f:
                events = [json.loads(line) for line in f]
        return Run(done.returncode, done.stdout, done.stderr, events)


def check(condition, message):
    if not condition:
        print("FAILED: " + message)
        sys.exit(1)


def equal(got, wanted, what):
    check(got == wanted, "%s is %r, not %r" % (what, got, wanted))


def ledgers_balance(run):
    """Both equations, added up here from the stats event rather than believed."""
    stats = run.of("stats")
    equal(len(stats), 1, "number of stats events")
    mirror = stats[0]["mirror"]
    check(mirror["balanced"] is True, "the program says that its ledgers do not balance")
    for place in [mirror["total"]] + mirror["lcores"] + mirror["vnis"]:
        balances(place)
    return mirror


def balances(place):
    packets, payload = place["packets"], place["payload"]
    for unit in ("packets", "bytes"):
        into = packets["received"][unit] + packets["handed_in"][unit] + packets["steered_in"][unit]
        out = packets["handed_out"][unit] + packets["steered_out"][unit] + packets["held_defrag"][unit]
        out += sum(end[unit] for end in packets["ends"].values())
        equal(into, out, "the sum of %s" % unit)
    into = payload["received"] + payload["handed_in"] + payload["steered_in"]
    out = payload["handed_out"] + payload["steered_out"] + payload["held_defrag"] + payload["held_reassembly"] + sum(payload["ends"].values())
    equal(into, out, "the sum of payload bytes")
