#!/usr/bin/env python3
"""One answer: every corpus test of the tiers T1 and T2, its streams cut anew, gives the same alerts of its rules of class
stream, and of those in recut.rules, for each seed and 1, 2 and 4 workers; and as a Gateway Load Balancer delivers it,
the same alerts of all rules.

The rules of the other classes depend on the packets as they came, so they are compared on the original cut alone.
MIRRORSCAN_LONG=1 takes more seeds. A build with sanitizers (MIRRORSCAN_SANITIZED) takes every fourth test, and 4 workers.
"""
import collections
import concurrent.futures
import glob
import json
import os
import subprocess
import sys
import tempfile

import common

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import recut  # noqa: E402

SEEDS = range(1, 21) if os.environ.get("MIRRORSCAN_LONG") else (1,)
SANITIZED = bool(os.environ.get("MIRRORSCAN_SANITIZED"))
WORKERS = (4,) if SANITIZED else (1, 2, 4)
EVERY = 4 if SANITIZED else 1
COMMON_RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recut.rules")

# Tests whose stream alerts may differ, with the reason.
DIFFER = {}


def alerts(rules, capture, workers=1):
    """Counter of (sid, ends, protocol)."""
    variables = common.testdata("corpus", "vars.yaml")
    with tempfile.TemporaryDirectory() as folder:
        eve = os.path.join(folder, "eve.json")
        subprocess.run([common.engine(), "-q", "replay", "--rules", rules, "--vars", variables, "--workers", str(workers),
                        "--eve", eve, capture], capture_output=True, check=True, timeout=300)
        out = collections.Counter()
        with open(eve, encoding="utf-8") as file:
            for event in map(json.loads, file):
                if event["event_type"] == "alert":
                    out[(event["alert"]["signature_id"], event["src_ip"], event.get("src_port", 0), event["dest_ip"],
                         event.get("dest_port", 0), event["proto"])] += 1
        return out


def stream_sids(rules):
    done = subprocess.run([common.engine(), "check", "--json", "--rules", rules, "--vars", common.testdata("corpus", "vars.yaml")],
                          capture_output=True, text=True, check=True, timeout=300)
    return {rule["sid"] for rule in json.loads(done.stdout)["loaded"] if rule["class"] == "stream"}


def only(counts, sids):
    return {alert: count for alert, count in counts.items() if alert[0] in sids}


def difference(before, after):
    return {alert: (before.get(alert, 0), after.get(alert, 0)) for alert in {*before, *after}
            if before.get(alert, 0) != after.get(alert, 0)}


def in_geneve(name, rules, capture, scratch):
    geneve = os.path.join(scratch, "geneve.pcap")
    subprocess.run([sys.executable, common.testdata("corpus", "vxlan_wrap.py"), "--geneve=plain", capture, geneve],
                   check=True, capture_output=True, timeout=300)
    found = difference(alerts(rules, capture), alerts(rules, geneve))
    return ["%s in GENEVE: %r" % (name, found)] if found else []


def cut_anew(name, rules, capture, scratch, seeds):
    """(what differs, stream alerts compared, segments cut)."""
    sids = stream_sids(rules)
    original = only(alerts(rules, capture), sids) if sids else {}
    wrong, cut = [], 0
    for seed in seeds if sids else ():
        again = os.path.join(scratch, "again.pcap")
        cut_now = recut.recut(capture, again, seed)[0]
        cut += cut_now
        for workers in WORKERS if cut_now else ():
            found = difference(original, only(alerts(rules, again, workers), sids))
            if found:
                wrong.append("%s, seed %d, %d workers: (before, after) %r" % (name, seed, workers, found))
    return wrong, len(original), cut


def one_test(folder):
    name, rules, capture = os.path.basename(folder), os.path.join(folder, "test.rules"), os.path.join(folder, "input.pcap")
    with tempfile.TemporaryDirectory() as scratch:
        own = cut_anew(name, rules, capture, scratch, SEEDS)
        usual = cut_anew(name + " with recut.rules", COMMON_RULES, capture, scratch, SEEDS)
        wrong = in_geneve(name, rules, capture, scratch) + own[0] + usual[0]
    return name, wrong, own[1] + usual[1], own[2] + usual[2]


def main():
    folders = sorted(glob.glob(os.path.join(common.testdata("corpus"), "T[12]", "*")))[::EVERY]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(one_test, folders))
    wrong = [line for name, lines, _alerts, _cut in results for line in lines if name not in DIFFER]
    print("\n".join("FAILED: " + line for line in wrong))
    compared, cut = sum(r[2] for r in results), sum(r[3] for r in results)
    print("%d tests, %d seeds, %s workers; %d stream alerts compared; %d segments cut"
          % (len(results), len(SEEDS), ", ".join(map(str, WORKERS)), compared, cut))
    common.check(len(results) > 100 // EVERY and compared > 200 // EVERY and cut > (300 if SANITIZED else 2_000), "too little was compared")
    common.equal(wrong, [], "what differs")


main()
