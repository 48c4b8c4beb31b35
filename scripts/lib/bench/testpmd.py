"""dpdk-testpmd and the inspector on the same virtual device: what receiving costs alone, and what it costs to inspect.

The device repeats a capture without end (net_pcap, infinite_rx). That is sound for datagrams without rules only: a
stream engine would take repeated segments for retransmissions and skip them.
"""

import json
import os
import pathlib
import re
import subprocess
import threading
import time

from . import commands, machine, peers
from .measurement import Measured, Measurement
from .place import ROOT

SECONDS = 2.0
MOST_SECONDS = 120  # of one conversation, start and end of testpmd too
PROMPT = "testpmd>"


def device(capture):
    return f"rx_pcap={pathlib.Path(capture).resolve()},infinite_rx=1"  # the peers' working folder is another


def memory_arguments():
    """Hugepages where they are free, or none at all."""
    return ["--in-memory"] if machine.hugepage_bytes() >= 512 * 2**20 else ["--no-huge", "--no-shconf"]


def command_line(capture):
    cpus = sorted(os.sched_getaffinity(0))
    lcores = f"{cpus[0]},{cpus[-1]}" if len(cpus) > 1 else str(cpus[0])
    environment = [*memory_arguments(), "--no-pci", "--no-telemetry", "-m", "512", "-l", lcores]
    options = ["-i", "--forward-mode=rxonly", "--no-lsc-interrupt", "--no-flush-rx", "--nb-cores=1", "--total-num-mbufs=65535"]
    return ["dpdk-testpmd", *environment, f"--vdev=net_pcap0,{device(capture)}", "--", *options]


class Unspoken(commands.Failed):
    """testpmd did not say what it was waited for."""


def read_until(stream, words, seconds):
    """Text up to `words`, which come without an end of line."""
    text, end = "", time.monotonic() + seconds
    while not text.endswith(words):
        letter = stream.read(1)
        if not letter or time.monotonic() > end:
            raise Unspoken(f"testpmd: no '{words}' after: {' / '.join(text.splitlines()[-4:])}")
        text += letter
    return text


def cycles_of(text):
    """Cycles a packet, packets, and what it would receive in a second if it did nothing else."""
    found = re.search(r"CPU cycles/packet=([\d.]+) \(total cycles=\d+ / total \w+ packets=(\d+)\) at (\d+) MHz Clock", text)
    if not found:
        raise Unspoken(f"testpmd: no cycles in: {' / '.join(text.splitlines()[-4:])}")
    cycles, packets, megahertz = float(found[1]), int(found[2]), int(found[3])
    return {"cycles_per_packet": cycles, "packets": packets, "packets_per_second": megahertz * 1e6 / cycles}


def converse(process):
    """Starts, waits and stops by its own command line."""
    read_until(process.stdout, PROMPT, 60)
    process.stdin.write("set record-core-cycles on\nstart\n")
    process.stdin.flush()
    time.sleep(SECONDS)
    process.stdin.write("stop\nquit\n")
    process.stdin.flush()
    return cycles_of(read_until(process.stdout, "MHz Clock", 30))


def alone(name, capture):
    """testpmd receives and drops."""

    def run(place, _rounds):
        line = command_line(place.paths[capture])
        with subprocess.Popen(
            [str(peers.SCRIPT), "run", *line],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "MIRRORSCAN_PEERS": str(place.peers.path)},
        ) as process:
            # Whoever reads waits for ever where testpmd says nothing; its end is the end of what it says.
            watchdog = threading.Timer(MOST_SECONDS, process.kill)
            watchdog.start()
            try:
                found = converse(process)
                process.communicate(timeout=30)
            finally:
                watchdog.cancel()
                if process.poll() is None:
                    process.kill()
        return Measured([found], place.shown(line))

    return Measurement(name, run, (capture,), of_peer=True)


def configuration(capture, events):
    """Of a daemon with one worker on that device, which tells its counters each second."""
    return {
        "ports": [{"device": "net_pcap0", "arguments": device(capture), "mtu": 0, "mbufs": 65535}],
        "workers": {"count": 1, "cpus": [commands.last_cpu()]},
        "output": {"flow_events": False, "stats_interval_s": 1, "rule_stats": 0, "file": {"path": str(events)}},
    }


def received(event):
    return event["mirror"]["total"]["packets"]["received"]["packets"]


def rate_of(events):
    """Packets a second between the second and the last but one of the stats events."""
    stats = [event for event in events if event.get("event_type") == "stats"][1:-1]
    if len(stats) < 2:
        raise commands.Failed("mirrorscan run: fewer than four stats events")
    uptime = [event["stats"]["uptime"] for event in (stats[0], stats[-1])]
    return (received(stats[-1]) - received(stats[0])) / (uptime[1] - uptime[0])


def inspected(name, capture):
    """`mirrorscan run` on the device, no rules; everything else on."""

    def run(place, _rounds):
        events, config = place.work / "vdev.json", place.work / "vdev.config.json"
        events.unlink(missing_ok=True)
        config.write_text(json.dumps(configuration(place.paths[capture], events), indent=1), encoding="utf-8")
        command = ["timeout", "-s", "TERM", "6", place.program("mirrorscan"), "run", "--config", str(config)]
        done = commands.run(command, timeout=60, folder=ROOT)
        if not events.exists():
            raise commands.Failed(f"mirrorscan run: {done.stderr[-500:]}")
        lines = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
        return Measured([{"packets_per_second": rate_of(lines)}], place.shown(command))

    return Measurement(name, run, (capture,))
