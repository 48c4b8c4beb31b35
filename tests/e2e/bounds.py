#!/usr/bin/env python3
"""A rule that costs more than its budget is suspended, with one event that says so, and the others go on; the same again,
and for any number of workers. Overlaps that differ are told once a flow. What the work amounts to is shown by counters."""
import json
import os
import tempfile

import common
import packets

RULES = """
alert tcp any any -> any any (msg:"one byte"; content:"a"; fast_pattern; content:"zq"; within:40; sid:1; rev:3;)
alert tcp any any -> any any (msg:"explodes"; content:"key="; pcre:"/(a+)+[$]/R"; sid:2;)
alert tcp any any -> any any (msg:"sane"; content:"attack"; sid:3;)
"""
BUDGET = 200_000
CONFIG = {"profile": "reference", "detect": {"max_rule_steps_per_second": BUDGET, "suspension_s": 30}}


def flood():
    """40 s: a flood in the first second, an attack in it, and after 35 s what rule 1 looks for."""
    talk = packets.Talk()
    frames = [(i, frame) for i, frame in enumerate(talk.handshake())]
    frames += [(1_000 + i, talk.says(b"a" * 1400)) for i in range(400)]
    frames.append((500_000, talk.says(b"attack")))
    frames += [(600_000 + i, talk.says(b"key=" + b"a" * 1000)) for i in range(100)]
    frames.append((20_000_000, talk.says(b"azq")))  # rule 1 is still suspended
    frames.append((35_000_000, talk.says(b"azq")))
    frames += [(36_000_000 + i, frame) for i, frame in enumerate(talk.teardown())]
    return packets.pcap([(after, packets.vxlan(7, frame)) for after, frame in frames])


def run(capture, folder, workers):
    config = os.path.join(folder, "config.json")
    with open(config, "w", encoding="utf-8") as file:
        json.dump(CONFIG, file)
    return common.replay(RULES, [capture], "--config", config, "--workers", str(workers))


def told(done):
    return [(e["anomaly"]["event"], e["mirror"]["rule"]["sid"], e["mirror"]["reason"], e["mirror"]["rules"],
             e["mirror"]["suspended_s"], e["mirror"]["steps"]) for e in done.of("anomaly")]


def overlaps():
    """Two connections with copies that differ, 50 each."""
    frames = []
    for port in (40000, 40001):
        talk = packets.Talk(ports=(port, 80))
        frames += talk.handshake()
        for i in range(50):
            frames.append(talk.says(b"good"))
            frames.append(frames[-1][:-1] + bytes([i]))
    return packets.pcap([packets.vxlan(7, frame) for frame in frames])


def overlaps_are_told_once_a_flow():
    with tempfile.TemporaryDirectory() as folder:
        capture = os.path.join(folder, "overlaps.pcap")
        with open(capture, "wb") as file:
            file.write(overlaps())
        done = common.replay(RULES, [capture])
    common.equal(sorted((e["anomaly"]["event"], e["src_port"]) for e in done.of("anomaly")),
                 [("overlap_differs", 40000), ("overlap_differs", 40001)], "the events")
    common.equal(common.ledgers_balance(done)["counters"]["tcp_overlap_differs"], 100, "the counter")


def main():
    overlaps_are_told_once_a_flow()
    with tempfile.TemporaryDirectory() as folder:
        capture = os.path.join(folder, "flood.pcap")
        with open(capture, "wb") as file:
            file.write(flood())
        runs = [run(capture, folder, workers) for workers in (1, 1, 2, 4)]
    first = runs[0]
    common.equal(first.status, 0, "exit status: " + first.err)
    common.equal([a[0] for a in first.alerts()], [1, 3], "the sids of the alerts")
    common.check("warning: rules_suspended grew by " in first.err, "no warning of the suspension: " + first.err)
    event = first.of("anomaly")[0]
    common.equal(told(first)[0][:5], ("rules_suspended", 1, "rule_budget", 1, 30), "what the event says")
    common.equal(len([e for e in told(first) if e[1] == 1]), 1, "number of events for rule 1")
    common.check('rule 1:1 "one byte"' in event["mirror"]["text"], "text: " + event["mirror"]["text"])
    common.equal(event["src_port"], 40000, "source port of the flow that used the budget up")
    for done in runs[1:]:
        common.equal((told(done), done.alerts()), (told(first), first.alerts()), "events of another run")

    counters = common.ledgers_balance(first)["counters"]
    common.equal(counters["rules_suspended"], len(told(first)), "the counter rules_suspended")
    common.check(counters["evaluations_skipped"] > 300_000, "skipped: %d" % counters["evaluations_skipped"])
    limit = 3 * (BUDGET + 50_001) + 20_000
    common.check(counters["evaluation_steps"] < limit, "steps: %d, not below %d" % (counters["evaluation_steps"], limit))


main()
