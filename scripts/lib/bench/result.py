"""The result file: everything that was measured, and where, as one JSON object."""

import datetime

from . import commands, machine, profile
from .place import ROOT
from .rows import evaluate

VERSION = 1


def commit():
    return commands.run(["git", "rev-parse", "HEAD"], folder=ROOT).stdout.strip() or "unknown"


def is_modified():
    return bool(commands.run(["git", "status", "--porcelain", "--untracked-files=no"], folder=ROOT).stdout.strip())


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def result(place, wanted, measurements, run):
    """`wanted`: the rows that were asked for. `run`: command, started, seconds."""
    return {
        "version": VERSION,
        **run,
        "mode": "quick" if place.quick else "partial" if place.partial else "full",
        "commit": commit(),
        "modified": is_modified(),
        "machine": machine.facts(measurements),
        "peers": place.peers.versions() if place.peers else None,
        "inputs": place.inputs,
        "rows": [evaluate(row, measurements) for row in wanted],
        "profiles": profile.profiles(measurements),
        "measurements": measurements,
    }
