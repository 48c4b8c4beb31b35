#!/usr/bin/env python3
"""mirrorscan-bench: each command measures something small and prints the fields that its README promises. No time is
looked at."""
import json
import os
import random
import subprocess
import tempfile

import common
import packets

BENCH = os.environ["MIRRORSCAN_BENCH_EXE"]
WORDS = ["order", "invoice", "picture", "account", "delivery"]
FEW = ["--rounds", "2", "--mbufs", "4095"]


def bench(*arguments, status=0):
    done = subprocess.run([BENCH, *arguments], capture_output=True, text=True, timeout=60, check=False)
    common.equal(done.returncode, status, "exit status of %s (%s)" % (arguments[0], done.stderr))
    return done


def measured(command, *arguments):
    """The one object that it printed, with the fields that all have."""
    said = json.loads(bench(command, *arguments).stdout)
    common.equal(said["command"], command, "the command")
    has(said, "arguments", "flags", "machine.cpu", "machine.cpus", "machine.kernel", "machine.tsc_hz", "machine.l3_bytes", "machine.cpu_share")
    return said


def at(said, path):
    for name in path.split("."):
        common.check(name in said, "%s is missing in %s" % (path, sorted(said)))
        said = said[name]
    return said


def has(said, *paths):
    for path in paths:
        at(said, path)


def capture(folder):
    """Some connections that say words, each both ways."""
    draw, frames = random.Random(1), []
    for flow in range(30):
        talk = packets.Talk(client="10.0.1.%d" % (flow + 1), ports=(40_000 + flow, 80))
        frames += talk.handshake()
        frames += [talk.says(" ".join(draw.choices(WORDS, k=20)).encode()) for _ in range(10)]
        frames += talk.teardown()
    path = os.path.join(folder, "traffic.pcap")
    with open(path, "wb") as file:
        file.write(packets.pcap([packets.vxlan(4711, frame) for frame in frames]))
    return path, len(frames)


def literals(folder):
    path = os.path.join(folder, "literals.txt")
    with open(path, "w", encoding="ascii") as file:
        file.write("".join("%s - tcp\n" % word.encode().hex() for word in WORDS))
    return path


def inspect(folder):
    path, count = capture(folder)
    said = measured("inspect", "--capture", path, "--literals", literals(folder), *FEW)
    common.equal(len(said["rounds"]), 2, "rounds")
    common.equal(said["fed"]["packets"], count, "packets fed")
    common.equal(said["fed"]["flows"], 30, "flows fed")
    common.equal((said["rules"]["rules"], said["rules"]["loaded"]), (5, 5), "rules")
    for one in said["rounds"]:
        common.equal(one["worker"]["packets"], count, "packets inspected")
        common.check(one["worker"]["alerts"] > 0 and one["scan_alone"]["matches"] > 0, "nothing was found")
        common.check(one["worker"]["ledger"]["balances"], "the ledger does not balance")
        common.equal(one["scan_alone"]["patterns"], 5, "patterns")
        common.equal(one["ideal"]["flows"], 60, "directions that the ideal loop saw")
        common.equal(one["scan_alone"]["matches"], one["ideal"]["matches"], "matches of the ideal loop")
        has(one, "worker.kpps", "worker.cycles_per_packet", "worker.outer_gbit_per_s", "worker.payload_gbit_per_s", "worker.finish_seconds",
            "worker.first_cycles_per_packet", "worker.records", "worker.flows_created", "worker.flows_active", "worker.stages",
            "worker.rss_bytes", "worker.rss_growth_bytes", "worker.counters", "scan_alone.stream_state_bytes",
            "scan_by_protocol.payload_gbit_per_s", "ideal.stages.flow", "share_of_scan_alone", "share_of_scan_by_protocol", "share_of_ideal")
    common.check("worker.kpps" in said["summary"], "no summary of worker.kpps")
    common.check(not {"looped_capture", "random_payload", "unequal_passes", "unbalanced_ledger"} & set(said["flags"]), "flags %s" % said["flags"])


def inspect_without_rules(folder):
    said = measured("inspect", "--capture", capture(folder)[0], *FEW)
    common.equal((said["rules"], said["rounds"][0]["scan_alone"], said["rounds"][0]["scan_by_protocol"]), (None, None, None), "without rules")


def workers(folder):
    path, count = capture(folder)
    for arrival, least, most in (("friendly", 0, 0), ("hostile", 0.15, 0.85)):
        said = measured("inspect", "--capture", path, "--workers", "2", "--arrival", arrival, *FEW)
        worker = said["rounds"][0]["worker"]
        common.equal((worker["workers"], worker["packets"]), (2, count), "workers and packets")
        common.check(least <= worker["handed_over_share"] <= most, "%s arrival hands over %s" % (arrival, worker["handed_over_share"]))
        has(worker, "cycles_per_packet", "wall_kpps", "parallel", "flows_created")
        common.equal(worker["flows_created"], 30, "flows of both workers")
        common.check(worker["ledger"]["balances"], "the ledgers do not balance")


