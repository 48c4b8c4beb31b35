"""What mirrorscan-gen itself costs, and how exactly it keeps a rate; the inspector has no part in it."""

import json

from . import commands
from .measurement import Measured, Measurement
from .place import ROOT

MIXES = {
    "default": "--flows 10000",
    "http": "--flows 10000 --mix http=1",
    "udp-64": "--flows 10000 --mix udp=1 --sizes fixed:64",
    "imix": "--flows 10000 --mix udp=1 --sizes imix",
    "million-flows": "--flows 1000000 --mix udp=1",
    "attacks": "--flows 10000 --attacks 0.02 --rules {made.rules}",
}
RATES = (10_000, 100_000, 500_000)


def told(name, options):
    """The summary that it writes, of traffic to a port that takes everything."""

    def run(place, _rounds):
        command = [place.program("mirrorscan-gen"), "--seed", "1", *place.filled(options), "--port", "net_null0", "--json", "-", "--quiet"]
        return Measured([json.loads(commands.output_of(command, timeout=120, folder=ROOT))], place.shown(command))

    return Measurement(name, run, ("made.rules",))


def own_cost():
    return [told(f"gen-{name}", f"{options} --packets 1000000 --fast") for name, options in MIXES.items()]


def accuracy():
    return [told(f"gen-at-{rate}", f"--flows 10000 --packets {2 * rate} --rate {rate}") for rate in RATES]
