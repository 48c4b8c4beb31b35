"""What is measured on: captures that mirrorscan-gen makes by seed, rule files, and their checksums."""

import hashlib
import json
import pathlib

from . import commands, made_rules
from .place import ROOT

MIX = "traffic/real/et-open-mix/input.pcap"
SEED = 1
# Name -> options of mirrorscan-gen. The first is the headline; the second its twin, which needs nothing but this project.
CAPTURES = {
    "mix": "--from-capture {testdata}/" + MIX + " --until-packets 500000 --until-flows 30000",
    "plain": "--from-capture {testdata}/" + MIX + " --until-packets 500000 --until-flows 30000 --encap none",
    "made": "--packets 600000 --flows 3000 --flow-lifetime 1 --mix http=45,tls=15,tcp=20,dns=10,udp=10 --vnis 4 --sources 2"
    " --attacks 0.05 --rules {made.rules} --rules {made-10000.rules}",
    "udp-64": "--packets 16384 --flows 4096 --mix udp=1 --sizes fixed:64",
    "udp-1400": "--packets 16384 --flows 4096 --mix udp=1 --sizes fixed:1400",
}
LITERALS = (1_000, 10_000)
MADE_RULES = 2_000
# Of the inspector: the defaults, and room for the windows of all flows of the headline capture, of which there are more at
# a time than the default has room for.
CONFIGURATION = {"detect": {"max_window_bytes": 1 << 30}}


def checksum(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def origin(place, command, options):
    """What a capture depends on: the command, the generator as built, and the inputs that the options name."""
    used = {name: place.inputs[name]["sha256"] for name in place.inputs if f"{{{name}}}" in options}
    program = pathlib.Path(ROOT / command[0]).stat()
    return json.dumps({"command": place.shown(command), "program": [program.st_mtime, program.st_size], "inputs": used})


def fact(place, name, path, command, **more):
    place.paths[name] = str(path.relative_to(ROOT))
    place.inputs[name] = {"bytes": path.stat().st_size, "sha256": checksum(path), "command": command, **more}


def capture_command(place, name, options):
    words = place.filled(options)
    out, summary = ((place.work / f"{name}.{ending}").relative_to(ROOT) for ending in ("pcap", "json"))
    return [place.program("mirrorscan-gen"), "--seed", str(SEED), *words, "--pcap", str(out), "--json", str(summary), "--quiet"]


def make_capture(place, name, options):
    """Unless it is there, made from the same."""
    path, summary, stamp = (place.work / f"{name}.{ending}" for ending in ("pcap", "json", "origin"))
    command = capture_command(place, name, options)
    wanted = origin(place, command, options)
    if not (path.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        stamp.unlink(missing_ok=True)
        commands.output_of(command, timeout=300, folder=ROOT)
        stamp.write_text(wanted, encoding="utf-8")
    said = json.loads(summary.read_text(encoding="utf-8"))
    fact(place, name, path, place.shown(command), packets=said["packets"]["sent"], flows=said["traffic"]["flows_begun"])


def make_captures(place):
    for name, options in CAPTURES.items():
        if place.testdata or "{testdata}" not in options:
            make_capture(place, name, options)


def put_text(place, name, text, command):
    path = place.work / name
    path.write_text(text, encoding="utf-8")
    fact(place, name, path, command)


def make_literal_rules(place, of, file):
    """The first N literals of `file` as rules, which Suricata reads; we read the literals themselves."""
    for count in LITERALS:
        name = f"{of}-{count}.rules"
        command = [place.program("mirrorscan-bench"), "literals-to-rules", "--literals", str(file)]
        command += ["--count", str(count), "--out", str((place.work / name).relative_to(ROOT))]
        commands.output_of(command, folder=ROOT)
        fact(place, name, place.work / name, place.shown(command))


def supported(place, rules, variables):
    """The lines of a rule file that `mirrorscan check` loads, and its command."""
    command = [place.program("mirrorscan"), "check", "--json", "--rules", str(rules), "--vars", str(variables)]
    report = json.loads(commands.output_of(command, folder=ROOT))
    wanted = {rule["line"] for rule in report["loaded"]}
    lines = rules.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for number, line in enumerate(lines, 1) if number in wanted), place.shown(command)


def make_real_rules(place):
    """What the test data has: literals and rules of others, and their variables."""
    rules, variables = place.testdata / "rules", place.testdata / "traffic" / "vars.yaml"
    place.paths |= {"vars": str(variables), "literals": str(rules / "literals.txt"), "all.rules": str(rules / "et-open-composite.rules")}
    make_literal_rules(place, "literals", rules / "literals.txt")
    put_text(place, "et-open.rules", *supported(place, rules / "et-open-composite.rules", variables))


def make_rules(place):
    if place.testdata:
        make_real_rules(place)
    put_text(place, "config", json.dumps(CONFIGURATION, indent=1) + "\n", "inputs.py")
    text = made_rules.literals_text(made_rules.literals(max(LITERALS)))
    put_text(place, "made-literals", text, "made_rules.py, seed 1")
    make_literal_rules(place, "made", place.work / "made-literals")
    put_text(place, "made.rules", made_rules.rules_text(MADE_RULES), "made_rules.py, seed 2")


def mark_differences(place, promised):
    """Names of inputs that are not what the page promises."""
    found = [name for name, made in place.inputs.items() if promised.get(name, made["sha256"]) != made["sha256"]]
    for name in found:
        place.inputs[name]["differs"] = True
    return found
