"""One row of the table: a figure, its targets, and the verdict on them."""

import dataclasses
from collections.abc import Callable

from . import figures

LESS, MORE = "less", "more"  # which is better


@dataclasses.dataclass(frozen=True)
class Row:
    """`value` makes the figure of one round from the results of the measurements in `needs`, by name: all of
    the same round, so that ratios are formed within it. None means that this round has no such figure."""

    key: str
    section: str
    title: str
    unit: str
    needs: tuple
    value: Callable
    better: str = LESS
    must: float | None = None
    stretch: float | None = None


# Of what does not change when others take the CPU.
TIMELESS = ("bytes", "GiB", "pairs", "calls")
NOT_MEASURED, REFUSED = "not measured", "refused"


def rounds_of(row, measurements):
    """For each round that all needed measurements have: their results by name."""
    there = [measurements[name]["rounds"] for name in row.needs]
    return [dict(zip(row.needs, together)) for together in zip(*there)]


def undisturbed(row, rounds):
    """Those during which nobody took the CPU of one of them."""
    return [one for one in rounds if row.unit in TIMELESS or not any(found.get("disturbed") for found in one.values())]


def flags_of(row, measurements):
    """What would make this row's figure lie, each once, with the measurement that said so."""
    return sorted(f"{name}: {flag}" for name in row.needs for flag in set(measurements.get(name, {}).get("flags", [])))


def verdict(row, median):
    """In words: met, or missed by how much of the target."""
    if row.must is None:
        return ""
    if _reaches(row, median, row.stretch):
        return "met, and the stretch"
    if _reaches(row, median, row.must):
        return "met"
    return "missed by " + _distance(row, median)


def _distance(row, median):
    if row.must == 0:
        return figures.text_of(median)
    return f"{abs(median - row.must) / row.must * 100:.0f} %"


def _reaches(row, median, target):
    if target is None:
        return False
    return median <= target if row.better == LESS else median >= target


def evaluate(row, measurements):
    """The row as it stands in the result file. Flagged figures are kept there, and never shown as results."""
    out = {"key": row.key, "section": row.section, "title": row.title, "unit": row.unit, "better": row.better}
    out |= {"must": row.must, "stretch": row.stretch, "needs": list(row.needs), "figure": None, "verdict": NOT_MEASURED}
    missing = [name for name in row.needs if not measurements.get(name, {}).get("rounds")]
    if missing:
        reasons = {measurements.get(name, {}).get("absent", "not asked for") for name in missing}
        return out | {"why": "; ".join(sorted(reasons))}
    rounds = rounds_of(row, measurements)
    clean = undisturbed(row, rounds)
    found = figures.summary(row.value(together) for together in clean or rounds)
    if found is None:
        return out | {"why": "the measurement has no such figure"}
    found["of_rounds"] = len(rounds)
    flags = flags_of(row, measurements) + ([] if clean else ["shared_cpu in each round"])
    if flags:
        return out | {"figure": found, "verdict": REFUSED, "why": "; ".join(flags)}
    return out | {"figure": found, "verdict": verdict(row, found["median"])}
