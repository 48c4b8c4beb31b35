"""Every measurement, in the groups that take turns."""

from . import alerts, generator, libpcap, measurement, no_alloc, suricata, testpmd
from .schedule import Group

SIZES, FLOWS = ("64", "imix", "1400", "9000"), (1_000, 100_000, 1_000_000, 4_000_000)
NEW_FLOWS, VNIS, LITERALS = (0, 100_000, 500_000), (1, 100, 10_000), (100, 1_000, 5_000, 10_000)
WORKERS, ARRIVALS = (1, 2, 4), ("friendly", "hostile")
MANY = 1_000_000
# Packets of a pipeline pass; 9,000-byte frames are fewer, since they take their room in memory.
PACKETS, PACKETS_LONG = 1_000_000, 200_000


# As mirrorscan-bench has it for our own: with less of its CPU a contender would only look slower.
MOST_OF_OTHERS = 0.03


def rules_of(capture, count):
    """Our rules option, and Suricata's rule file: the same literals."""
    if count == 0:
        return "", None
    source = {"mix": "literals", "made": "made-literals"}[capture]
    return f" --literals {{{source}}} --count {count}", f"{'literals' if capture == 'mix' else 'made'}-{count}.rules"


def inspect(capture, count):
    option, file = rules_of(capture, count)
    inputs = (capture, *(("literals" if capture == "mix" else "made-literals",) if file else ()))
    return measurement.own(f"inspect-{count}-{capture}", f"inspect --capture {{{capture}}} --config {{config}}{option}", inputs)


def beside(name, capture, rules, app_layer, variables=None):
    """Suricata over the same capture and rules, without output."""

    def run(place, _rounds):
        paths = {key: place.paths.get(key) for key in (capture, rules, variables)}
        found = suricata.run(
            place.peers, place.work / "suricata", paths[capture], paths[rules], app_layer, vars_file=paths[variables]
        )
        expected = place.inputs[capture]["packets"]
        flags = ["peer_lost_packets"] if found["packets"] != expected or found["lost_to_memory"] else []
        flags += ["shared_cpu"] if found["others_on_its_cpu"] > MOST_OF_OTHERS else []
        return measurement.Measured([found], place.shown(found.pop("command").split()), flags)

    inputs = tuple(name for name in (capture, rules, variables) if name)
    return measurement.Measurement(name, run, inputs, of_peer=True)


def suricata_on(capture, count, app_layer):
    return beside(f"suricata-{app_layer}-{count}-{capture}", capture, rules_of(capture, count)[1], app_layer)


def headline():
    ours = [inspect("mix", count) for count in (0, 1_000, 10_000)]
    theirs = [suricata_on("mix", count, layer) for count in (0, 1_000, 10_000) for layer in ("off", "on")]
    plain = beside("suricata-off-10000-plain", "plain", "literals-10000.rules", "off")
    pairs = [libpcap.reading("libpcap-mix", "mix"), plain]
    for number, own in enumerate(ours):
        pairs += [own, *theirs[2 * number : 2 * number + 2]]
    return Group("headline", tuple(pairs), rounds=5)


def twin():
    pairs = [libpcap.reading("libpcap-made", "made")]
    for count in (0, 1_000, 10_000):
        pairs += [inspect("made", count), suricata_on("made", count, "off")]
    return Group("twin", tuple(pairs), rounds=3)


def real_rules():
    line = "inspect --capture {mix} --config {config} --rules {et-open.rules} --vars {vars}"
    ours = measurement.own("inspect-et-open-mix", line, ("mix", "et-open.rules", "vars"))
    theirs = [beside(f"suricata-{layer}-et-open-mix", "mix", "et-open.rules", layer, "vars") for layer in ("off", "on")]
    return Group("rules of ET Open", (ours, *theirs), rounds=5)


def made_rules():
    ours = measurement.own("inspect-rules-made", "inspect --capture {made} --config {config} --rules {made.rules}", ("made", "made.rules"))
    return Group("made rules", (ours, beside("suricata-off-rules-made", "made", "made.rules", "off")), rounds=3)


def quick():
    """One figure of each kind."""
    members = [libpcap.reading("libpcap-mix", "mix"), inspect("mix", 0), suricata_on("mix", 0, "off")]
    members += [inspect("mix", 10_000), suricata_on("mix", 10_000, "off"), inspect("made", 10_000), suricata_on("made", 10_000, "off")]
    return Group("quick", tuple(members), rounds=0, quick_rounds=2)


def pipeline(name, options, program="mirrorscan-bench"):
    return measurement.own(name, f"pipeline {options}", program=program)


