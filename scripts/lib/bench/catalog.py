"""Every row of the table: those with targets (targets.py), and the figures around them."""

from . import generator
from .contenders import ARRIVALS, FLOWS, LITERALS, MANY, NEW_FLOWS, SIZES, VNIS, WORKERS
from .figures import at, difference, ratio
from .rows import LESS, MORE, Row
from .targets import against, shows, target_rows

CYCLES, BUSY = "cycles/packet", "worker.cycles_per_packet"


class Section:
    """Rows under one heading."""

    def __init__(self, name):
        self.name, self.rows = name, []

    def shows(self, key, title, unit, path, name=None, better=LESS):
        """A field of one measurement, whose name is the row's key unless given."""
        self.rows.append(shows(key, title, unit, name or key, path, better, section=self.name))

    def add(self, key, title, unit, needs, value, better=LESS):
        self.rows.append(Row(key, self.name, title, unit, needs, value, better))


def capture_rows(section, capture):
    """Ours and Suricata's on one capture, by literals."""
    for count in (0, 1_000, 10_000):
        ours, what = f"inspect-{count}-{capture}", f"{count:,} literals, `{capture}`"
        section.shows(ours, f"one worker, {what}", "kpps", "worker.kpps", better=MORE)
        if count:
            section.shows(f"{ours}-payload", f"its payload, {what}", "Gbit/s", "worker.payload_gbit_per_s", ours, MORE)
            section.shows(f"{ours}-scan", f"hs_scan_stream alone, {what}", "Gbit/s", "scan_alone.payload_gbit_per_s", ours, MORE)
        for layer in ("off", "on") if capture == "mix" else ("off",):
            section.shows(f"suricata-{layer}-{count}-{capture}", f"Suricata, app layer {layer}, {what}", "kpps", "kpps", better=MORE)
    section.shows(f"libpcap-{capture}", f"libpcap reading `{capture}`", "ns/packet", "ns_per_packet")


def absolute_rows():
    section = Section("Packets a second, absolute")
    for capture in ("mix", "made"):
        capture_rows(section, capture)
    plain = "Suricata, app layer off, 10,000 literals, the same packets without VXLAN"
    section.shows("suricata-off-10000-plain", plain, "kpps", "kpps", better=MORE)
    ours, rules = "inspect-et-open-mix", "ET Open's supported rules, `mix`"
    section.shows(ours, f"one worker, {rules}", "kpps", "worker.kpps", better=MORE)
    section.shows(f"{ours}-payload", f"its payload, {rules}", "Gbit/s", "worker.payload_gbit_per_s", ours, MORE)
    section.shows(f"{ours}-scan", f"hs_scan_stream alone, {rules}", "Gbit/s", "scan_alone.payload_gbit_per_s", ours, MORE)
    for layer in ("off", "on"):
        section.shows(f"suricata-{layer}-et-open-mix", f"Suricata, app layer {layer}, {rules}", "kpps", "kpps", better=MORE)
    return section.rows


def app_layer_rows():
    name, rows = "Against Suricata with its app layer on", []
    for count in (0, 1_000, 10_000):
        pair = f"inspect-{count}-mix", f"suricata-on-{count}-mix"
        rows += against(f"app-layer-{count}", f"{count:,} literals", *pair, "mix", section=name)
    pair = "inspect-et-open-mix", "suricata-on-et-open-mix"
    return rows + against("app-layer-et-open", "ET Open's supported rules", *pair, "mix", section=name)


def alert_rows():
    section = Section("Alerts that only one of us and Suricata has")
    section.shows("alerts-1000-mix", "1,000 literals, headline capture", "pairs", "differ")
    section.shows("alerts-rules-made", "made rules, twin", "pairs", "differ")
    return section.rows


def rate_rows():
    section = Section("Highest rate with no loss, recall 1.0 and each alert once; latency from arrival to record in the ring there")
    for name, what in (("rate-made-rules", "2,000 made rules"), ("rate-10000", "10,000 made literals")):
        section.shows(name, what, "packets/s", "throughput_pps", better=MORE)
        section.shows(f"{name}-recall", f"{what}: recall", "share", "best.recall", name, MORE)
        for path, share in (("p50", "p50"), ("p99", "p99"), ("p99_9", "p99.9")):
            section.shows(f"{name}-{share}", f"{what}: latency, {share}", "µs", f"best.latency_us.{path}", name)
    return section.rows


