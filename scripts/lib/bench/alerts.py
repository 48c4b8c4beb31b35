"""Alerts of two EVE files as sets of (sid, flow): counts differ between engines, and between runs of one."""

import ipaddress
import json

from . import commands, suricata
from .measurement import Measured, Measurement
from .place import ROOT

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
        "differ": len(ours ^ theirs),
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


def replay(place, capture, rules, variables, eve):
    """Our alerts, as `mirrorscan replay` writes them; the command."""
    command = [place.program("mirrorscan"), "replay", "--quiet", "--config", place.paths["config"], "--rules", rules]
    command += [*(["--vars", variables] if variables else []), "--eve", str(eve), capture]
    commands.output_of(command, timeout=300, folder=ROOT)
    return command


def beside(name, capture, rules, variables=None):
    """Both over the same capture and rules, each once; Suricata with its app layer off. Inputs by name."""
    inputs = tuple(key for key in (capture, rules, variables) if key)

    def run(place, _rounds):
        paths = [place.paths.get(key) for key in (capture, rules, variables)]
        eve, folder = place.work / "eve.json", place.work / "suricata"
        command = replay(place, *paths, eve)
        found = suricata.run(place.peers, folder, paths[0], paths[1], "off", "yes", paths[2])
        lost = found["packets"] != place.inputs[capture]["packets"] or found["lost_to_memory"]
        flags = ["peer_lost_packets"] if lost else []
        return Measured([compare(pairs_in(eve), pairs_in(folder / "eve.json"))], place.shown(command), flags)

    return Measurement(name, run, inputs, of_peer=True)
