#!/usr/bin/env python3
"""The daemon on traffic that the kernel mirrors: `mirrorscan run` on net_af_packet and net_af_xdp alerts on what curl
fetches, its ledgers balance, and it received exactly the packets that the kernel counted.

Skipped, loudly, where network namespaces cannot be made.
"""
import json
import os
import subprocess
import sys
import tempfile

import common

sys.dont_write_bytecode = True
ROOT = os.environ["MIRRORSCAN_SOURCE_ROOT"]
sys.path.insert(0, os.path.join(ROOT, "scripts", "lib"))

import kernel_lab  # noqa: E402
import lab_attacks  # noqa: E402
import live_sensor  # noqa: E402

DRIVERS = ("net_af_packet0", "net_af_xdp0")
RING = "events.ring"


def configuration(folder, device):
    return {
        "rules": {"files": [os.path.join(ROOT, "docs", "examples", "demo.rules")]},
        "ports": [{"device": device, "arguments": "iface=" + kernel_lab.MIRROR_DEVICE, "mtu": 0}],
        # CPUs are shared with the server and the clients, whom a worker that never sleeps would slow down.
        "workers": {"count": 2, "yield_after_idle_polls": 16},
        "output": {"stats_interval_s": 1, "file": {"path": os.path.join(folder, "eve.json")},
                   "ring": {"path": os.path.join(folder, RING), "bytes": 1 << 20}},
    }


def write_configuration(folder, device):
    path = os.path.join(folder, "run.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(configuration(folder, device), file)
    return path


def print_ring(folder):
    """What mirrorscan-tail prints of the ring."""
    done = subprocess.run([os.environ["MIRRORSCAN_TAIL_EXE"], "--json", os.path.join(folder, RING)],
                          capture_output=True, text=True, timeout=60, check=False)
    common.equal(done.returncode, 0, "exit status of mirrorscan-tail (%s)" % done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def check_counts(lab, stats):
    kernel = lab.mirrored()
    print("the kernel's counters: %s" % kernel)
    common.equal((kernel["uplink"], kernel["sensor"]), (kernel["vxlan"], kernel["vxlan"]), "what the kernel carried")
    mirror = stats["mirror"]
    common.check(mirror["balanced"] is True, "the ledgers do not balance")
    for place in [mirror["total"]] + mirror["lcores"] + mirror["vnis"]:
        common.balances(place)
    common.equal(mirror["total"]["packets"]["received"]["packets"], kernel["vxlan"], "packets in the ledger")
    [port] = mirror["ports"]
    common.equal((port["received"], port["missed"], port["no_mbuf"]), (kernel["vxlan"], 0, 0), "the port's counts")
    ends = {name: end["packets"] for name, end in mirror["total"]["packets"]["ends"].items() if end["packets"]}
    common.equal(set(ends), {"inspected", "inner_not_ip"}, "ends of packets (inner_not_ip: ARP)")
    common.equal(mirror["total"]["missing"], {"truncated": 0, "gap": 0}, "bytes that never came")
    common.equal({vni["vni"] for vni in mirror["vnis"] if "vni" in vni}, {kernel_lab.VNI}, "VNIs")


def inspect(device, folder, site):
    config = write_configuration(folder, device)
    with kernel_lab.Lab() as lab:
        lab.serve(site)
        sensor = live_sensor.LiveSensor(lab, common.engine(), config, os.path.join(folder, "eve.json"))
        sensor.wait_until_ready()
        lab_attacks.fetch_all(lab)
        sensor.wait_until_caught_up()
        common.equal(sensor.stop(), 0, "exit status after SIGTERM")
        common.equal(sensor.sids(), lab_attacks.EXPECTED, "rules that alerted")
        check_counts(lab, sensor.events("stats")[-1])
        ring = print_ring(folder)
        common.equal(sorted({e["alert"]["signature_id"] for e in ring if e["event_type"] == "alert"}),
                     lab_attacks.EXPECTED, "alerts in the ring")
        common.equal(ring[-1]["event_type"], "stats", "the last event in the ring")


def main():
    for device in DRIVERS:
        print("== " + device)
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as site:
            lab_attacks.make_site(site)
            inspect(device, folder, site)
    common.equal(kernel_lab.leftovers(), [], "namespaces left behind")


try:
    main()
except kernel_lab.Unavailable as reason:
    print("SKIPPED: no kernel lab: %s" % reason)
    sys.exit(common.SKIPPED)