def generator_rows():
    section = Section("The generator alone")
    for name, options in generator.MIXES.items():
        section.shows(f"gen-{name}", f"makes, {name}: `{options}`", "packets/s", "cost.can_make_pps", better=MORE)
    for rate in generator.RATES:
        name, what = f"gen-at-{rate}", f"at {rate:,} packets/s"
        section.shows(name, f"{what}: deviation of 10 ms, p99", "%", "deviation.of_10_ms.p99_percent")
        section.shows(f"{name}-reached", f"{what}: reached", "packets/s", "rate.achieved_pps", name, MORE)
    return section.rows


def device_rows():
    section = Section("Beside dpdk-testpmd on one virtual device (datagrams, no rules)")
    for size in ("64", "1400"):
        ours, theirs = f"vdev-{size}", f"testpmd-{size}"
        section.shows(theirs, f"testpmd receives and drops, {size} B", CYCLES, "cycles_per_packet")
        section.shows(ours, f"mirrorscan run, {size} B", "packets/s", "packets_per_second", better=MORE)
        share = lambda r, a=ours, b=theirs: ratio(r[a]["packets_per_second"], r[b]["packets_per_second"])
        section.add(f"share-vdev-{size}", f"share of what testpmd would receive, {size} B", "share", (ours, theirs), share, MORE)
    return section.rows


def worker_rows():
    section = Section("Several workers, no rules, headline capture")
    section.shows("workers-1-friendly", "1 worker: busy cycles", CYCLES, BUSY)
    for count in WORKERS[1:]:
        for arrival in ARRIVALS:
            section.shows(f"workers-{count}-{arrival}", f"{count} workers, {arrival} arrival: busy cycles", CYCLES, BUSY)
        hostile, friendly = (f"workers-{count}-{arrival}" for arrival in ("hostile", "friendly"))
        cost = lambda r, a=hostile, b=friendly: difference(at(r[a], BUSY), at(r[b], BUSY))
        section.add(f"hand-over-{count}", f"{count} workers: what hostile arrival costs more", CYCLES, (hostile, friendly), cost)
        handed = f"{count} workers, hostile: packets handed over"
        section.shows(f"handed-over-{count}", handed, "share", "worker.handed_over_share", hostile)
    return section.rows


def grid_rows():
    section = Section("Pipeline by size and flows, UDP, no rules")
    for flows in FLOWS:
        for size in SIZES:
            section.shows(f"pipeline-{size}-{flows}", f"{size} B inner, {flows:,} flows", CYCLES, BUSY, f"pipeline-{size}-{flows}-udp")
    return section.rows


def growth_rows():
    section = Section("Growth")
    for rate in NEW_FLOWS:
        section.shows(f"new-flows-{rate}", f"{rate:,} new flows a second, 64 B", CYCLES, BUSY)
        section.shows(f"memory-new-flows-{rate}", f"{rate:,} new flows a second: memory", "bytes", "worker.rss_growth_bytes", f"new-flows-{rate}")
    for vnis in VNIS:
        section.shows(f"vnis-{vnis}", f"{vnis:,} VNIs, 64 B", CYCLES, BUSY)
        section.shows(f"memory-vnis-{vnis}", f"{vnis:,} VNIs: memory", "bytes", "worker.rss_growth_bytes", f"vnis-{vnis}")
    for count in LITERALS:
        section.shows(f"literals-{count}", f"{count:,} literals, `mix`", CYCLES, BUSY, f"inspect-{count}-mix")
        section.shows(f"memory-of-{count}-literals", f"{count:,} literals: memory", "bytes", "rules.load_rss_bytes", f"inspect-{count}-mix")
    for flows in (10_000, 100_000, MANY):
        section.shows(f"memory-{flows}", f"{flows:,} flows: memory a direction", "bytes", "bytes_per_direction.measured")
    return section.rows


def all_rows():
    around = [absolute_rows, app_layer_rows, alert_rows, rate_rows, generator_rows, device_rows, worker_rows, grid_rows, growth_rows]
    return [*target_rows(), *(row for rows in around for row in rows())]
