"""Rows with targets: what each is made of, and the targets."""

from .contenders import MANY
from .figures import at, ratio
from .rows import LESS, MORE, Row
from .table import TARGETS


def shows(key, title, unit, name, path, better=LESS, must=None, stretch=None, section=TARGETS):
    """A row that is one field of one measurement."""
    return Row(key, section, title, unit, (name,), lambda results: at(results[name], path), better, must, stretch)


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
    as_used = Row(key, section, f"{what}, against Suricata", "times", (ours, theirs), times_as_fast(ours, theirs), MORE, must, stretch)
    title = f"{what}, against Suricata without libpcap's share"
    value = times_as_fast(ours, theirs, reading)
    return [as_used, Row(f"{key}-in-memory", section, title, "times", (ours, theirs, reading), value, MORE, must, stretch)]


def budget_rows():
    title = "decap, parse, lookup, ledger; cold mbufs, 1 M flows, 64 B"
    path = "worker.cycles_per_packet"
    return [
        shows("budget-udp", title, "cycles/packet", f"pipeline-64-{MANY}-udp", path, must=260, stretch=200),
        shows("budget-tcp", f"{title}, with TCP ordering", "cycles/packet", f"pipeline-64-{MANY}-tcp", path, must=400, stretch=330),
    ]


def literal_rows(capture, what):
    """No rules, 1,000 and 10,000 literals: share of hs_scan_stream, and times Suricata."""
    rows = against(f"none-{capture}", f"no rules, {what}", f"inspect-0-{capture}", f"suricata-off-0-{capture}", capture, 8, 15)
    for count, share, more_share, times, more_times in ((1_000, 0.55, 0.75, 6, 9), (10_000, 0.70, 0.85, 3, 4.3)):
        ours, theirs = f"inspect-{count}-{capture}", f"suricata-off-{count}-{capture}"
        title = f"{count:,} literals, {what}"
        rows.append(shows(f"share-{count}-{capture}", f"{title}: share of hs_scan_stream alone", "share", ours,
                          "share_of_scan_alone", MORE, share, more_share))
        rows += against(f"literals-{count}-{capture}", title, ours, theirs, capture, times, more_times)
    return rows


def rule_rows():
    """Rules with headers of their own: ET Open's, and the twin's."""
    real, made = ("inspect-et-open-mix", "suricata-off-et-open-mix"), ("inspect-rules-made", "suricata-off-rules-made")
    title = "pairs of sid and flow that only one of us and Suricata has, ET Open's supported rules"
    return [
        *against("et-open-mix", "ET Open's supported rules", *real, "mix", 3, 5),
        shows("alerts-et-open-mix", title, "pairs", "alerts-et-open-mix", "differ", must=0, stretch=0),
        *against("rules-made", "made rules, twin", *made, "made", 3, 5),
    ]


def table_rows():
    """Lookup, memory, loading, calls."""
    rte_hash = "bulk lookup with record at 1 M flows by rte_hash's"
    direction = "memory a direction, 1 M flows, 10,000 literals"
    tracking, load = "bytes_per_direction.tracking_and_streams", "load-et-open"
    of_budgets = lambda results: ratio(at(results["memory-1000000"], "budgets.sum"), 2**30)
    return [
        shows("lookup-growth", "bulk lookup at 1 M flows by that at 10 k", "times", "lookup", "ratio_of_sizes", must=4, stretch=3),
        shows("lookup-rte-hash", rte_hash, "times", "lookup", f"flows_{MANY}.ratio_to_rte_hash", must=1.0, stretch=0.6),
        shows("memory-1000000-direction", direction, "bytes", "memory-1000000", tracking, must=512, stretch=320),
        shows("memory-made-direction", f"{direction}, twin", "bytes", "memory-made", tracking, must=512, stretch=320),
        Row("budgets", TARGETS, "all budgets, windows too", "GiB", ("memory-1000000",), of_budgets, must=8),
        shows("load-cold", "ET Open's rules loaded, as far as supported", "s", load, "cold_seconds", must=10, stretch=5),
        shows("load-cached", "the same from a cache", "s", load, "cached_seconds", must=1, stretch=0.3),
        shows("calls", "allocations, locks and waits after start, of a million packets", "calls", "no-alloc", "calls", must=0, stretch=0),
    ]


def target_rows():
    return [*budget_rows(), *literal_rows("mix", "headline capture"), *literal_rows("made", "twin"), *rule_rows(), *table_rows()]
