"""The result file as Markdown: what stands in docs/performance.md between its markers."""

from . import figures, profile, rows

TARGETS = "Targets"


def cell(value):
    return "" if value is None else figures.text_of(value)


def figure_of(row):
    """What was measured, or why there is nothing: a refused figure is not shown."""
    if row["verdict"] in (rows.NOT_MEASURED, rows.REFUSED):
        return f"{row['verdict']}: {row['why']}"
    return figures.text_of_summary(row["figure"])


def line_of(row):
    verdict = "" if row["verdict"] in (rows.NOT_MEASURED, rows.REFUSED) else row["verdict"]
    cells = [row["title"], row["unit"], figure_of(row)]
    if row["section"] == TARGETS:
        sign = "≤ " if row["better"] == rows.LESS else "≥ "
        cells += [sign + cell(row["must"]) if row["must"] is not None else "", cell(row["stretch"]), verdict]
    return "| " + " | ".join([*cells, f"`{row['key']}`"]) + " |"


def table_of(section, found):
    heads = ["", "unit", "median [min–max]"]
    if section == TARGETS:
        heads += ["must", "stretch", "verdict"]
    heads.append("row")
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return lines + [line_of(row) for row in found]


def sections_of(result):
    """Rows by section, in the order in which sections first come."""
    by_section = {}
    for row in result["rows"]:
        by_section.setdefault(row["section"], []).append(row)
    return by_section


def facts_of(result):
    machine = result["machine"]
    peers = ", ".join(f"{name} {version}" for name, version in (result["peers"] or {}).items()) or "not there"
    return [
        f"- Commit `{result['commit']}`" + (" with changes that are not committed" if result["modified"] else ""),
        f"- {result['started']}, {result['seconds']:.0f} s, `{result['command']}`",
        f"- {machine['cpu']}, {machine['cpus']} CPUs, TSC {machine['tsc_hz'] / 1e9:.4f} GHz, L3 "
        f"{machine['l3_bytes'] / 2**20:.0f} MiB, {machine['memory_bytes'] / 2**30:.1f} GiB of memory, hugepages "
        f"{machine['hugepage_bytes'] / 2**20:.0f} MiB, Linux {machine['kernel']}; load before the run {result['load_before']:.2f}",
        f"- Peers: {peers}",
    ]


def alerts_of(result):
    lines = []
    for name, measured in result["measurements"].items():
        found = (measured["rounds"] or [{}])[0]
        if not name.startswith("alerts-") or not found:
            continue
        lines.append(
            f"- `{name}`: {found['ours']:,} pairs of (sid, flow) here, {found['theirs']:,} there, {found['both']:,} in both; "
            f"{found['only_ours']:,} only here{sids_of(found['only_ours_sids'])}, "
            f"{found['only_theirs']:,} only there{sids_of(found['only_theirs_sids'])}"
        )
    return ["", "### Alerts beside Suricata's", "", *lines] if lines else []


def sids_of(found):
    return f" (sid {', '.join(str(one['sid']) for one in found)})" if found else ""


def inputs_of(result):
    lines = ["| input | packets | flows | bytes | SHA-256 |", "|---|---|---|---|---|"]
    for name, made in result["inputs"].items():
        counts = [f"{made[field]:,}" if made.get(field) else "" for field in ("packets", "flows", "bytes")]
        lines.append(f"| `{name}` | {' | '.join(counts)} | `{made['sha256']}` |")
    commands = [made["command"] for made in result["inputs"].values()]
    return ["", "### Inputs", "", *lines, "", *("    " + command for command in commands)]


def commands_of(result):
    lines = []
    for name, found in result["measurements"].items():
        if found.get("rounds"):
            lines.append(f"    # {name}\n    {found['command']}")
    return ["", "### Commands", "", *lines]


def markdown(result):
    """The whole generated part."""
    lines = [*facts_of(result)]
    for section, found in sections_of(result).items():
        lines += ["", f"### {section}", "", *table_of(section, found)]
    lines += ["", "### Cycles by stage", "", *profile.markdown(result["profiles"])]
    lines += alerts_of(result) + inputs_of(result) + commands_of(result)
    return "\n".join(lines) + "\n"
