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


def help_of(*command):
    return subprocess.run([common.engine(), *command, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout


def commands():
    """Names below the heading of the commands."""
    listed = re.split(r"^Subcommands:$", help_of(), flags=re.MULTILINE)[1]
    return re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE)


def text_of(page):
    with open(os.path.join(MAN, page), encoding="utf-8") as file:
        return file.read().replace("\\-", "-")


def missing(words, text):
    return sorted(word for word in words if not re.search(r"(?<![-\w])%s(?![-\w])" % re.escape(word), text))


def check_options():
    shown = {option for name in ["", *commands()]
             for option in re.findall(r"--[a-z][a-z-]*", help_of(*name.split()))}
    common.check({"--rules", "--config", "--eve", "--quiet"} <= shown, "--help shows only %s" % sorted(shown))
    common.equal(missing(shown | set(commands()), text_of("mirrorscan.1")), [], "options and commands that mirrorscan.1 leaves out")


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
    check_options()
    check_parts()
    pages = sorted(glob.glob(os.path.join(MAN, "*.[0-9]")))
    common.check(len(pages) >= 2, "only %d pages" % len(pages))
    for page in pages:
        check_typesetting(page)


main()
