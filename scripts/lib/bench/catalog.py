"""Every row of the table: what it needs, how it is made of that, and its targets."""

from . import generator, latency
from .contenders import ARRIVALS, FLOWS, LITERALS, MANY, NEW_FLOWS, SIZES, VNIS, WORKERS
from .figures import at, ratio
from .rows import MORE, Row
from .table import TARGETS

CYCLES = "cycles/packet"


def field(path):
    """The field of the only measurement that a row needs."""
    return lambda results: at(next(iter(results.values())), path)


def reading_left_out(results, theirs, reading):
    """Suricata's kpps, were its packets in memory as ours are."""
    seconds = results[theirs]["seconds"] - results[theirs]["packets"] * results[reading]["ns_per_packet"] / 1e9
    return results[theirs]["packets"] / seconds / 1000


def times_as_fast(ours, theirs, reading=None):
    """Our packets a second by Suricata's; with `reading` without what libpcap costs it."""

    def value(results):
        kpps = reading_left_out(results, theirs, reading) if reading else results[theirs]["kpps"]
        return ratio(at(results[ours], "worker.kpps"), kpps)

    return value


def against(key, what, ours, theirs, capture, must=None, stretch=None, section=TARGETS):
    """Two rows: with libpcap's reading in Suricata's figure, as it is used, and without it."""
    reading = f"libpcap-{capture}"
    return [
        Row(key, section, f"{what}, against Suricata", "times", (ours, theirs), times_as_fast(ours, theirs), MORE, must, stretch),
        Row(f"{key}-in-memory", section, f"{what}, against Suricata without libpcap's share", "times",
            (ours, theirs, reading), times_as_fast(ours, theirs, reading), MORE, must, stretch),
    ]


def literal_rows(capture, what, section=TARGETS):
    """No rules, 1,000 and 10,000 literals: share of hs_scan_stream, and times Suricata."""
    none = against(f"none-{capture}", f"no rules, {what}", f"inspect-0-{capture}", f"suricata-off-0-{capture}", capture, 8, 15, section)
    rows = list(none)
    for count, share, more_share, times, more_times in ((1_000, 0.55, 0.75, 6, 9), (10_000, 0.70, 0.85, 3, 4.3)):
        ours = f"inspect-{count}-{capture}"
        title = f"{count:,} literals, {what}"
        rows.append(Row(f"share-{count}-{capture}", section, f"{title}: share of hs_scan_stream alone", "share", (ours,),
                        field("share_of_scan_alone"), MORE, share, more_share))
        rows += against(f"literals-{count}-{capture}", title, ours, f"suricata-off-{count}-{capture}", capture, times, more_times, section)
    return rows


def target_rows():
    rows = []
    for transport, what, must, stretch in (("udp", "", 260, 200), ("tcp", ", with TCP ordering", 400, 330)):
        rows.append(Row(f"budget-{transport}", TARGETS, f"decap, parse, lookup, ledger; cold mbufs, 1 M flows, 64 B{what}", CYCLES,
                        (f"pipeline-64-{MANY}-{transport}",), field("worker.cycles_per_packet"), must=must, stretch=stretch))
    rows += literal_rows("mix", "headline capture")
    rows += against("et-open-mix", "ET Open's supported rules", "inspect-et-open-mix", "suricata-off-et-open-mix", "mix", 3, 5)
    rows += literal_rows("made", "twin")
    rows += against("rules-made", "made rules, twin", "inspect-rules-made", "suricata-off-rules-made", "made", 3, 5)
    rows.append(Row("alerts-et-open-mix", TARGETS, "pairs of sid and flow that only one of us and Suricata has, ET Open's supported rules",
                    "pairs", ("alerts-et-open-mix",), field("differ"), must=0, stretch=0))
    rows += [
        Row("lookup-growth", TARGETS, "bulk lookup at 1 M flows by that at 10 k", "times", ("lookup",), field("ratio_of_sizes"), must=4, stretch=3),
        Row("lookup-rte-hash", TARGETS, "bulk lookup with record at 1 M flows by rte_hash's", "times", ("lookup",),
            field(f"flows_{MANY}.ratio_to_rte_hash"), must=1.0, stretch=0.6),
    ]
    for name, what in (("memory-1000000", ""), ("memory-made", ", twin")):
        rows.append(Row(f"{name}-direction", TARGETS, f"memory a direction, 1 M flows, 10,000 literals{what}", "bytes", (name,),
                        field("bytes_per_direction.tracking_and_streams"), must=512, stretch=320))
    gibibytes = lambda results: ratio(at(results["memory-1000000"], "budgets.sum"), 2**30)
    rows.append(Row("budgets", TARGETS, "all budgets, windows too", "GiB", ("memory-1000000",), gibibytes, must=8))
    rows += [
        Row("load-cold", TARGETS, "ET Open's rules loaded, as far as supported", "s", ("load-et-open",), field("cold_seconds"), must=10, stretch=5),
        Row("load-cached", TARGETS, "the same from a cache", "s", ("load-et-open",), field("cached_seconds"), must=1, stretch=0.3),
        Row("calls", TARGETS, "allocations, locks and waits after start, of a million packets", "calls", ("no-alloc",), field("calls"), must=0, stretch=0),
    ]
    return rows


