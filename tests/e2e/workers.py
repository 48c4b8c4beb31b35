#!/usr/bin/env python3
"""Any number of workers gives the same events: every corpus test whose rules are all supported, and real traffic.

The capture is dealt out packet by packet, so that each worker receives both directions of every flow and most packets
are another worker's: the most hostile arrival there is. Whole events are compared, counts of flows and times included.
Corpus tests take turns with 2, 4 and 8 workers; MIRRORSCAN_LONG=1 gives each test all of them. A build with sanitizers
takes every second corpus test.
"""
import concurrent.futures
import glob
import json
import os
import subprocess
import sys
import tempfile

import common
import packets

NUMBERS = (2, 4, 8)
LONG, SANITIZED = (bool(os.environ.get("MIRRORSCAN_" + name)) for name in ("LONG", "SANITIZED"))


def supported(rules, variables):
    done = subprocess.run([common.engine(), "check", "--strict", "--rules", rules, "--vars", variables],
                          capture_output=True, check=False, timeout=120)
    return done.returncode == 0


def events_of(rules, variables, capture, workers, burst=32):
    """The exit status and standard error, and every event but stats, sorted; the stats event."""
    with tempfile.TemporaryDirectory() as folder:
        eve = os.path.join(folder, "eve.json")
        done = subprocess.run([common.engine(), "-q", "replay", "--rules", rules, "--vars", variables, "--workers",
                               str(workers), "--burst", str(burst), "--eve", eve, capture],
                              capture_output=True, text=True, check=False, timeout=300)
        with open(eve, encoding="utf-8") as f:
            lines = sorted(f)
    stats = [json.loads(line) for line in lines if '"event_type":"stats"' in line]
    return done.returncode, done.stderr, [line for line in lines if '"event_type":"stats"' not in line], stats[0]


def in_flight(mirror):
    """What was steered and never taken; both ledgers are added up on the way."""
    for place in [mirror["total"]] + mirror["lcores"] + mirror["vnis"]:
        common.balances(place)
    packets, payload = mirror["total"]["packets"], mirror["total"]["payload"]
    return (packets["steered_out"]["packets"] - packets["steered_in"]["packets"],
            packets["steered_out"]["bytes"] - packets["steered_in"]["bytes"],
            payload["steered_out"] - payload["steered_in"])


def difference(one, many):
    only_one = [line for line in one if line not in set(many)]
    only_many = [line for line in many if line not in set(one)]
    return "%d events, then %d; only with one worker: %s only with more: %s" % (
        len(one), len(many), only_one[:2], only_many[:2])


def compare(name, rules, variables, capture, numbers):
    """A sentence about what differs; empty when nothing does."""
    status, errors, one, stats = events_of(rules, variables, capture, 1)
    if status != 0:
        return "%s: exit status %d: %s" % (name, status, errors)
    for workers in numbers:
        status, errors, many, stats = events_of(rules, variables, capture, workers, burst=workers * 5)
        if status != 0:
            return "%s, %d workers: exit status %d: %s" % (name, workers, status, errors)
        if many != one:
            return "%s, %d workers: %s" % (name, workers, difference(one, many))
        if in_flight(stats["mirror"]) != (0, 0, 0):
            return "%s, %d workers: steered and never taken: %r" % (name, workers, in_flight(stats["mirror"]))
    return ""


def corpus_tests():
    corpus = common.testdata("corpus")
    variables = os.path.join(corpus, "vars.yaml")
    for rules in sorted(glob.glob(os.path.join(corpus, "T*", "*", "test.rules"))):
        if supported(rules, variables):
            folder = os.path.dirname(rules)
            yield os.path.basename(folder), rules, variables, os.path.join(folder, "input.pcap")


def real_traffic():
    traffic = common.testdata("traffic")
    for rules in sorted(glob.glob(os.path.join(traffic, "real", "*", "test.rules"))):
        folder = os.path.dirname(rules)
        yield "traffic/" + os.path.basename(folder), rules, os.path.join(traffic, "vars.yaml"), os.path.join(
            folder, "input.pcap")


# The answer to `asks` is waited for, since it changes its flow.
ENDING_RULES = """
alert tcp any any -> any any (msg:"turns"; content:"abc"; content:!"xyz"; distance:0; xbits:toggle,b,track ip_src; sid:1;)
alert tcp any %s -> any any (msg:"asks"; content:"abc"; content:!"xyz"; distance:0; xbits:isset,b,track ip_src; flowbits:set,f; sid:2;)
alert tcp any any -> any any (msg:"third"; content:"abc"; content:!"xyz"; distance:0; threshold:type threshold,track by_src,count 3,seconds 60; sid:3;)
"""


def ending_flows(folder, flows, asking):
    """Flows of one host whose matches are decided when they end: half in one second, half with the capture. Where few of
    them ask (by client port), more than the rings have room for waits before they do."""
    rules, capture = os.path.join(folder, "%d.rules" % flows), os.path.join(folder, "%d.pcap" % flows)
    frames = []
    for port in range(flows):
        talk = packets.Talk(ports=(40000 + port, 80))
        start = port if port < flows // 2 else 20_000_000_000 + port  # hours later: the first ones have ended
        frames += [(start, packets.vxlan(7, frame)) for frame in talk.handshake() + [talk.says(b"abc")]]
        if port % 5 == 0:
            frames.append((start, packets.vxlan(7, talk.says(b"abc", skip=10))))  # behind a hole
    with open(rules, "w", encoding="utf-8") as f:
        f.write(ENDING_RULES % asking)
    with open(capture, "wb") as f:
        f.write(packets.pcap(frames))
    return "%d flows that end together" % flows, rules, os.path.join(common.testdata("corpus"), "vars.yaml"), capture


def main():
    jobs = [(*test, NUMBERS if LONG else (NUMBERS[i % 3],)) for i, test in enumerate(corpus_tests())]
    jobs = jobs[::2] if SANITIZED else jobs
    jobs += [(*traffic, NUMBERS) for traffic in real_traffic()]
    with tempfile.TemporaryDirectory() as folder:
        jobs.append((*ending_flows(folder, 60, "any"), NUMBERS))
        jobs.append((*ending_flows(folder, 4000, "[40017,40517,41017,41517,42517,43017]"), NUMBERS))
        return compare_all(jobs)


def compare_all(jobs):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda job: compare(*job), jobs))
    wrong = [answer for answer in answers if answer]
    print("\n".join("FAILED: " + answer for answer in wrong))
    print("%d captures with one worker and with %s" % (len(jobs), ", ".join(map(str, NUMBERS))))
    common.check(len(jobs) > (30 if SANITIZED else 60), "only %d captures were tried" % len(jobs))
    return 1 if wrong else 0


sys.exit(main())
