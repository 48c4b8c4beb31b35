#!/usr/bin/env python3
"""The daemon on traffic that the kernel mirrors: `mirrorscan run` on net_af_packet and net_af_xdp alerts on what curl
fetches, its ledgers balance, it received exactly the packets that the kernel counted, it names what it loses, and it
ends well under traffic.

Skipped, loudly, where network namespaces cannot be made.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

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
        "rules": {"files": [os.path.join(ROOT, "tests", "e2e", "kernel_lab.rules")]},
        # All packets of lab_attacks (less than 2,000: net_af_xdp has rings of 2,048) may wait, so no timing loses one;
        # and in an inbox, without a flow of them being above its share.
        "ports": [{"device": device, "arguments": "iface=" + kernel_lab.MIRROR_DEVICE, "descriptors": 4096, "mtu": 0}],
        # CPUs are shared with the server and the clients, whom a worker that never sleeps would slow down.
        "workers": {"count": 2, "yield_after_idle_polls": 16, "inbox_packets": 8192},
        "output": {"stats_interval_s": 1, "ring": {"path": os.path.join(folder, RING), "bytes": 1 << 24}},
    }


def write_configuration(folder, device):
    path = os.path.join(folder, "run.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(configuration(folder, device), file)
    return path


def print_ring(folder):
    """What mirrorscan-tail prints of the ring."""
    done = subprocess.run([os.environ["MIRRORSCAN_TAIL_EXE"], "--json", "--ring", os.path.join(folder, RING)],
                          capture_output=True, text=True, timeout=60, check=False)
    common.equal(done.returncode, 0, "exit status of mirrorscan-tail (%s)" % done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def check_ledgers(mirror):
    common.check(mirror["balanced"] is True, "the ledgers do not balance")
    for place in [mirror["total"]] + mirror["lcores"] + mirror["vnis"]:
        common.balances(place)


def check_counts(lab, mirror):
    kernel = lab.mirrored()
    print("the kernel's counters: %s" % kernel)
    common.equal((kernel["uplink"], kernel["sensor"]), (kernel["vxlan"], kernel["vxlan"]), "what the kernel carried")
    check_ledgers(mirror)
    common.equal(mirror["total"]["packets"]["received"]["packets"], kernel["vxlan"], "packets in the ledger")
    [port] = mirror["ports"]
    common.equal((port["received"], port["missed"], port["no_mbuf"]), (kernel["vxlan"], 0, 0), "the port's counts")
    ends = {name: end["packets"] for name, end in mirror["total"]["packets"]["ends"].items() if end["packets"]}
    common.equal(set(ends), {"inspected", "inner_not_ip"}, "ends of packets (inner_not_ip: ARP)")
    common.equal(set(mirror["total"]["missing"].values()), {0}, "bytes that never came")
    common.equal({vni["vni"] for vni in mirror["vnis"] if "vni" in vni}, {kernel_lab.VNI}, "VNIs")


def start(lab, device, folder, site):
    lab.serve(site)
    sensor = live_sensor.LiveSensor(lab, common.engine(), write_configuration(folder, device), os.path.join(folder, RING))
    sensor.wait_until_ready()
    return sensor


def agrees_with_the_kernel(lab, device, folder, site):
    sensor = start(lab, device, folder, site)
    lab_attacks.fetch_all(lab)
    sensor.wait_until_caught_up()
    common.equal(sensor.stop(), 0, "exit status after SIGTERM")
    common.equal(sensor.sids(), lab_attacks.EXPECTED, "rules that alerted")
    check_counts(lab, sensor.events("stats")[-1]["mirror"])
    printed = print_ring(folder)
    common.equal(sorted({e["alert"]["signature_id"] for e in printed if e["event_type"] == "alert"}),
                 lab_attacks.EXPECTED, "alerts that mirrorscan-tail prints")
    common.equal(printed[-1]["event_type"], "stats", "the last event in the ring")


def start_downloads(lab):
    return lab.start("client", ["curl", "--silent", "http://%s/backup.bin?[1-100000]" % kernel_lab.SERVER],
                     stdout=subprocess.DEVNULL)


def names_what_it_loses(lab, device, folder, site):
    """Under more traffic than it may be able to take: what was received and what it says it lost is what came."""
    sensor = start(lab, device, folder, site)
    downloads = start_downloads(lab)
    time.sleep(3)
    kernel_lab.stop(downloads)
    lab.wait_until_quiet()
    sensor.wait_until(lambda: accounted(sensor) >= lab.mirrored()["sensor"])
    common.equal(sensor.stop(), 0, "exit status after SIGTERM")
    mirror, kernel = sensor.events("stats")[-1]["mirror"], lab.mirrored()
    print("%d of %d packets received" % (mirror["ports"][0]["received"], kernel["sensor"]))
    check_ledgers(mirror)
    common.equal(accounted(sensor), kernel["sensor"], "packets received and lost")


def accounted(sensor):
    """What the port says of itself."""
    [port] = sensor.events("stats")[-1]["mirror"]["ports"]
    return port["received"] + port["missed"]


def ends_under_traffic(lab, device, folder, site):
    sensor = start(lab, device, folder, site)
    downloads = start_downloads(lab)
    sensor.wait_until(lambda: sensor.received() > 0)
    common.equal(sensor.stop(), 0, "exit status after SIGTERM under traffic")
    common.check(downloads.poll() is None, "the downloads ended before the sensor did")
    mirror = sensor.events("stats")[-1]["mirror"]
    check_ledgers(mirror)
    common.equal(mirror["total"]["packets"]["received"]["packets"], mirror["ports"][0]["received"],
                 "packets in the ledger and at the port")


def main():
    try:
        with kernel_lab.Lab():
            pass
    except kernel_lab.Unavailable as reason:
        print("SKIPPED: no kernel lab: %s" % reason)
        sys.exit(common.SKIPPED)
    # From here on a lab that cannot be made is a failure.
    for device in DRIVERS:
        for scenario in (agrees_with_the_kernel, names_what_it_loses, ends_under_traffic):
            print("== %s %s" % (device, scenario.__name__), flush=True)
            with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as site, kernel_lab.Lab() as lab:
                lab_attacks.make_site(site)
                scenario(lab, device, folder, site)
    common.equal(kernel_lab.leftovers(), [], "namespaces left behind")


main()
