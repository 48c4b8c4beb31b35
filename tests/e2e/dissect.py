#!/usr/bin/env python3
"""tshark dissects generated packets and finds nothing malformed; a million of them with MIRRORSCAN_LONG set."""
import os
import shutil
import subprocess
import sys

import common

GENERATOR = os.environ["MIRRORSCAN_GEN_EXE"]
PACKETS = 1_000_000 if os.environ.get("MIRRORSCAN_LONG") else 60_000
ERROR = "8388608"  # PI_ERROR, as tshark prints a severity
WRONG = "_ws.malformed || _ws.expert.severity == error"
# Some captures differ in kind, so that a fault of one is not hidden by the others.
VARIANTS = (["--vnis", "5", "--sources", "2", "--ipv6", "0.3"], ["--encap", "geneve", "--ipv6", "0.3"], ["--sizes", "imix"],
            ["--encap", "none", "--mss", "536"])


def named(options, packets):
    """The packets that tshark names, each [number, severities, messages]: those it finds wrong, and the last one."""
    made = subprocess.Popen([GENERATOR, "-q", "--packets", str(packets), *options, "--pcap", "-"], stdout=subprocess.PIPE)
    # These ports carry bytes of no protocol, in which tshark would guess one: TAPA, RTCP and others have no port of their own.
    command = ["tshark", "-n", "-d", "udp.port==5000,data", "-d", "tcp.port==9000,data", "-r", "-", "-Y", "%s || frame.number == %d" % (WRONG, packets),
               "-T", "fields", "-e", "frame.number", "-e", "_ws.expert.severity", "-e", "_ws.expert.message"]
    seen = subprocess.run(command, stdin=made.stdout, capture_output=True, text=True, timeout=1500, check=False)
    made.stdout.close()
    common.equal(made.wait(60), 0, "mirrorscan-gen's exit status")
    common.equal(seen.returncode, 0, "tshark's exit status\n" + seen.stderr)
    return [line.split("\t") for line in seen.stdout.splitlines()]


def main():
    if shutil.which("tshark") is None:
        print("SKIPPED: tshark is not installed")
        sys.exit(common.SKIPPED)
    for options in VARIANTS:
        packets = PACKETS // len(VARIANTS)
        print("tshark dissects %d packets made with %s" % (packets, " ".join(options)), flush=True)
        lines = named(options, packets)
        wrong = [line for line in lines if line[0] != str(packets) or ERROR in line[1].split(",")]
        common.check(not wrong, "tshark finds fault:\n" + "\n".join(map(str, wrong[:20])))
        common.equal(len(lines), 1, "how often the last packet came")


main()