def peer_rows():
    """Absolute figures behind the ratios."""
    section, rows = "Packets a second, absolute", []
    for capture in ("mix", "made"):
        for count in (0, 1_000, 10_000):
            name = f"inspect-{count}-{capture}"
            rows.append(Row(name, section, f"one worker, {count:,} literals, `{capture}`", "kpps", (name,), field("worker.kpps"), MORE))
            if count:
                rows.append(Row(f"{name}-payload", section, f"its payload, {count:,} literals, `{capture}`", "Gbit/s", (name,), field("worker.payload_gbit_per_s"), MORE))
                rows.append(Row(f"{name}-scan", section, f"hs_scan_stream alone, {count:,} literals, `{capture}`", "Gbit/s", (name,), field("scan_alone.payload_gbit_per_s"), MORE))
            for layer in ("off", "on") if capture == "mix" else ("off",):
                name = f"suricata-{layer}-{count}-{capture}"
                rows.append(Row(name, section, f"Suricata, app layer {layer}, {count:,} literals, `{capture}`", "kpps", (name,), field("kpps"), MORE))
        rows.append(Row(f"libpcap-{capture}", section, f"libpcap reading `{capture}`", "ns/packet", (f"libpcap-{capture}",), field("ns_per_packet")))
    plain = "suricata-off-10000-plain"
    rows.append(Row(plain, section, "Suricata, app layer off, 10,000 literals, the same packets without VXLAN", "kpps", (plain,), field("kpps"), MORE))
    name = "inspect-et-open-mix"
    rows.append(Row(name, section, "one worker, ET Open's supported rules, `mix`", "kpps", (name,), field("worker.kpps"), MORE))
    rows.append(Row(f"{name}-scan", section, "hs_scan_stream alone with their literals, `mix`", "Gbit/s", (name,), field("scan_alone.payload_gbit_per_s"), MORE))
    for layer in ("off", "on"):
        name = f"suricata-{layer}-et-open-mix"
        rows.append(Row(name, section, f"Suricata, app layer {layer}, the same rules, `mix`", "kpps", (name,), field("kpps"), MORE))
    return rows


def app_layer_rows():
    section = "Against Suricata with its app layer on"
    rows = []
    for count in (0, 1_000, 10_000):
        rows += against(f"app-layer-{count}", f"{count:,} literals", f"inspect-{count}-mix", f"suricata-on-{count}-mix", "mix", section=section)
    return rows + against("app-layer-et-open", "ET Open's supported rules", "inspect-et-open-mix", "suricata-on-et-open-mix", "mix", section=section)


def grid_rows():
    return [
        Row(f"pipeline-{size}-{flows}", "Pipeline by size and flows, UDP, no rules", f"{size} B inner, {flows:,} flows", CYCLES,
            (f"pipeline-{size}-{flows}-udp",), field("worker.cycles_per_packet"))
        for flows in FLOWS for size in SIZES
    ]


def growth_rows():
    section, cycles = "Growth", field("worker.cycles_per_packet")
    rows = [Row(f"new-flows-{n}", section, f"{n:,} new flows a second, 64 B", CYCLES, (f"new-flows-{n}",), cycles) for n in NEW_FLOWS]
    rows += [Row(f"vnis-{n}", section, f"{n:,} VNIs, 64 B", CYCLES, (f"vnis-{n}",), cycles) for n in VNIS]
    rows += [Row(f"literals-{n}", section, f"{n:,} literals, `mix`", CYCLES, (f"inspect-{n}-mix",), cycles) for n in LITERALS]
    rows += [Row(f"memory-of-{n}-literals", section, f"{n:,} literals, `mix`: memory of the rules", "bytes", (f"inspect-{n}-mix",),
                 field("rules.load_rss_bytes")) for n in LITERALS]
    rows += [Row(f"memory-{n}", section, f"{n:,} flows: memory a direction", "bytes", (f"memory-{n}",), field("bytes_per_direction.measured"))
             for n in (10_000, 100_000, MANY)]
    rows += [Row(f"memory-new-flows-{n}", section, f"{n:,} new flows a second: memory", "bytes", (f"new-flows-{n}",), field("worker.rss_growth_bytes"))
             for n in NEW_FLOWS]
    return rows + [Row(f"memory-vnis-{n}", section, f"{n:,} VNIs: memory", "bytes", (f"vnis-{n}",), field("worker.rss_growth_bytes")) for n in VNIS]


