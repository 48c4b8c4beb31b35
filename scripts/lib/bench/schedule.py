"""Takes turns: contenders of one group run one after the other in each round, in turned order every second round."""

import dataclasses
import time

from . import commands, suricata


@dataclasses.dataclass(frozen=True)
class Group:
    """Measurements that are compared with each other run interleaved, one round a turn. A group of one that counts
    rounds itself gets them all at once."""

    name: str
    members: tuple
    rounds: int = 5
    quick_rounds: int = 0  # 0: not in a quick run

    def of(self, members):
        """The same with these members only."""
        return dataclasses.replace(self, members=members)


class Clock:
    """How much of the time that was given is left, in seconds, and how many turns may be taken again: on a machine that
    stays busy that would only cost time."""

    def __init__(self, seconds, repeats=12):
        self._end = time.monotonic() + seconds
        self._began = time.monotonic()
        self._repeats = repeats

    def may_repeat(self, seconds):
        """Something that takes so long; counts as done."""
        if self._repeats == 0 or self.left() < 3 * seconds:
            return False
        self._repeats -= 1
        return True

    def left(self):
        return self._end - time.monotonic()

    def passed(self):
        return time.monotonic() - self._began


# The machine's doing, not the set-up's: such a turn is taken again, and its rounds count for nothing that is a time.
DISTURBED = {"shared_cpu"}


def turns(members, rounds):
    """(round, member) in the order of running: A B, B A, A B ..."""
    for number in range(rounds):
        yield from ((number, member) for member in (members if number % 2 == 0 else reversed(members)))


def add(results, name, measured):
    """Rounds of one turn at the end of what a measurement has."""
    found = results.setdefault(name, {"command": measured.command, "rounds": [], "flags": [], "facts": measured.facts})
    disturbed = sorted(DISTURBED & set(measured.flags))
    found["rounds"] += [{**one, "disturbed": disturbed} for one in measured.rounds]
    found["flags"] = sorted(set(found["flags"]) | set(measured.flags) - DISTURBED)


def give_up(results, name, reason):
    """Without rounds, so that no row takes half of them for all."""
    results[name] = {"absent": reason, "rounds": [], "flags": []}


MOST_TRIES = 3


def take_turn(member, place, rounds, clock, say):
    """Measured once, or again where something else took the CPU meanwhile; the last try stands, with its flags."""
    for number in range(1, MOST_TRIES + 1):
        before = clock.passed()
        measured = member.run(place, rounds)
        disturbed = DISTURBED & set(measured.flags)
        if not disturbed or number == MOST_TRIES or not clock.may_repeat(clock.passed() - before):
            return measured
        say(f"{member.name}: something else took the CPU; again ({number} of {MOST_TRIES - 1})")


def run_group(group, place, clock, results, say):
    """Adds to `results`; what fails is named there and left out, and the others go on."""
    rounds = group.quick_rounds if place.quick else group.rounds
    alone = len(group.members) == 1
    longest, began = 0.0, time.monotonic()
    for number, member in turns(group.members, 1 if alone else rounds):
        if member.name in results and "absent" in results[member.name]:
            continue
        first_of_round = member is (group.members[0] if number % 2 == 0 else group.members[-1])
        if number > 0 and first_of_round:
            longest = max(longest, time.monotonic() - began)
            began = time.monotonic()
            if clock.left() < longest:
                say(f"{group.name}: no time left for more than {number} of {rounds} rounds")
                return
        try:
            add(results, member.name, take_turn(member, place, rounds if alone else 1, clock, say))
        except (commands.Failed, suricata.Unexpected, OSError, ValueError, KeyError) as error:
            give_up(results, member.name, f"failed: {str(error).splitlines()[0] if str(error) else type(error).__name__}")
            say(f"FAILED {member.name}: {error}")


def absent(member, place):
    """Why a measurement cannot run here; empty when it can."""
    if member.of_peer and place.peers is None:
        return "no peers"
    missing = [name for name in member.inputs if name not in place.paths]
    return "no " + ", ".join(missing) if missing else ""
