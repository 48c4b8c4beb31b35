#!/usr/bin/env python3
"""Rules of class stream against an oracle that looks at whole streams (tests/support/stream_oracle.h).

The streams are put together here, byte by byte into a dictionary; those with holes, with different bytes at one place, or
that the inspector may see end early are left out. Compared is in which windows of which stream each rule alerts: the rules of
every corpus test of T1 and T2 on its capture, those of ET Open on the real traffic, and recut.rules on all of them. A build
with sanitizers takes every third of these comparisons.
"""
import concurrent.futures
import glob
import ipaddress
import json
import os
import re
import subprocess
import sys
import tempfile

import common

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import recut  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
MIB = 1 << 20  # the reference's depth
WINDOW = 4096
EVERY = 3 if os.environ.get("MIRRORSCAN_SANITIZED") else 1
# What depends on more than one stream's bytes.
STATE = re.compile(r"\b(flowbits|flowint|xbits|hostbits|threshold|detection_filter|tag|noalert)\b")
STREAM_SIDS = {}


def oracle(*words, text=""):
    done = subprocess.run([os.environ["STREAM_ORACLE_EXE"], *words], input=text, capture_output=True, text=True, check=True,
                          timeout=3000)
    return [line.split() for line in done.stdout.splitlines()], done.stderr


class Talk:
    """A connection as its packets say it, as far as both ends may be trusted with each byte."""

    def __init__(self):
        self.sides, self.fit, self.acked, self.packets = None, True, [False, False], 0


def streams(capture):
    """(line for the oracle, ends) of each whole stream."""
    work = recut.Recut(recut.read_pcap(capture), 1, recut.MOST)
    talks, tuples = {}, {}
    known = work.connections()
    for (_time, frame), k in zip(work.frames, known):
        if k is None:
            continue
        t, connection, way = k
        ends = (t.src, t.sport, t.dst, t.dport)
        if connection is None:
            tuples[frozenset(((t.src, t.sport), (t.dst, t.dport)))] = None
            continue
        talk = talks.setdefault(id(connection), Talk())
        talk.sides, talk.packets = connection, talk.packets + 1
        tuples.setdefault(frozenset(((t.src, t.sport), (t.dst, t.dport))), set())
        seen = tuples[frozenset(((t.src, t.sport), (t.dst, t.dport)))]
        if seen is not None:
            seen.add(id(connection))
        payload = t.payload[1] - t.payload[0]
        if t.flags & recut.SYN and not t.flags & recut.ACK:
            talk.client = ends
        talk.acked[way] |= bool(t.flags & recut.ACK)
        plain = not payload or (t.flags & recut.ACK and not t.flags & (recut.SYN | recut.RST | recut.URG))
        talk.fit &= bool(plain) and not (t.flags & recut.RST and talk.packets < 4)
        if payload and connection[way].closed:
            talk.fit = False
        connection[way].closed |= bool(t.flags & (recut.FIN | recut.RST))
        if t.flags & recut.RST:
            connection[0].closed = connection[1].closed = True
    for talk in talks.values():
        client = getattr(talk, "client", None)
        if client is None or not talk.fit or any(s.differs or s.start is None for s in talk.sides) or not all(talk.acked):
            continue
        key = frozenset((client[:2], client[2:]))
        if tuples.get(key) is None or len(tuples[key]) != 1:
            continue
        forward = 0 if client[:2] <= client[2:] else 1
        if not all(side.whole() for side in talk.sides):
            continue
        for way, direction in ((forward, "to_server"), (1 - forward, "to_client")):
            said = talk.sides[way].said
            if not said or len(said) >= MIB:
                continue
            ends = client if direction == "to_server" else client[2:] + client[:2]
            src, dst = (str(ipaddress.ip_address(bytes(a))) for a in (ends[0], ends[2]))
            place = (src, str(ends[1]), dst, str(ends[3]))
            yield " ".join((*place, direction, said.hex())), place


