#!/usr/bin/env python3
"""The live part of scripts/demo: the kernel lab, `mirrorscan run` on its mirror port, curl, and mirrorscan-tail.

Usage: live_demo.py CONFIG   in the project's root; the executables are those of build/.

Exit status: 0 every expected rule alerted and no other, 1 not so, 77 this machine cannot make the lab.
"""
import os
import subprocess
import sys
import tempfile
import time

import commented_json
import kernel_lab
import lab_attacks
import live_sensor

MIRRORSCAN = "build/apps/mirrorscan/mirrorscan"
TAIL = "build/apps/mirrorscan-tail/mirrorscan-tail"


def say(text):
    print("== " + text, flush=True)


def show_counters(stats):
    mirror = stats["mirror"]
    for port in mirror["ports"]:
        print(f"  port {port['name']}: {port['received']} packets received, {port['missed']} missed")
    for name, end in mirror["total"]["packets"]["ends"].items():
        if end["packets"]:
            print(f"  {end['packets']:6} packets ended as {name}")
    for name, amount in mirror["total"]["payload"]["ends"].items():
        if amount:
            print(f"  {amount:6} payload bytes {name}")
    print(f"  both ledgers balance: {mirror['balanced']}; coverage {mirror['coverage_pct']} % of the payload")


def inspect(lab, config_path, ring):
    """Gives exit status, the sensor, and the packets that the kernel mirrored."""
    sensor = live_sensor.LiveSensor(lab, MIRRORSCAN, config_path, ring, stdout=subprocess.DEVNULL)
    sensor.wait_until_ready()
    tail = lab.start("sensor", [TAIL, "--follow", "--text", "--type", "alert", "--ring", ring])
    say("curl fetches a page, a file that is none of its business, the output of a command, and a private key")
    lab_attacks.fetch_all(lab)
    sensor.wait_until_caught_up()
    status = sensor.stop()
    time.sleep(0.2)  # tail looks at the ring some times a second
    kernel_lab.stop(tail)
    return status, sensor, lab.mirrored()["vxlan"]


def main(config_path):
    ring = commented_json.read(config_path)["output"]["ring"]["path"]
    if os.path.exists(ring):
        os.remove(ring)
    with tempfile.TemporaryDirectory() as site, kernel_lab.Lab() as lab:
        lab_attacks.make_site(site)
        lab.serve(site)
        say(f"in a namespace: mirrorscan run --config {config_path}, and mirrorscan-tail --follow --ring {ring}")
        status, sensor, mirrored = inspect(lab, config_path, ring)
    say(f"the last stats event; the kernel mirrored {mirrored} packets")
    if stats := sensor.events("stats"):
        show_counters(stats[-1])
    if status != 0 or sensor.sids() != lab_attacks.EXPECTED:
        print(f"expected exit status 0 and alerts of {lab_attacks.EXPECTED}; got {status} and {sensor.sids()}")
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except (kernel_lab.Unavailable, subprocess.CalledProcessError) as reason:
        print(reason)
        sys.exit(77 if isinstance(reason, kernel_lab.Unavailable) else 1)
