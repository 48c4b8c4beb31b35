"""Running other programs: bounded in time, output kept, and where they run."""

import os
import subprocess


class Failed(Exception):
    """A program that was needed did not do its work; says which and why."""


def last_cpu():
    """The CPU that whatever is measured runs on: the last that this process may use."""
    return max(os.sched_getaffinity(0))


def run(command, timeout=600, environment=None, folder=None):
    """The finished process; its output is text."""
    try:
        return subprocess.run(
            [str(word) for word in command],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
            cwd=folder,
            env={**os.environ, **(environment or {})},
        )
    except FileNotFoundError as error:
        raise Failed(f"{command[0]}: not there; scripts/build makes our own programs") from error
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{' '.join(map(str, command))}: not done within {timeout} s") from error


def output_of(command, **options):
    """Standard output of a program that must succeed."""
    done = run(command, **options)
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip()[-2000:]
        raise Failed(f"exit status {done.returncode}: {last.splitlines()[-1] if last else ''}\n{' '.join(map(str, command))}\n{last}")
    return done.stdout


def pass_through(command):
    """A program that speaks to the terminal itself, and must succeed."""
    done = subprocess.run([str(word) for word in command], check=False)
    if done.returncode != 0:
        raise Failed(f"{command[0]}: exit status {done.returncode}")