def worker_rows():
    section, rows = "Several workers, no rules, headline capture", []
    for workers in WORKERS:
        for arrival in ARRIVALS if workers > 1 else ARRIVALS[:1]:
            name = f"workers-{workers}-{arrival}"
            rows.append(Row(name, section, f"{workers} workers, {arrival} arrival: busy cycles", CYCLES, (name,), field("worker.cycles_per_packet")))
        if workers > 1:
            ours, other = f"workers-{workers}-hostile", f"workers-{workers}-friendly"
            cost = lambda r, a=ours, b=other: at(r[a], "worker.cycles_per_packet") - at(r[b], "worker.cycles_per_packet")
            rows.append(Row(f"hand-over-{workers}", section, f"{workers} workers: what hostile arrival costs more", CYCLES, (ours, other), cost))
            rows.append(Row(f"handed-over-{workers}", section, f"{workers} workers, hostile: packets handed over", "share", (ours,), field("worker.handed_over_share")))
    return rows


def device_rows():
    section, rows = "Beside dpdk-testpmd on one virtual device (datagrams, no rules)", []
    for size in ("64", "1400"):
        ours, theirs = f"vdev-{size}", f"testpmd-{size}"
        share = lambda r, a=ours, b=theirs: ratio(r[a]["packets_per_second"], r[b]["packets_per_second"])
        rows += [
            Row(theirs, section, f"testpmd receives and drops, {size} B", CYCLES, (theirs,), field("cycles_per_packet")),
            Row(ours, section, f"mirrorscan run, {size} B", "packets/s", (ours,), field("packets_per_second"), MORE),
            Row(f"share-vdev-{size}", section, f"share of what testpmd would receive, {size} B", "share", (ours, theirs), share, MORE),
        ]
    return rows


def alert_rows():
    section = "Alerts that only one of us and Suricata has"
    names = {"alerts-1000-mix": "1,000 literals, headline capture", "alerts-rules-made": "made rules, twin"}
    return [Row(name, section, what, "pairs", (name,), field("differ")) for name, what in names.items()]


def rate_rows():
    section, rows = "Highest rate with no loss, recall 1.0 and each alert once", []
    for name, what in (("rate-made-rules", "2,000 made rules"), ("rate-10000", "10,000 made literals")):
        rows += [
            Row(name, section, what, "packets/s", (name,), field("achieved_pps"), MORE),
            Row(f"{name}-recall", section, f"{what}: recall at that rate", "share", (name,), field("recall"), MORE),
            Row(f"{name}-late", section, f"{what}: a packet is sent too late by, p99", "µs", (name,), field("late_p99_us")),
        ]
    for pace in latency.RATES:
        for field_name, what in (("p50_us", "p50"), ("p99_us", "p99"), ("p99_9_us", "p99.9")):
            rows.append(Row(f"latency-{pace}-{what}", "Latency from arrival to alert in the ring, read by another process",
                            f"{pace:,} packets/s: {what}", "µs", (f"latency-{pace}",), field(field_name)))
    return rows


def generator_rows():
    section = "The generator alone"
    rows = [Row(f"gen-{name}", section, f"makes, {name}: `{options}`", "packets/s", (f"gen-{name}",), field("cost.can_make_pps"), MORE)
            for name, options in generator.MIXES.items()]
    for rate in generator.RATES:
        name = f"gen-at-{rate}"
        rows.append(Row(name, section, f"at {rate:,} packets/s: deviation of 10 ms, p99", "%", (name,), field("deviation.of_10_ms.p99_percent")))
        rows.append(Row(f"{name}-reached", section, f"at {rate:,} packets/s: reached", "packets/s", (name,), field("rate.achieved_pps"), MORE))
    return rows


def all_rows():
    return [*target_rows(), *peer_rows(), *app_layer_rows(), *alert_rows(), *rate_rows(), *generator_rows(), *device_rows(), *worker_rows(), *grid_rows(), *growth_rows()]


