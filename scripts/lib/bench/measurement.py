"""Something that is measured: how, and what it needs; the calls of mirrorscan-bench among them."""

import dataclasses
import json
from collections.abc import Callable

from . import commands
from .place import ROOT

WITH_ROUNDS = ("inspect", "pipeline", "lookup")


@dataclasses.dataclass
class Measured:
    """`rounds`: an object each. `facts`: what holds for all of them. `flags`: what would make them lie."""

    rounds: list
    command: str
    flags: list = dataclasses.field(default_factory=list)
    facts: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Measurement:
    """`run(place, rounds)` gives Measured. `inputs`: names of files that have to be there."""

    name: str
    run: Callable
    inputs: tuple = ()
    of_peer: bool = False


def read_own(text, shown):
    """What mirrorscan-bench printed; each round as an object, whether the command has rounds or not."""
    said = json.loads(text)
    rounds = said.get("rounds")
    if isinstance(rounds, list):
        facts = {name: said[name] for name in ("fed", "machine") if name in said}
        rounds = [{"rules": said.get("rules"), **one} for one in rounds]
        return Measured(rounds, shown, list(said.get("flags", [])), facts)
    return Measured([said], shown, list(said.get("flags", [])), {"machine": said.get("machine")})


def own(name, line, inputs=(), program="mirrorscan-bench"):
    """A call of mirrorscan-bench. Words of `line` in braces are inputs: "inspect --capture {mix}"."""

    def run(place, rounds):
        words = place.filled(line)
        if words[0] in WITH_ROUNDS:
            words += ["--rounds", str(rounds)]
        command = [place.program(program), *words]
        return read_own(commands.output_of(command, timeout=900, folder=ROOT), place.shown(command))

    return Measurement(name, run, tuple(inputs))