def sized(size, flows, transport="udp", program="mirrorscan-bench"):
    packets = PACKETS_LONG if size == "9000" else PACKETS
    name = ("stages" if program.endswith("stages") else "pipeline") + f"-{size}-{flows}-{transport}"
    return pipeline(name, f"--inner {size} --flows {flows} --packets {packets} --transport {transport}", program)


def alone(member, rounds, quick_rounds=0):
    return Group(member.name, (member,), rounds, quick_rounds)


def budget():
    """The cycles that the first target is about."""
    return [alone(sized("64", MANY, transport), 5, 2) for transport in ("udp", "tcp")]


def grid():
    done = ("64", MANY)
    return [alone(sized(size, flows), 3) for flows in FLOWS for size in SIZES if (size, flows) != done]


def stages():
    program = "mirrorscan-bench-stages"
    groups = [alone(sized("64", MANY, transport, program), 3) for transport in ("udp", "tcp")]
    for name, options, inputs in (
        ("stages-inspect-10000-mix", "--literals {literals} --count 10000", ("mix", "literals")),
        ("stages-inspect-et-open-mix", "--rules {et-open.rules} --vars {vars}", ("mix", "et-open.rules", "vars")),
    ):
        line = f"inspect --capture {{mix}} --config {{config}} {options}"
        groups.append(alone(measurement.own(name, line, inputs, program), 3))
    return groups


def tables():
    lookup = measurement.own("lookup", "lookup --flows 10000,1000000")
    memory = measurement.own("memory-1000000", "memory --flows 1000000 --literals {literals} --count 10000", ("literals",))
    made = measurement.own("memory-made", "memory --flows 1000000 --literals {made-literals} --count 10000", ("made-literals",))
    load = measurement.own("load-et-open", "load --rules {all.rules} --vars {vars}", ("all.rules", "vars"))
    return [alone(lookup, 5, 2), alone(memory, 1, 1), alone(made, 1), alone(load, 3, 1), alone(no_alloc.MEASUREMENT, 1, 1)]


def growth():
    members = [pipeline(f"new-flows-{rate}", f"--inner 64 --flows 100000 --packets {PACKETS} --new-flows {rate}") for rate in NEW_FLOWS]
    members += [pipeline(f"vnis-{vnis}", f"--inner 64 --flows 100000 --packets {PACKETS} --vnis {vnis}") for vnis in VNIS]
    groups = [alone(member, 3) for member in members]
    groups += [alone(inspect("mix", count), 2) for count in LITERALS if count not in (1_000, 10_000)]
    groups += [alone(measurement.own(f"memory-{flows}", f"memory --flows {flows}"), 1) for flows in (10_000, 100_000)]
    return groups


def several_workers():
    """Beside each other in one group: what the hand-over costs is a difference of two of them."""
    members = []
    for workers in WORKERS:
        for arrival in ARRIVALS if workers > 1 else ARRIVALS[:1]:
            line = f"inspect --capture {{mix}} --config {{config}} --workers {workers} --arrival {arrival}"
            members.append(measurement.own(f"workers-{workers}-{arrival}", line, ("mix",)))
    return Group("workers", tuple(members), rounds=3)


def device():
    members = []
    for size in ("64", "1400"):
        members += [testpmd.alone(f"testpmd-{size}", f"udp-{size}"), testpmd.inspected(f"vdev-{size}", f"udp-{size}")]
    return Group("one virtual device", tuple(members), rounds=3)


def rates():
    """Each with its own traffic, made in the process: without test data too. A trial lasts a second or some."""
    options = "--config {config} --packets 250000 --resolution 0.1 --from-rate 200000"
    members = [
        measurement.own("rate-made-rules", f"rate {options} --rules {{made.rules}}", ("made.rules",)),
        measurement.own("rate-10000", f"rate {options} --literals {{made-literals}} --count 10000", ("made-literals",)),
    ]
    return [alone(member, 1) for member in members]


def generators():
    return [alone(member, 1) for member in (*generator.own_cost(), *generator.accuracy())]


def alert_sets():
    members = (
        alerts.beside("alerts-et-open-mix", "mix", "et-open.rules", "vars"),
        alerts.beside("alerts-1000-mix", "mix", "literals-1000.rules"),
        alerts.beside("alerts-rules-made", "made", "made.rules"),
    )
    return [alone(member, 1) for member in members]


def all_groups():
    """The most important first: when time runs out, the last ones go without."""
    targets = [quick(), *budget(), headline(), real_rules(), *alert_sets(), *tables(), twin(), made_rules()]
    return [*targets, *stages(), *rates(), device(), several_workers(), *generators(), *growth(), *grid()]
