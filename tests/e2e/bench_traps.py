#!/usr/bin/env python3
"""The benchmark is not fooled: a looped capture, random payload and a generator that waits change what is measured, are flagged,
and scripts/bench shows no figure of such a run. No time is looked at: the tests count bytes scanned, literals found, packets
lost."""
import json
import os
import random
import subprocess
import sys
import tempfile

import common
import packets

sys.path.insert(0, os.path.join(os.environ["MIRRORSCAN_SOURCE_ROOT"], "scripts", "lib"))
from bench import figures, measurement, page, rows  # noqa: E402

BENCH, GENERATOR = os.environ["MIRRORSCAN_BENCH_EXE"], os.environ["MIRRORSCAN_GEN_EXE"]
WORDS = "order invoice picture account session profile header content request answer delivery customer".split()
FLOWS, SEGMENTS, SEGMENT = 60, 20, 1_200


def text(draw, length):
    said = ""
    while len(said) < length:
        said += draw.choice(WORDS) + draw.choice([" ", "=", "&", ", ", "\r\n"]) + str(draw.randrange(1000)) + " "
    return said[:length].encode()


def noise(draw, length):
    return draw.randbytes(length)


def capture_of(payload, passes=1):
    """Connections that stay open and say `payload`; the same packets `passes` times."""
    draw, frames = random.Random(1), []
    for flow in range(FLOWS):
        talk = packets.Talk(client="10.0.1.%d" % (flow + 1), ports=(40_000 + flow, 80))
        frames += talk.handshake() + [talk.says(payload(draw, SEGMENT)) for _ in range(SEGMENTS)]
    return packets.pcap([packets.vxlan(4711, frame) for frame in frames] * passes)


def inspect(folder, capture):
    """What mirrorscan-bench prints of the capture, with the words as literals."""
    path, literals = os.path.join(folder, "traffic.pcap"), os.path.join(folder, "literals.txt")
    with open(path, "wb") as file:
        file.write(capture)
    with open(literals, "w", encoding="ascii") as file:
        file.write("".join("%s - tcp\n" % word.encode().hex() for word in WORDS))
    command = [BENCH, "inspect", "--capture", path, "--literals", literals, "--count", str(len(WORDS)), "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    common.equal(done.returncode, 0, "exit status (%s)" % done.stderr)
    return done.stdout


def scanned_share(said):
    ledger = said["rounds"][0]["worker"]["ledger"]
    return ledger["scanned"] / ledger["payload_received"]


def matches_a_byte(said):
    return said["rounds"][0]["scan_alone"]["matches"] / said["fed"]["payload_bytes"]


def is_refused(stdout, flag, field="worker.kpps"):
    """By scripts/bench: the row of such a run shows no figure, and the page is not written."""
    found = measurement.read_own(stdout, "mirrorscan-bench")
    measurements = {"ours": {"rounds": found.rounds, "flags": found.flags}}
    row = rows.Row("row", "Targets", "a figure", "", ("ours",), lambda r: 1 if figures.at(r["ours"], field) else None, rows.MORE, must=1)
    told = rows.evaluate(row, measurements)
    common.equal(told["verdict"], rows.REFUSED, "the verdict on a figure with %s" % flag)
    common.check(any(flag in why for why in page.refusals({"rows": [told], "inputs": {}, "mode": "full"})), "the page does not name " + flag)


def a_looped_capture_is_flagged(folder, honest):
    """The second pass is taken for retransmissions and not scanned, which looks like speed."""
    stdout = inspect(folder, capture_of(text, passes=2))
    said = json.loads(stdout)
    common.check("looped_capture" in said["flags"], "flags of a looped capture: %s" % said["flags"])
    common.check(scanned_share(said) < 0.6 < 0.99 < scanned_share(honest), "a looped capture is scanned as much as an honest one")
    is_refused(stdout, "looped_capture")


def random_payload_is_flagged(folder, honest):
    """A prefilter finds nothing in noise, which looks like speed."""
    stdout = inspect(folder, capture_of(noise))
    said = json.loads(stdout)
    common.check("random_payload" in said["flags"], "flags of random payload: %s" % said["flags"])
    common.check(matches_a_byte(said) < matches_a_byte(honest) / 100, "literals are found in noise as often as in text")
    is_refused(stdout, "random_payload")


def a_small_capture_is_flagged(honest):
    """Caches hold it."""
    common.check("small_capture" in honest["flags"], "flags of a small capture: %s" % honest["flags"])
    common.check(not {"looped_capture", "random_payload"} & set(honest["flags"]), "flags of an honest capture: %s" % honest["flags"])


def generated(*options):
    """What mirrorscan-gen tells of a run."""
    command = [GENERATOR, "--packets", "100000", "--quiet", "--json", "-", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    common.equal(done.returncode, 0, "exit status (%s)" % done.stderr)
    return json.loads(done.stdout)


def a_full_queue_is_a_loss_and_no_wait(folder):
    """A generator that waited for the inspector would lose nothing at any rate."""
    config = os.path.join(folder, "inspector.json")
    with open(config, "w", encoding="utf-8") as file:
        json.dump({"workers": {"count": 1, "yield_after_idle_polls": 16}, "output": {"file": {"path": os.path.join(folder, "eve.json")}}}, file)
    packets = generated("--fast", "--preload", "--queue-packets", "64", "--inspect", config)["packets"]
    common.check(packets["sent"] < packets["made"], "a queue of 64 took all packets at full speed: %s" % packets)
    common.equal(packets["sent"] + packets["dropped"] + packets["no_buffer"], packets["made"], "packets sent and lost")


def a_rate_that_the_sender_cannot_keep_is_flagged(folder):
    """Then the highest rate is the sender's and not the inspector's."""
    rules = os.path.join(folder, "a.rules")
    with open(rules, "w", encoding="utf-8") as file:
        file.write('alert tcp any any -> any any (msg:"attack"; content:"an attack, planted"; sid:1;)\n')
    options = ["--packets", "50000", "--attacks", "0.1", "--rate", "900000000", "--queue-packets", "65536", "--rules", rules]
    done = subprocess.run([BENCH, "rate", *options], capture_output=True, text=True, timeout=120, check=False)
    common.equal(done.returncode, 0, "exit status (%s)" % done.stderr)
    said = json.loads(done.stdout)
    common.equal((said["trials"][0]["passed"], said["throughput_pps"]), (False, None), "the trial, and the highest rate")
    common.check("waiting_generator" in said["flags"], "flags of a sender that fell behind: %s" % said["flags"])
    is_refused(done.stdout, "waiting_generator", "trials")


def main():
    with tempfile.TemporaryDirectory() as folder:
        honest = json.loads(inspect(folder, capture_of(text)))
        a_small_capture_is_flagged(honest)
        a_looped_capture_is_flagged(folder, honest)
        random_payload_is_flagged(folder, honest)
        a_full_queue_is_a_loss_and_no_wait(folder)
        a_rate_that_the_sender_cannot_keep_is_flagged(folder)


if __name__ == "__main__":
    main()
