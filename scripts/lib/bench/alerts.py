"""Alerts of two EVE files as sets of (sid, flow): counts differ between engines, and between runs of one."""

import ipaddress
import json

VXLAN = 4789


def end_of(event, side):
    return str(ipaddress.ip_address(event[f"{side}_ip"])), event.get(f"{side}_port", 0)


def pair_of(event):
    """The flow without direction. The VNI is left out: Suricata does not tell it."""
    return event["alert"]["signature_id"], event["proto"], *sorted((end_of(event, "src"), end_of(event, "dest")))


def is_outer(event):
    """Suricata looks at the mirror's own packets too; we do not."""
    return event["proto"] == "UDP" and event.get("dest_port") == VXLAN


def pairs_in(path):
    found = set()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if '"alert"' not in line:
                continue
            event = json.loads(line)
            if event["event_type"] == "alert" and not is_outer(event):
                found.add(pair_of(event))
    return found


def compare(ours, theirs, most=10):
    """How many pairs each has, and the rules of those that only one has, by how often: the first `most`."""
    return {
        "ours": len(ours),
        "theirs": len(theirs),
        "both": len(ours & theirs),
        "only_ours": len(ours - theirs),
        "only_theirs": len(theirs - ours),
        "only_ours_sids": _by_sid(ours - theirs, most),
        "only_theirs_sids": _by_sid(theirs - ours, most),
    }


def _by_sid(pairs, most):
    counts = {}
    for sid, *_ in pairs:
        counts[sid] = counts.get(sid, 0) + 1
    first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [{"sid": sid, "flows": count} for sid, count in first]
