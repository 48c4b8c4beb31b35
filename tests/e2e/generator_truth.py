#!/usr/bin/env python3
"""What mirrorscan-gen says its traffic must raise is what mirrorscan alerts on it: 20 seeds for each of the traffic's options
(4 where sanitizers are built in).

The captures of all seeds are inspected in one run: each has VNIs and hours of its own.
"""
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

import common

ROOT = os.environ["MIRRORSCAN_SOURCE_ROOT"]
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import compare_truth  # noqa: E402

GENERATOR = os.environ["MIRRORSCAN_GEN_EXE"]
RULES = os.path.join(ROOT, "tests", "e2e", "generator_truth.rules")
SEEDS = range(1, 5 if os.environ.get("MIRRORSCAN_SANITIZED") else 21)
VNIS_A_SEED = 100
KEYS = compare_truth.Keys(as_set=False)

OPTIONS = {
    "plain": [],
    "IPv6": ["--ipv6", 0.5],
    "GENEVE": ["--encap", "geneve"],
    "several VNIs": ["--vnis", 7, "--sources", 3],
    "split often": ["--occurrences", 3, "--segments", 16],
    "loss": ["--loss", 0.05],
    "reordering": ["--reorder", 0.1],
    "duplicates": ["--duplicate", 0.2],
    "double mirroring": ["--double-mirror", 0.7, "--sources", 2],
    "one side": ["--one-sided", 0.5],
    "truncation": ["--truncate", 80],
    "truncation within headers": ["--truncate", 64, "--ipv6", 0.3],
    "small segments": ["--mss", 100],
    "IMIX": ["--sizes", "imix"],
    "fixed sizes": ["--sizes", "fixed:512", "--reorder", 0.05],
    "jumbo frames": ["--sizes", "fixed:9000", "--mss", 8940],
    "a rate of its own": ["--rate", 2000],
    "all at once": ["--loss", 0.04, "--reorder", 0.08, "--reorder-distance", 40, "--duplicate", 0.1, "--double-mirror", 0.3, "--sources", 2,
                    "--one-sided", 0.3, "--truncate", 300, "--ipv6", 0.3, "--vnis", 3, "--occurrences", 2, "--segments", 8],
}


def run(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, check=False)
    common.equal(done.returncode, 0, "the exit status of %s\n%s%s" % (command, done.stdout, done.stderr))


def replay(folder, captures, *rules):
    config, eve = os.path.join(folder, "config.json"), os.path.join(folder, "eve.json")
    with open(config, "w", encoding="utf-8") as file:
        json.dump({"profile": "mirror"}, file)
    run([common.engine(), "-q", "replay", "--config", config, *rules, "--eve", eve, *captures])
    return eve


def alerts_by_seed(eve):
    out = collections.defaultdict(collections.Counter)
    for key, count in compare_truth.alerts_of(eve, KEYS).items():
        out[key[1] // VNIS_A_SEED][key] += count
    return out


def check_option(name, options):
    """How many alerts were expected, and how many attacks were damaged."""
    expected = damaged = 0
    with tempfile.TemporaryDirectory() as folder:
        captures, truths = ([os.path.join(folder, "%d.%s" % (seed, kind)) for seed in SEEDS] for kind in ("pcap", "truth"))
        for seed, capture, truth in zip(SEEDS, captures, truths):
            run([GENERATOR, "-q", "--seed", seed, "--vni", seed * VNIS_A_SEED, "--start", seed * 3_600_000_000, "--packets", 1500,
                 "--flows", 60, "--flow-lifetime", 5, *options, "--attacks", 0.5, "--rules", RULES, "--truth", truth, "--pcap", capture])
        found = alerts_by_seed(replay(folder, captures, "--rules", RULES))
        for seed, path in zip(SEEDS, truths):
            truth = compare_truth.Truth(path, KEYS)
            differences = compare_truth.compare(truth, found[seed], False)
            compare_truth.tell(differences, truth, found[seed], 10)
            common.check(not any(differences.values()), "%s, seed %d: the alerts are not those of the truth" % (name, seed))
            expected += sum(truth.expected.values())
            damaged += truth.damaged
    common.check(expected > 5 * len(SEEDS), "%s: hardly an alert is expected (%d)" % (name, expected))
    return expected, damaged


def literals(path, count):
    """Rules of the first so many lines: bytes in hex, i for any case, the protocol."""
    with open(path, encoding="ascii") as file:
        for sid, (line, _) in enumerate(zip(file, range(count)), 1):
            content, case, protocol = line.split()
            spaced = " ".join(content[i:i + 2] for i in range(0, len(content), 2))
            yield 'alert %s any any -> any any (content:"|%s|"; %ssid:%d;)\n' % (protocol, spaced, "nocase; " if case == "i" else "", sid)


def variables(path):
    """Those of the file, with all addresses accepted: generated flows are in 10.0.0.0/8, both ends."""
    with open(path, encoding="utf-8") as file:
        addresses, ports = file.read().split("  port-groups:")
    return re.sub('(    [A-Z0-9_]+): .*', r'\1: "any"', addresses) + "  port-groups:" + ports


def check_rules_of_others(name, *rules):
    with tempfile.TemporaryDirectory() as folder:
        capture, truth = os.path.join(folder, "pcap"), os.path.join(folder, "truth")
        run([GENERATOR, "-q", "--packets", 30000, "--flows", 1000, "--loss", 0.01, "--reorder", 0.02, "--ipv6", 0.1, "--occurrences", 2,
             "--attacks", 0.5, *rules, "--truth", truth, "--pcap", capture])
        eve = replay(folder, [capture], *rules)
        done = subprocess.run([sys.executable, compare_truth.__file__, truth, eve], capture_output=True, text=True, check=False)
        common.equal(done.returncode, 0, "the exit status of compare_truth.py for %s\n%s" % (name, done.stdout))
        print("%s: %s" % (name, done.stdout.strip()))


def check_test_data():
    data = os.environ.get("MIRRORSCAN_TESTDATA", "")
    source, et_open = (os.path.join(data, "rules", file) for file in ("literals.txt", "et-open-composite.rules"))
    if not data or not os.path.exists(source) or not os.path.exists(et_open):
        print("SKIPPED: 10,000 literals and ET Open: no test data at MIRRORSCAN_TESTDATA='%s'" % data)
        return
    with tempfile.TemporaryDirectory() as folder:
        rules, vars_file = os.path.join(folder, "literals.rules"), os.path.join(folder, "vars.yaml")
        with open(rules, "w", encoding="ascii") as file:
            file.writelines(literals(source, 10_000))
        with open(vars_file, "w", encoding="utf-8") as file:
            file.write(variables(os.path.join(data, "corpus", "vars.yaml")))
        check_rules_of_others("10,000 literals", "--rules", rules)
        check_rules_of_others("ET Open", "--rules", et_open, "--vars", vars_file)


def main():
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(lambda row: check_option(*row), OPTIONS.items()))
    for name, (expected, damaged) in zip(OPTIONS, results):
        print("%s: %d seeds, %d alerts as expected, %d attacks damaged" % (name, len(SEEDS), expected, damaged))
    check_test_data()


if __name__ == "__main__":
    main()
