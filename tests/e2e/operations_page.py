#!/usr/bin/env python3
"""docs/operations.md names every end of packets and payload and every counter that a stats event has, and only settings
and files that are there."""
import os
import re
import subprocess
import tempfile

import common
import packets

ROOT = os.environ["MIRRORSCAN_SOURCE_ROOT"]
RULE = 'alert tcp any any -> any any (msg:"attack"; content:"attack"; sid:1;)\n'


def stats():
    with tempfile.NamedTemporaryFile(suffix=".pcap") as capture:
        capture.write(packets.pcap([packets.vxlan(100, frame) for frame in packets.Talk().handshake()]))
        capture.flush()
        return common.replay(RULE, [capture.name]).of("stats")[0]


def settings():
    """Paths of the configuration reference, without the [] of lists."""
    printed = subprocess.run([common.engine(), "check", "--config-reference"], capture_output=True, text=True, timeout=60, check=True)
    return set(re.findall(r"^\| `([^`]+)` \|", printed.stdout, re.MULTILINE))


def main():
    with open(os.path.join(ROOT, "docs", "operations.md"), encoding="utf-8") as file:
        text = file.read()
    quoted = set(re.findall(r"`([^`\n]+)`", text))

    total = stats()["mirror"]
    names = {*total["total"]["packets"]["ends"], *total["total"]["payload"]["ends"], *total["counters"]}
    common.check(len(names) > 60, "only %d names in a stats event" % len(names))
    common.equal(sorted(names - quoted), [], "names that docs/operations.md leaves out")

    known = settings()
    groups = {path.split(".")[0].removesuffix("[]") for path in known}
    written = {q for q in quoted if re.fullmatch(r"(%s)(\[\])?\.[a-z_.\[\]]+" % "|".join(sorted(groups)), q)}
    common.check(len(written) > 20, "only %d settings in docs/operations.md" % len(written))
    parents = {path.rsplit(".", 1)[0] for path in known}
    common.equal(sorted(written - known - parents), [], "settings that are not there")

    links = re.findall(r"\]\(([^)#]+)", text)
    common.equal([link for link in links if not os.path.exists(os.path.join(ROOT, "docs", link))], [], "dead links")


main()
