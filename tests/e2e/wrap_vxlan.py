#!/usr/bin/env python3
"""scripts/wrap_vxlan.py: plain captures become captures of a mirror session, which replay inspects."""
import os
import struct
import subprocess
import sys
import tempfile

import common
import packets

SCRIPT = os.path.join(os.environ["MIRRORSCAN_SOURCE_ROOT"], "scripts", "wrap_vxlan.py")
RULE = 'alert tcp any any -> any any (msg:"attack"; flow:established,to_server; content:"attack"; sid:1;)\n'
SLL, SLL2, RAW = 113, 276, 101


def talk():
    t = packets.Talk()
    return t.handshake() + [t.says(b"an att"), t.says(b"ack")] + t.teardown()


def plain(frames, order="<", magic=0xA1B2C3D4, link=1, cut=0):
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link)]
    for frame in frames:
        kept = frame[:len(frame) - cut]
        out.append(struct.pack(order + "IIII", 1_700_000_000, 7, len(kept), len(frame)) + kept)
    return b"".join(out)


def wrap(folder, data, *options, status=0):
    before, after = os.path.join(folder, "plain.pcap"), os.path.join(folder, "wrapped.pcap")
    with open(before, "wb") as file:
        file.write(data)
    done = subprocess.run([sys.executable, SCRIPT, *options, before, after], capture_output=True, text=True, timeout=60, check=False)
    common.equal(done.returncode, status, "the exit status (%s)" % done.stderr)
    return after, done.stderr


def any_interface(frames, link):
    """As `tcpdump -i any` writes them."""
    head = {SLL: lambda f: b"\0" * 14 + f[12:14], SLL2: lambda f: f[12:14] + b"\0" * 18, RAW: lambda f: b""}[link]
    return [head(frame) + frame[14:] for frame in frames]


def each_kind_of_capture_is_inspected(folder):
    kinds = [plain(talk()), plain(talk(), order=">"), plain(talk(), magic=0xA1B23C4D)]
    kinds += [plain(any_interface(talk(), link), link=link) for link in (SLL, SLL2, RAW)]
    for data in kinds:
        run = common.replay(RULE, [wrap(folder, data, "--vni", "4711")[0]])
        common.equal(run.status, 0, "exit status (%s)" % run.err)
        common.equal([(a["mirror"]["vni"], a["dest_port"]) for a in run.of("alert")], [(4711, 80)], "VNI and port of the alerts")
        ends = common.ledgers_balance(run)["total"]["packets"]["ends"]
        common.equal(ends["inspected"]["packets"], len(talk()), "inspected packets")
        common.check(run.of("alert")[0]["timestamp"].startswith("2023-11-14T22:13:20.00000"), "the time of the capture")


def what_a_capture_cut_is_told_as_cut(folder):
    run = common.replay(RULE, [wrap(folder, plain(talk()[:3]) + plain(talk()[3:4], cut=2)[24:])[0]])
    total = common.ledgers_balance(run)["total"]
    common.equal((total["missing"]["cut"], total["missing"]["truncated"]), (2, 0), "payload bytes that the capture cut, and the mirror")


def what_cannot_be_wrapped_is_told(folder):
    good = plain(talk())
    for data in (b"", b"no capture", b"\x0a\x0d\x0d\x0a" + b"\0" * 40, good[:-1], good[:30], plain(talk(), link=105)):
        _path, err = wrap(folder, data, status=1)
        common.check("plain.pcap: " in err and len(err.splitlines()) == 1, "one line with the file: " + err)
    wrap(folder, good, "--vni", "16777216", status=2)
    path, err = wrap(folder, plain(talk() + [b"\0" * 65500]))
    common.check("1 frames longer" in err, "a frame that is too long: " + err)
    common.equal(len(common.replay(RULE, [path]).of("alert")), 1, "alerts of the other frames")


def main():
    for case in (each_kind_of_capture_is_inspected, what_a_capture_cut_is_told_as_cut, what_cannot_be_wrapped_is_told):
        with tempfile.TemporaryDirectory() as folder:
            case(folder)
        print("ok: " + case.__name__.replace("_", " "))


main()
