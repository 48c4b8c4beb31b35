#!/usr/bin/env python3
"""Manual pages: every option that --help shows is in the page, every part of the configuration too, and groff and mandoc
find nothing to complain of."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

import common

ROOT = os.environ["MIRRORSCAN_SOURCE_ROOT"]
MAN = os.path.join(ROOT, "docs", "man")


def help_of(executable, *command):
    return subprocess.run([executable, *command, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout


def commands(executable):
    """Names below the heading of the commands."""
    listed = re.split(r"^Subcommands:$", help_of(executable), flags=re.MULTILINE)[1:]
    return re.findall(r"^  ([a-z]+) ", listed[0], re.MULTILINE) if listed else []


def text_of(page):
    with open(os.path.join(MAN, page), encoding="utf-8") as file:
        return re.sub(r"\\f[BIPR]", "", file.read()).replace("\\-", "-")


def missing(words, text):
    return sorted(word for word in words if not re.search(r"(?<![-\w])%s(?![-\w])" % re.escape(word), text))


def check_options(executable, page):
    names = commands(executable)
    shown = {option for name in ["", *names] for option in re.findall(r"--[a-z][a-z0-9-]*", help_of(executable, *name.split()))}
    common.check("--version" in shown and len(shown) > 5, "--help shows only %s" % sorted(shown))
    common.equal(missing(shown | set(names), text_of(page)), [], "options and commands that %s leaves out" % page)


def check_parts():
    printed = subprocess.run([common.engine(), "check", "--config-schema"], capture_output=True, text=True, timeout=60, check=True)
    parts = json.loads(printed.stdout)["properties"]
    common.equal(missing(parts, text_of("mirrorscan.json.5")), [], "parts of the configuration that mirrorscan.json.5 leaves out")


def check_typesetting(page):
    for linter in (["groff", "-man", "-Tutf8", "-ww", "-z"], ["mandoc", "-T", "lint", "-W", "warning"]):
        if shutil.which(linter[0]) is None:
            print("SKIPPED: %s is not installed" % linter[0])
            sys.exit(common.SKIPPED)
        done = subprocess.run([*linter, page], capture_output=True, text=True, timeout=60, check=False)
        common.equal(done.stdout + done.stderr, "", "what %s says of %s" % (linter[0], os.path.basename(page)))


def main():
    check_options(common.engine(), "mirrorscan.1")
    check_options(os.environ["MIRRORSCAN_GEN_EXE"], "mirrorscan-gen.1")
    check_options(os.environ["MIRRORSCAN_TAIL_EXE"], "mirrorscan-tail.1")
    check_parts()
    pages = sorted(glob.glob(os.path.join(MAN, "*.[0-9]")))
    common.check(len(pages) >= 2, "only %d pages" % len(pages))
    for page in pages:
        check_typesetting(page)


main()
