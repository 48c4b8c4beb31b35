"""The highest rate with no loss (RFC 2544, throughput), where also every alert comes exactly once: generator and inspector in
one process, the generator by the clock on one CPU and the worker on another."""

import json
import sys

from . import commands
from .measurement import Measured, Measurement
from .place import ROOT

TRIAL_SECONDS, MOST_PACKETS = 2.0, 800_000  # of a trial; packets lie ready in memory, some 2.5 kB each
LOWEST, HIGHEST, TRIALS = 20_000, 4_000_000, 8
TRAFFIC = "--flows 10000 --flow-lifetime 1 --mix http=45,tls=15,tcp=20,dns=10,udp=10 --vnis 4"


def configuration(rules, events):
    return {
        "rules": {"files": [str(ROOT / rules)]},
        "workers": {"count": 1, "cpus": [commands.last_cpu()]},
        "output": {"flow_events": False, "rule_stats": 0, "file": {"path": str(events)}},
    }


def command_line(place, rate, files):
    packets = int(min(rate * TRIAL_SECONDS, MOST_PACKETS))
    options = ["--seed", "1", "--packets", str(packets), "--rate", str(int(rate)), *TRAFFIC.split(), "--attacks", "0.02"]
    where = ["--preload", "--inspect", str(files["config"]), "--truth", str(files["truth"]), "--json", str(files["summary"]), "--quiet"]
    return [place.program("mirrorscan-gen"), *options, *where]


def judged(told, truth):
    """One trial: its rate, what was lost, whether the sender kept its schedule, and the alerts against the truth."""
    packets, inside = told["packets"], told["inspector"]
    lost = packets["made"] - packets["sent"] + inside["never_received"]
    return {
        "asked_pps": told["rate"]["asked_pps"],
        "achieved_pps": told["rate"]["achieved_pps"],
        "lost": lost,
        "waited": told["rate"]["rate_not_reached"],
        "late_p99_us": told.get("lateness", {}).get("p99_us"),
        "recall": truth["recall"],
        "each_alert_once": truth["equal"],
        "passed": lost == 0 and not told["rate"]["rate_not_reached"] and truth["equal"],
    }


def trial(place, rate, rules):
    files = {name: place.work / f"rate.{name}" for name in ("config", "truth", "summary", "eve", "compared")}
    files["eve"].unlink(missing_ok=True)
    files["config"].write_text(json.dumps(configuration(place.paths[rules], files["eve"])), encoding="utf-8")
    commands.output_of(command_line(place, rate, files), timeout=120, folder=ROOT)
    compared = commands.run(
        [sys.executable, "scripts/compare_truth.py", files["truth"], files["eve"], "--show", "0", "--json", files["compared"]], folder=ROOT
    )
    if compared.returncode > 1:
        raise commands.Failed(f"compare_truth.py: {compared.stderr.strip()}")
    read = lambda name: json.loads(files[name].read_text(encoding="utf-8"))
    return judged(read("summary"), read("compared"))


def search(one_trial, lowest=LOWEST, highest=HIGHEST, trials=TRIALS):
    """Halves the interval, in logarithms, between a rate that passed and one that did not. All trials, and the best that
    passed: None if none did."""
    done, best = [], None
    for _ in range(trials):
        rate = (lowest * highest) ** 0.5
        found = one_trial(rate)
        done.append(found)
        if found["passed"]:
            lowest, best = rate, found
        else:
            highest = rate
    return done, best


def flags_of(done):
    """The sender's own limit ends a search as the worker's does; then the figure is the sender's."""
    next_one = min((t for t in done if not t["passed"]), key=lambda t: t["asked_pps"], default=None)
    return ["waiting_generator"] if next_one and next_one["waited"] and next_one["lost"] == 0 else []


def highest_rate(name, rules):
    """One search, with the rules of that input."""

    def run(place, _rounds):
        done, best = search(lambda rate: trial(place, rate, rules))
        if best is None:
            raise commands.Failed(f"no rate passed; the last trial: {done[-1]}")
        files = {key: f"build/bench/rate.{key}" for key in ("config", "truth", "summary")}
        shown = place.shown(command_line(place, best["asked_pps"], files))
        return Measured([best], shown, flags_of(done), {"trials": done})

    return Measurement(name, run, (rules,))
