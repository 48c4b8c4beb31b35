"""From a packet's arrival at the worker's queue to its alert in the ring, as a reader in another process sees it. On two CPUs
generator, exporter and reader share one of them, so this tells their turns too: it is what a reader gets, at most."""

import datetime
import json
import math
import subprocess
import sys
import time

from . import commands, rate
from .measurement import Measured, Measurement
from .place import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

import ring_reader  # noqa: E402

SECONDS, WARM_UP_S, POLL_S = 6, 1.0, 20e-6
RATES = (20_000, 100_000)


def microseconds_of(timestamp):
    """Of an event, since 1970."""
    return round(datetime.datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp() * 1e6)


def percentile(ordered, share):
    """The smallest value that `share` of all do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def figures_of(latencies):
    """Of microseconds; a thousandth needs a thousand."""
    ordered = sorted(latencies)
    if len(ordered) < 1000:
        raise commands.Failed(f"only {len(ordered)} alerts came by, of 1000 that a p99.9 needs")
    shares = {"p50_us": 0.5, "p99_us": 0.99, "p99_9_us": 0.999}
    return {"alerts": len(ordered), **{name: percentile(ordered, share) for name, share in shares.items()}}


def configuration(rules, ring):
    output = {"flow_events": False, "rule_stats": 0, "ring": {"path": str(ring), "bytes": 1 << 26}}
    workers = {"count": 1, "cpus": [commands.last_cpu()]}
    return {"rules": {"files": [str(ROOT / rules)]}, "workers": workers, "output": output}


def open_ring(path, process):
    """Once the inspector has made it."""
    while process.poll() is None:
        if path.exists() and path.stat().st_size > 0:
            return ring_reader.RingReader(str(path))
        time.sleep(0.01)
    raise commands.Failed("the inspector ended before it made its ring")


def latencies_in(reader, process):
    """Microseconds of each alert that came while we looked, from the end of the warm-up on."""
    found, began = [], time.monotonic()
    while process.poll() is None:
        record = reader.next()
        if record is None:
            time.sleep(POLL_S)
        elif record[0] == "record" and record[1] == "alert" and time.monotonic() - began > WARM_UP_S:
            found.append(time.time_ns() // 1000 - microseconds_of(json.loads(record[4])["timestamp"]))
    return found


def at_rate(name, rules, pace):
    """The generator sleeps between packets where it can, so that others get its CPU."""

    def run(place, _rounds):
        ring, config, summary = (place.work / f"latency.{ending}" for ending in ("ring", "config", "summary"))
        for old in (ring, summary):
            old.unlink(missing_ok=True)
        config.write_text(json.dumps(configuration(place.paths[rules], ring)), encoding="utf-8")
        command = [place.program("mirrorscan-gen"), "--seed", "1", "--packets", str(pace * SECONDS), "--rate", str(pace)]
        command += [*rate.TRAFFIC.split(), "--attacks", "0.3", "--wait", "sleep"]
        command += ["--inspect", str(config), "--json", str(summary), "--quiet"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            try:
                found = latencies_in(open_ring(ring, process), process)
            finally:
                if process.poll() is None:
                    process.terminate()
        if process.returncode != 0:
            raise commands.Failed(f"mirrorscan-gen: exit status {process.returncode}")
        told = json.loads(summary.read_text(encoding="utf-8"))
        flags = ["waiting_generator"] if told["rate"]["rate_not_reached"] else []
        return Measured([figures_of(found)], place.shown(command), flags, {"packets": told["packets"]})

    return Measurement(name, run, (rules,))
