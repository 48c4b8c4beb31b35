#!/usr/bin/env python3
"""`check` on all of ET Open: every active rule is counted as loaded or rejected, each rejected one with its place and a
reason, in less than 1 GiB; and the text says the same as the JSON. docs/check.md names every field."""
import json
import os
import re
import resource
import subprocess
import time

import common

ROOT = os.environ["MIRRORSCAN_SOURCE_ROOT"]


def check(*words):
    command = [common.engine(), "check", "--rules", common.testdata("rules", "et-open-composite.rules"), "--vars",
               common.testdata("traffic", "vars.yaml"), *words]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    print("%s: %.1f s" % (" ".join(words) or "text", time.monotonic() - began))
    return done.stdout


def main():
    report = json.loads(check("--json"))
    common.equal(report["rules"], report["rules_loaded"] + report["rules_failed"], "the number of rules")
    common.equal(len(report["loaded"]), report["rules_loaded"], "the number of rules explained")
    common.equal(len(report["rejected"]), report["rules_failed"], "the number of rules with a reason")
    common.check(report["rules"] > 36_000, "only %d rules" % report["rules"])
    common.equal([r for r in report["rejected"] if not (r["reason"] and r["line"] and r["file"])], [], "rules without a reason")
    common.equal(sum(r["rules"] for r in report["reasons"]), report["rules_failed"], "the sum over the reasons")
    for rule in report["loaded"]:
        common.check(rule["runs_on"] and ("trigger" in rule) == ("trigger_buffer" in rule), "a rule: %r" % rule)

    text = check().splitlines()
    common.check(text[-1].startswith("%d of %d rules loaded" % (report["rules_loaded"], report["rules"])), text[-1])
    common.equal(len([line for line in text if line.startswith("rejected: ")]), report["rules_failed"], "lines of rejected rules")
    common.equal(len([line for line in text if line.startswith("costly: ")]),
                 sum(len(rule.get("costly", [])) for rule in report["loaded"]), "lines of costly rules")

    with open(os.path.join(ROOT, "docs", "check.md"), encoding="utf-8") as file:
        named = set(re.findall(r"`([^`\n]+)`", file.read()))
    fields = set(report) | {name for rule in report["loaded"] for name in rule}
    common.equal(sorted(fields - named), [], "fields that docs/check.md leaves out")

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print("peak memory: %d MiB" % (peak >> 20))
    common.check(peak < 1 << 30, "check took %d bytes of memory" % peak)


main()