def pipeline(_folder):
    for transport in ("tcp", "udp"):
        said = measured("pipeline", "--transport", transport, "--flows", "500", "--packets", "5000", "--packet-rate", "5000",
                        "--new-flows", "100", *FEW)
        common.equal((said["fed"]["packets"], said["fed"]["flows"]), (5000, 500), "fed")
        common.check(99 <= said["fed"]["new_flows"] <= 101, "new flows: %s" % said["fed"]["new_flows"])
        common.check("small_capture" in said["flags"], "few packets are not flagged")
        worker = said["rounds"][0]["worker"]
        common.check(worker["ledger"]["balances"] and worker["flows_active"] >= 450, "worker of %s: %s" % (transport, worker))
        common.check(worker["counters"].get("flows_timed_out", 0) > 0, "no flow has ended")
        has(said["rounds"][0], "worker.setup_cycles_per_packet", "ideal.cycles_per_packet", "share_of_ideal")
    for size in ("imix", "9000"):
        measured("pipeline", "--inner", size, "--flows", "100", "--packets", "2000", "--vnis", "7", "--geneve", *FEW)


def lookup(_folder):
    said = measured("lookup", "--flows", "1000,20000", "--lookups", "20000", "--rounds", "2")
    for one in said["rounds"]:
        for name in ("flows_1000", "flows_20000"):
            has(one[name], "bulk", "single", "rte_hash_bulk", "rte_hash_single", "insert", "rte_hash_insert", "ratio_to_rte_hash")
        has(one, "ratio_of_sizes")


def memory(folder):
    said = measured("memory", "--flows", "2000", "--literals", literals(folder))
    common.equal((said["flows"], said["directions"]), (2000, 4000), "flows")
    common.check("worker_overloaded" not in said["flags"], "a budget was hit")
    common.check(said["rss_before"] <= said["rss_made"] <= said["rss_tracked"] <= said["rss_streamed"], "memory does not grow")
    has(said["bytes_per_direction"], "measured", "tracking_and_streams", "computed", "record", "timer", "index", "flow_state", "stream_state")
    for budgets in (said["budgets"], said["budgets_default"]):
        common.equal(budgets["sum"], sum(n for name, n in budgets.items() if name != "sum"), "the sum of the budgets")


def load(folder):
    said = measured("load", "--literals", literals(folder))
    has(said, "cold_seconds", "rss_growth_bytes", "rules.load_seconds")
    common.equal(said["cached_seconds"], None, "seconds from a cache")
    common.check(said["cached_reason"], "no reason")


def rare_literals(folder):
    """What ordinary traffic does not say, so that its alerts are foreseen."""
    path = os.path.join(folder, "rare.txt")
    with open(path, "w", encoding="ascii") as file:
        file.write("".join("%s - tcp\n" % ("~%dQz%d~" % (n, n)).encode().hex() for n in range(100, 140)))
    return path


def rate_few(folder, *arguments):
    return measured("rate", "--literals", rare_literals(folder), "--packets", "20000", "--flows", "100", "--attacks", "0.2", *arguments)


def rate(folder):
    """Slowly enough for any machine: nothing is lost and every alert is told once."""
    said = rate_few(folder, "--rate", "5000", "--queue-packets", "32768")
    trial = said["trials"][0]
    common.equal((trial["lost"], trial["recall"], trial["missing_alerts"], trial["extra_alerts"]), (0, 1.0, 0, 0), "the trial")
    common.check(trial["expected_alerts"] > 50, "alerts expected: %s" % trial["expected_alerts"])
    common.equal(trial["packets"], 20000, "packets")
    has(trial, "asked_pps", "achieved_pps", "latency_us.p50", "latency_us.p99", "latency_us.p99_9", "behind_us", "cycles_per_packet", "passed", "why")
    has(said, "throughput_pps", "best")


def a_generator_that_cannot_keep_up_is_flagged(folder):
    """The rate that it reaches says nothing about the inspector."""
    said = rate_few(folder, "--rate", "1000000000")
    trial = said["trials"][0]
    common.check("waiting_generator" in said["flags"], "flags: %s" % said["flags"])
    common.check(trial["achieved_pps"] < trial["asked_pps"] and not trial["passed"], "the trial passed")
    common.equal(said["throughput_pps"], None, "the throughput")


def literals_to_rules(folder):
    rules = bench("literals-to-rules", "--literals", literals(folder), "--count", "2").stdout.splitlines()
    common.equal(len(rules), 2, "rules")
    common.check('content:"|6f 72 64 65 72|"' in rules[0] and "sid:1;" in rules[0], rules[0])


def mistakes(folder):
    bench("inspect", "--capture", os.path.join(folder, "none.pcap"), status=2)
    bench("pipeline", "--inner", "63", status=2)
    bench("load", status=2)
    bench("rate", status=2)
    bench("inspect", "--burst", "0", status=2)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for test in (inspect, inspect_without_rules, workers, pipeline, lookup, memory, load, rate, a_generator_that_cannot_keep_up_is_flagged, literals_to_rules,
                     mistakes):
            test(folder)
            print("passed: " + test.__name__)


if __name__ == "__main__":
    main()
