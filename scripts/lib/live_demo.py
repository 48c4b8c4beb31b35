#!/usr/bin/env python3
"""What scripts/demo shows once everything is built: mirrorscan-gen sends mirrored traffic of three VNIs with attacks in it
to `mirrorscan run` over a veth pair, mirrorscan-tail prints the alerts from the ring, and what was found is compared with
what was planted. Where there can be no namespaces a capture is made and replayed instead.

Usage: live_demo.py   in the project's root; the executables are those of build/.

Exit status: 0 every alert that was due came, and no other; 1 not so.
"""
import json
import os
import subprocess
import sys
import time

import commented_json
import generator_lab
import live_sensor
import namespaces

MIRRORSCAN = "build/apps/mirrorscan/mirrorscan"
GENERATOR = "build/apps/mirrorscan-gen/mirrorscan-gen"
TAIL = "build/apps/mirrorscan-tail/mirrorscan-tail"
CONFIG, REPLAY_CONFIG, RULES = "docs/examples/demo.json", "docs/examples/replay.json", "docs/examples/demo.rules"
FOLDER = "build/demo"
EVE, TRUTH, SUMMARY, CAPTURE = (f"{FOLDER}/{name}" for name in ("eve.json", "truth.json", "summary.json", "demo.pcap"))
# Slow enough for two shared CPUs and net_af_packet, whose sender waits for the kernel.
TRAFFIC = ["--seed", "1", "--packets", "100000", "--rate", "10000", "--flows", "500", "--flow-lifetime", "2", "--vnis", "3",
           "--sources", "2", "--ipv6", "0.2", "--reorder", "0.01", "--attacks", "0.003", "--rules", RULES, "--truth", TRUTH]


def say(text):
    print("== " + text, flush=True)


def generate(*receiver):
    return [GENERATOR, *TRAFFIC, *receiver, "--json", SUMMARY]


def show_counters(stats):
    mirror = stats["mirror"]
    for port in mirror["ports"]:
        print(f"  port {port['name']}: {port['received']} packets received, {port['missed']} missed")
    for name, end in mirror["total"]["packets"]["ends"].items():
        if end["packets"]:
            print(f"  {end['packets']:6} packets ended as {name}")
    for vni in sorted((one for one in mirror["vnis"] if "vni" in one), key=lambda one: one["vni"]):
        print(f"  VNI {vni['vni']}: {vni['packets']['received']['packets']} packets")
    print(f"  both ledgers balance: {mirror['balanced']}; coverage {mirror['coverage_pct']} % of the payload")


def show_generated():
    """Gives the number of packets that left the generator."""
    with open(SUMMARY, encoding="utf-8") as file:
        told = json.load(file)
    packets, rate = told["packets"], told["rate"]
    print(f"  {packets['made']} packets of {told['traffic']['flows_begun']} flows made, {packets['sent']} sent, {packets['dropped']} dropped;"
          f" {rate['achieved_pps']:.0f} packets/s")
    for warning in told["warnings"]:
        print("  warning: " + warning)
    return int(packets.get("port_sent", packets["sent"]))


def send(lab, sensor):
    """From the generator to a sensor that has seen all that came; gives the packets sent and those that were carried."""
    command = generate("--wait", "sleep", "-q", "--port", "net_af_packet0,iface=" + generator_lab.SOURCE_DEVICE)
    say(" ".join(command))
    status = lab.start("mirrors", command).wait(120)
    if status != 0:
        raise RuntimeError(f"mirrorscan-gen exited with {status}")
    sent = show_generated()
    sensor.wait_until(lambda: sensor.received() >= sent, 5)
    return sent, lab.carried()


def inspect_live(lab, ring):
    say(f"in a namespace: mirrorscan run --config {CONFIG}, and mirrorscan-tail --follow --ring {ring}")
    sensor = live_sensor.LiveSensor(lab, MIRRORSCAN, CONFIG, ring, stdout=subprocess.DEVNULL)
    sensor.wait_until_ready()
    with open(EVE, "w", encoding="utf-8") as eve:
        tails = [lab.start("sensor", [TAIL, "--follow", "--text", "--type", "alert", "--ring", ring]),
                 lab.start("sensor", [TAIL, "--follow", "--json", "--ring", ring], stdout=eve)]
        sent, carried = send(lab, sensor)
        status = sensor.stop()
        time.sleep(0.5)  # tail looks at the ring some times a second
        for tail in tails:
            namespaces.stop(tail)
    if status != 0:
        raise RuntimeError(f"mirrorscan run exited with {status}")
    return sensor, sent, carried


def run_live():
    ring = commented_json.read(CONFIG)["output"]["ring"]["path"]
    if os.path.exists(ring):
        os.remove(ring)
    with generator_lab.GeneratorLab() as lab:
        sensor, sent, carried = inspect_live(lab, ring)
    stats = sensor.events("stats")[-1]
    say(f"the last stats event; the generator's port sent {sent} packets, the kernel carried {carried}")
    show_counters(stats)
    received = stats["mirror"]["total"]["packets"]["received"]["packets"]
    if received < sent:
        print(f"  {sent - received} packets were lost on the way, by the counters above: this machine was too busy, and alerts may be missing")


def run_replay():
    command = generate("-q", "--pcap", CAPTURE)
    say(" ".join(command))
    subprocess.run(command, check=True, timeout=120)
    show_generated()
    command = [MIRRORSCAN, "replay", "--config", REPLAY_CONFIG, "--rules", RULES, "--eve", EVE, CAPTURE]
    say(" ".join(command))
    subprocess.run(command, check=True, timeout=120)
    say("the alerts")
    with open(EVE, encoding="utf-8") as lines:
        for event in map(json.loads, lines):
            if event["event_type"] == "alert":
                print(f"  [{event['alert']['signature_id']}] {event['alert']['signature']}  vni {event['mirror']['vni']}")


def main():
    os.makedirs(FOLDER, exist_ok=True)
    foreign = [name for name in os.listdir(FOLDER) if not os.access(os.path.join(FOLDER, name), os.W_OK)]
    if foreign:
        print(f"error: {FOLDER}/{foreign[0]} cannot be written; remove {FOLDER}, or run as who made it", file=sys.stderr)
        return 1
    try:
        run_live()
    except namespaces.Unavailable as reason:
        print(reason)
        say("no network namespaces here, so a capture is made and replayed instead")
        run_replay()
    command = ["scripts/compare_truth.py", TRUTH, EVE]
    say(" ".join(command))
    return subprocess.run(command, check=False, timeout=120).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (subprocess.SubprocessError, RuntimeError) as reason:
        print(reason)
        sys.exit(1)
