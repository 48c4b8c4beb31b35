#!/usr/bin/env python3
"""Every configuration of docs/examples is valid by the published schema, and `mirrorscan check` accepts it."""
import glob
import os
import subprocess
import sys

import common

sys.dont_write_bytecode = True
ROOT = os.environ["MIRRORSCAN_SOURCE_ROOT"]
sys.path.insert(0, os.path.join(ROOT, "scripts", "lib"))

import commented_json  # noqa: E402

try:
    import jsonschema
except ImportError:
    print("SKIPPED: the Debian package python3-jsonschema is missing")
    sys.exit(common.SKIPPED)


def problems(schema, config):
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(config)]


def main():
    schema = commented_json.read(os.path.join(ROOT, "docs", "config.schema.json"))
    common.check(problems(schema, {"workers": {"count": 0, "cuont": 2}}), "the schema accepts everything")
    examples = sorted(glob.glob(os.path.join(ROOT, "docs", "examples", "*.json")))
    common.check(len(examples) >= 7, "only %d examples" % len(examples))
    for path in examples:
        name = os.path.basename(path)
        common.equal(problems(schema, commented_json.read(path)), [], "what the schema says of " + name)
        # Paths in examples count from the root of the project. replay.json has no rules: they come by --rules.
        checked = subprocess.run([common.engine(), "check", "--config", path], cwd=ROOT, capture_output=True, text=True,
                                 timeout=120, check=False)
        common.equal(checked.returncode, 0, "exit status of check --config %s (%s)" % (name, checked.stderr))
        print("ok " + name)


main()
