"""Cycles a packet by stage of the journey, from the program that has the counts compiled in."""

from . import figures

PREFIX = "stages-"


def profiles(measurements):
    """For each measurement with stages: median of each stage, and of the whole."""
    out = {}
    for name, found in measurements.items():
        rounds = [r for r in found.get("rounds", []) if figures.at(r, "worker.stages")]
        if not name.startswith(PREFIX) or not rounds:
            continue
        stages = rounds[0]["worker"]["stages"]
        out[name] = {stage: figures.summary(r["worker"]["stages"].get(stage) for r in rounds)["median"] for stage in stages}
        out[name]["all"] = figures.summary(figures.at(r, "worker.cycles_per_packet") for r in rounds)["median"]
    return out


def markdown(found):
    """A line for each stage, a column for each measurement."""
    if not found:
        return ["no profile: not measured"]
    lines = ["| stage | " + " | ".join(f"`{name}`" for name in found) + " |", "|---" * (len(found) + 1) + "|"]
    stages = list(dict.fromkeys(stage for one in found.values() for stage in one))
    for stage in stages:
        cells = (figures.text_of(one[stage]) if one.get(stage) is not None else "" for one in found.values())
        lines.append(f"| {stage} | " + " | ".join(cells) + " |")
    return lines