def oracle_rules(rules, variables, target):
    """Writes the rules that the oracle can speak about to `target`; the numbers of all such, and in plain words."""
    listed, _err = oracle("--sids", rules, variables)
    sids = {int(sid) for sid, _words in listed}
    chosen = 0
    with open(rules, encoding="utf-8", errors="surrogateescape") as file, \
            open(target, "w", encoding="utf-8", errors="surrogateescape") as out:
        for line in file:
            sid = re.search(r"\bsid\s*:\s*(\d+)", line)
            if sid and int(sid.group(1)) in sids and not line.startswith("#") and not STATE.search(line):
                out.write(line)
                chosen += 1
    return chosen, sum(words == "plain" for _sid, words in listed)


def engine_alerts(rules, variables, capture, places):
    with tempfile.TemporaryDirectory() as folder:
        eve = os.path.join(folder, "eve.json")
        subprocess.run([common.engine(), "-q", "replay", "--rules", rules, "--vars", variables, "--eve", eve, capture],
                       capture_output=True, check=True, timeout=3000)
        out, counters = set(), {}
        with open(eve, encoding="utf-8") as file:
            for event in map(json.loads, file):
                if event["event_type"] == "stats":
                    counters = event["mirror"]["counters"]
                if event["event_type"] != "alert" or "stream_offset" not in event["mirror"]:
                    continue
                place = (event["src_ip"], str(event["src_port"]), event["dest_ip"], str(event["dest_port"]))
                if place in places:
                    window = (max(event["mirror"]["stream_offset"], 1) - 1) // WINDOW
                    out.add((str(event["alert"]["signature_id"]), *place, str(window)))
        return out, counters


def compare(name, rules, variables, capture):
    """(what differs, rules, streams, alerts)."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = os.path.join(folder, "stream.rules")
        count, _plain = oracle_rules(rules, variables, chosen)
        if count == 0:
            return "", 0, 0, 0
        whole = list(streams(capture))
        expected, _err = oracle(chosen, variables, text="".join(line + "\n" for line, _place in whole))
        found, counters = engine_alerts(chosen, variables, capture, {place for _line, place in whole})
    expected = {tuple(words) for words in expected}
    limits = {k: counters[k] for k in ("rules_suspended", "evaluation_steps_exhausted", "pcre_limit", "triggers_evicted",
                                       "windows_budget", "alert_memory_budget") if counters.get(k)}
    wrong = ""
    if expected != found:
        wrong = "%s: lost %r, more %r, limits %r" % (name, sorted(expected - found)[:3], sorted(found - expected)[:3], limits)
    return wrong, count, len(whole), len(expected)


def jobs():
    corpus, traffic = common.testdata("corpus"), common.testdata("traffic")
    for folder in sorted(glob.glob(os.path.join(corpus, "T[12]", "*"))):
        name, capture, variables = os.path.basename(folder), os.path.join(folder, "input.pcap"), os.path.join(corpus, "vars.yaml")
        yield name, os.path.join(folder, "test.rules"), variables, capture
        yield name + " with recut.rules", os.path.join(HERE, "recut.rules"), variables, capture
    for capture in glob.glob(os.path.join(traffic, "real", "*", "input.pcap")):
        for rules in (common.testdata("rules", "et-open-composite.rules"), os.path.join(HERE, "recut.rules")):
            yield "real traffic with " + os.path.basename(rules), rules, os.path.join(traffic, "vars.yaml"), capture


def main():
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda job: compare(*job), list(jobs())[::EVERY]))
    wrong = [r[0] for r in results if r[0]]
    print("\n".join("FAILED: " + line for line in wrong))
    rules, whole, alerts = (sum(r[i] for r in results) for i in (1, 2, 3))
    print("%d comparisons; %d rules, %d streams, %d alerts" % (len(results), rules, whole, alerts))
    common.check(whole > (20 if EVERY > 1 else 100) and alerts > 200 // EVERY, "too little was compared")
    common.equal(wrong, [], "what differs")


main()
