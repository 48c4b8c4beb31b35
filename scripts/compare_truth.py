#!/usr/bin/env python3
"""Compares the alerts of an EVE file with the ground truth that mirrorscan-gen wrote (docs/truth-format.md).

Usage: compare_truth.py TRUTH EVE [--set] [--show N] [--json FILE]
       compare_truth.py --reference EVE_OF_ANOTHER EVE [--show N] [--json FILE]

Without --set: for each rule and direction of a flow as many alerts as the truth says. With --set: the sets of
(sid, flow) alone, for inspectors that count otherwise; Suricata's eve.json too. Alerts of rules that the truth
excludes, and what it leaves open, are ignored. With --reference: the sets of two EVE files.
Exit status: 0 equal, 1 not equal, 2 a file that cannot be used.
"""

import argparse
import collections
import ipaddress
import json
import sys

KINDS = ("missing", "extra", "wrong_count")


class Unusable(Exception):
    """What is wrong with a file."""


def lines_of(path):
    try:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise Unusable(f"{path}:{number}: no JSON: {error}") from error
    except UnicodeDecodeError as error:
        raise Unusable(f"{path}: is no text") from error
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror}") from error


def end_of(event, side):
    return str(ipaddress.ip_address(event[side + "_ip"])), event.get(side + "_port", 0)


class Keys:
    """What is compared: (sid, vni, protocol, source, destination), or without direction and VNI."""

    def __init__(self, as_set):
        self.as_set = as_set

    def of(self, event, sid, vni):
        ends = end_of(event, "src"), end_of(event, "dest")
        if self.as_set:
            return sid, event["proto"], *sorted(ends)
        return sid, vni, event["proto"], *ends


class Truth:
    def __init__(self, path, keys):
        lines = lines_of(path)
        head = next(lines, {})
        if not isinstance(head, dict) or head.get("type") != "truth" or head.get("version") != 1:
            raise Unusable(f"{path}: is no truth file of version 1")
        self.excluded = {rule["sid"] for rule in head["excluded"]}
        self.expected, self.open, self.damaged = collections.Counter(), set(), 0
        for line in lines:
            try:
                self.take(line, keys)
            except (KeyError, TypeError) as error:
                raise Unusable(f"{path}: a line without {error}: {json.dumps(line)[:80]}") from error
        # What is expected in one VNI may be left open in another where VNIs are not compared.
        for key in self.open:
            del self.expected[key]

    def take(self, line, keys):
        key = keys.of(line, line["sid"], line["vni"])
        if line["type"] == "expected":
            self.expected[key] += line["count"]
        elif line["type"] == "damaged":
            self.damaged += 1
            if line.get("open"):
                self.open.add(key)
        else:
            raise Unusable(f"a line of type {line['type']}")

    def concerns(self, key):
        return key[0] not in self.excluded and key not in self.open


class Reference:
    """What another inspector alerted, in place of the truth."""

    def __init__(self, path, keys):
        self.expected, self.damaged = alerts_of(path, keys), 0

    def concerns(self, _key):
        return True


def alerts_of(path, keys):
    found = collections.Counter()
    for event in lines_of(path):
        try:
            if event.get("event_type") == "alert":
                found[keys.of(event, event["alert"]["signature_id"], event.get("mirror", {}).get("vni"))] += 1
        except (AttributeError, KeyError, TypeError) as error:
            raise Unusable(f"{path}: an event that is no alert of EVE ({error}): {json.dumps(event)[:80]}") from error
    return found


def compare(truth, found, as_set):
    """Keys by kind of difference."""
    found = {key: count for key, count in found.items() if truth.concerns(key)}
    return {
        "missing": sorted(set(truth.expected) - set(found), key=str),
        "extra": sorted(set(found) - set(truth.expected), key=str),
        "wrong_count": [] if as_set else sorted((k for k in found if 0 < truth.expected[k] != found[k]), key=str),
    }


def recall(truth, found, as_set):
    if not truth.expected:
        return 1.0
    if as_set:
        return sum(key in found for key in truth.expected) / len(truth.expected)
    return sum(min(count, found[key]) for key, count in truth.expected.items()) / sum(truth.expected.values())


def text_of(key, truth, found):
    sid, *_, src, dst = key
    where = f"{src[0]}:{src[1]} > {dst[0]}:{dst[1]}"
    return f"sid {sid} {key[-3]} {where}" + (f" VNI {key[1]}" if len(key) == 5 else "") + \
        f": expected {truth.expected[key]}, found {found[key]}"


def tell(differences, truth, found, most):
    for kind in KINDS:
        for key in differences[kind][:most]:
            print(f"{kind.replace('_', ' '):12} {text_of(key, truth, found)}")
        if len(differences[kind]) > most:
            print(f"{kind.replace('_', ' '):12} and {len(differences[kind]) - most} more")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth", metavar="TRUTH", help="the ground truth, or with --reference an EVE file")
    parser.add_argument("eve", metavar="EVE")
    parser.add_argument("--set", action="store_true", help="compare sets of (sid, flow) instead of counts")
    parser.add_argument("--reference", action="store_true", help="TRUTH is another inspector's EVE file; sets are compared")
    parser.add_argument("--show", type=int, default=20, metavar="N", help="differences of each kind to show (20)")
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    options.set = options.set or options.reference
    keys = Keys(options.set)
    try:
        truth = (Reference if options.reference else Truth)(options.truth, keys)
        found = alerts_of(options.eve, keys)
    except Unusable as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    differences = compare(truth, found, options.set)
    figures = {
        "expected": len(truth.expected) if options.set else sum(truth.expected.values()),
        "recall": recall(truth, found, options.set),
        **{kind: len(differences[kind]) for kind in KINDS},
        "ignored": sum(count for key, count in found.items() if not truth.concerns(key)),
        "damaged": truth.damaged,
    }
    figures["equal"] = not any(figures[kind] for kind in KINDS)
    tell(differences, truth, found, options.show)
    print(f"expected {figures['expected']} {'pairs of sid and flow' if options.set else 'alerts'}: "
          f"{figures['missing']} missing, {figures['extra']} extra, {figures['wrong_count']} with another count; "
          f"recall {figures['recall']:.6f}; {figures['ignored']} alerts ignored, {figures['damaged']} attacks damaged")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)
    return 0 if figures["equal"] else 1


if __name__ == "__main__":
    sys.exit(main())
