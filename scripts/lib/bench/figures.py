"""Medians with their spread, and fields of the objects that mirrorscan-bench prints."""

import statistics


def at(measured, path):
    """The field `path` ("worker.kpps") of nested objects; None where it or anything above it is absent or null."""
    for name in path.split("."):
        if not isinstance(measured, dict):
            return None
        measured = measured.get(name)
    return measured


def summary(values):
    """Median and spread; None for no values. The median of an even number is the mean of the middle two."""
    values = [float(value) for value in values if value is not None]
    if not values:
        return None
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "rounds": len(values)}


def ratio(part, whole):
    """None where one of them is unknown or the whole is nothing."""
    return None if part is None or not whole else part / whole


def difference(more, less):
    """None where one of them is unknown."""
    return None if more is None or less is None else more - less


def text_of(value):
    """For people: three digits that count, thousands with commas."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def text_of_summary(found):
    """Median, and the range where there was more than one round; how many rounds, where some did not count."""
    text = text_of(found["median"])
    if found["min"] != found["max"]:
        text += f" [{text_of(found['min'])}–{text_of(found['max'])}]"
    if found["rounds"] != found.get("of_rounds", found["rounds"]):
        text += f" ({found['rounds']} of {found['of_rounds']} rounds)"
    return text
