"""scripts/bench: builds, makes the inputs, lets the contenders take turns, and writes what came out."""

import argparse
import json
import os
import pathlib
import shlex
import signal
import sys

from . import catalog, commands, contenders, inputs, machine, page, suricata, table
from . import result as results
from .peers import Peers
from .place import ROOT, Place
from .schedule import Clock, absent, give_up, run_group

PAGE = ROOT / "docs" / "performance.md"
TARGETS = [
    "apps/mirrorscan/mirrorscan", "apps/mirrorscan-gen/mirrorscan-gen", "apps/mirrorscan-bench/mirrorscan-bench",
    "apps/mirrorscan-bench/mirrorscan-bench-stages", "tests/unit/test-worker-no-alloc",
    "tests/support/no_alloc/libmirrorscan-no-alloc.so",
]
SECONDS, QUICK_SECONDS = 27 * 60, 150
BUSY = 0.5  # load of the minute before
EPILOG = """Writes build/bench/result.json and build/bench/result.md. Exit status 0: measured; 1: something failed, or a
figure was refused; 2: wrong usage. Without peers (Suricata, dpdk-testpmd) the ratios are not measured."""


def say(text):
    print(f"== {text}", flush=True)


def arguments(words):
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__, epilog=EPILOG)
    parser.add_argument("--quick", action="store_true", help="one figure of each kind, under 3 minutes")
    parser.add_argument("--only", nargs="+", metavar="ROW", help="only these rows of the table, and what they need")
    parser.add_argument("--list", action="store_true", help="the rows, and exit")
    parser.add_argument("--peers", metavar="FOLDER", default=os.environ.get("MIRRORSCAN_PEERS", ROOT / "build" / "peers"),
                        help="root of Suricata and testpmd (default: $MIRRORSCAN_PEERS, or build/peers)")
    parser.add_argument("--no-peers", action="store_true", help="without them, though they are there")
    parser.add_argument("--install-peers", action="store_true", help="make that root first: root, network, minutes, 1 GB")
    parser.add_argument("--hugepages", type=int, metavar="MIB", default=6144, help="reserve so many meanwhile, as root (6144)")
    parser.add_argument("--no-build", action="store_true", help="measure what is built")
    parser.add_argument("--write-docs", action="store_true", help="put the table into docs/performance.md; full runs only")
    parser.add_argument("--new-inputs", action="store_true", help="with --write-docs: the inputs changed on purpose")
    return parser.parse_args(words)


def build():
    command = [ROOT / "scripts" / "build", *TARGETS]
    commands.pass_through(command)


def find_peers(options):
    """None without them, which is said loudly."""
    peers = Peers(options.peers)
    if options.install_peers:
        say(f"installing the peers into {peers.path}")
        peers.install()
    if not options.no_peers and peers.are_there():
        return peers
    say("!! NO PEERS: every ratio to Suricata and testpmd will be 'not measured'. scripts/bench --install-peers makes them")
    return None


def wanted_rows(only):
    """Rows by key; exits with 2 for a key that is none."""
    rows = catalog.all_rows()
    unknown = set(only or []) - {row.key for row in rows}
    if unknown:
        print(f"error: no row {', '.join(sorted(unknown))}; scripts/bench --list", file=sys.stderr)
        sys.exit(2)
    return [row for row in rows if not only or row.key in only]


def wanted_groups(rows, options):
    """Groups with the members that the rows need; of a quick run those that are in it."""
    needed = {name for row in rows for name in row.needs}
    groups = []
    for group in contenders.all_groups():
        if (group.quick_rounds if options.quick else group.rounds) == 0:
            continue
        members = tuple(m for m in group.members if not options.only or m.name in needed)
        if members:
            groups.append(group.of(members))
    return groups


def rows_of(groups, rows):
    """The rows that these groups can fill."""
    members = {member.name for group in groups for member in group.members}
    return [row for row in rows if set(row.needs) <= members]


def measure(place, groups, clock):
    measurements = {}
    for group in groups:
        for member in group.members:
            if reason := absent(member, place):
                give_up(measurements, member.name, reason)
        if all(member.name in measurements for member in group.members):
            continue
        say(f"{group.name} ({clock.passed():.0f} s)")
        if clock.left() <= 0:
            for member in group.members:
                give_up(measurements, member.name, "no time left")
            continue
        run_group(group, place, clock, measurements, say)
    return measurements


def write(place, found):
    """The result file and the table, in the work folder."""
    text = table.markdown(found)
    (place.work / "result.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (place.work / "result.md").write_text(text, encoding="utf-8")
    print(text)
    return text


def write_page(found, text, new_inputs):
    """True if docs/performance.md has the table now."""
    why = [reason for reason in page.refusals(found) if not (new_inputs and reason.startswith("input "))]
    for reason in why:
        say(f"!! docs/performance.md is left as it was: {reason}")
    if not why:
        PAGE.write_text(page.with_table(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
    return not why


def make_inputs(place):
    place.work.mkdir(parents=True, exist_ok=True)
    if place.testdata is None:
        say("!! NO TEST DATA (MIRRORSCAN_TESTDATA): the headline capture is 'not measured'; its twins are")
    say("inputs")
    inputs.make_rules(place)
    inputs.make_captures(place)
    promised = page.checksums(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    for name in inputs.mark_differences(place, promised):
        say(f"!! INPUT {name} is not the one that docs/performance.md is about: its checksum differs")


def outcome(found):
    """1 where something failed or was refused."""
    failed = [name for name, m in found["measurements"].items() if m.get("absent", "").startswith("failed")]
    refused = [row["key"] for row in found["rows"] if row["verdict"] == "refused"]
    for name in failed:
        say(f"!! FAILED: {name}")
    for key in refused:
        say(f"!! REFUSED: {key}")
    return 1 if failed or refused else 0


def run(options, words):
    clock, started, load = Clock(QUICK_SECONDS if options.quick else SECONDS), results.now(), machine.load()
    if load > BUSY:
        say(f"!! THE MACHINE IS BUSY (load {load:.1f}): ratios within a round hold, absolute figures do not")
    rows = wanted_rows(options.only)
    if not options.no_build:
        build()
    place = Place(quick=options.quick, partial=bool(options.only), peers=find_peers(options))
    make_inputs(place)
    groups = wanted_groups(rows, options)
    if options.quick:
        rows = rows_of(groups, rows)
    with machine.hugepages(options.hugepages, say), machine.going_first():
        measurements = measure(place, groups, clock)
        about = {"command": shlex.join(["scripts/bench", *words]), "started": started, "seconds": clock.passed(), "load_before": load}
        found = results.result(place, rows, measurements, about)
    text = write(place, found)
    say(f"done in {clock.passed():.0f} s: {pathlib.Path('build/bench/result.json')}")
    status = outcome(found)
    if options.write_docs and not write_page(found, text, options.new_inputs):
        return 1
    return status


def main(words):
    options = arguments(words)
    if options.list:
        print("\n".join(f"{row.key:32} {row.title} [{row.unit}]" for row in catalog.all_rows()))
        return 0
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # so that hugepages are given back
    try:
        return run(options, words)
    except (commands.Failed, suricata.Unexpected, page.Unwritable) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
