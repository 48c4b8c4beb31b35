"""What the figures were measured on, and the hugepages they may use."""

import contextlib
import os
import pathlib
import platform
import re
import resource
import time

from . import commands

PRIORITY = -15  # of -20 to 19
HUGEPAGES = pathlib.Path("/proc/sys/vm/nr_hugepages")


def memory_info(name):
    """A line of /proc/meminfo in bytes; counts of pages as they are."""
    found = re.search(rf"^{name}:\s+(\d+)( kB)?$", pathlib.Path("/proc/meminfo").read_text(encoding="ascii"), re.MULTILINE)
    return int(found[1]) * (1024 if found[2] else 1) if found else 0


def hugepage_bytes():
    return memory_info("HugePages_Free") * memory_info("Hugepagesize")


def l3_bytes():
    said = commands.run(["getconf", "LEVEL3_CACHE_SIZE"]).stdout.strip()
    return int(said) if said.isdigit() else 0


def cpu_name():
    found = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else platform.machine()


def busy_seconds(cpu):
    """What a CPU has spent on anything since the machine started; stolen time too, for it was not ours."""
    line = re.search(rf"^cpu{cpu} (.*)$", pathlib.Path("/proc/stat").read_text(encoding="ascii"), re.MULTILINE)
    user, nice, system, _idle, _waiting, irq, soft_irq, stolen = (int(word) for word in line[1].split()[:8])
    return (user + nice + system + irq + soft_irq + stolen) / os.sysconf("SC_CLK_TCK")


def seconds_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Neighbours:
    """Who else used a CPU while a child of ours, pinned to it, ran and ended: mirrorscan-bench tells that itself."""

    def __init__(self, cpu):
        self._cpu = cpu
        self._began = time.monotonic(), busy_seconds(cpu), seconds_of_children()

    def share(self):
        """Of the time since, what others had."""
        ended = time.monotonic(), busy_seconds(self._cpu), seconds_of_children()
        passed, busy, ours = (after - before for after, before in zip(ended, self._began))
        return max(0.0, busy - ours) / passed


def load():
    """Of the last minute: what else keeps the machine busy."""
    return os.getloadavg()[0]


def facts(measurements):
    """TSC and what else only our own programs know is taken from what they said."""
    said = next((m["facts"]["machine"] for m in measurements.values() if (m.get("facts") or {}).get("machine")), {})
    return {
        "cpu": cpu_name(),
        "cpus": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "memory_bytes": memory_info("MemTotal"),
        "hugepage_bytes": hugepage_bytes(),
        "l3_bytes": said.get("l3_bytes") or l3_bytes(),
        "tsc_hz": said.get("tsc_hz") or 0,
    }


@contextlib.contextmanager
def hugepages(mebibytes, say):
    """So many are free within, where root may reserve them; as before afterwards."""
    missing = mebibytes * 2**20 - hugepage_bytes()
    if missing <= 0 or os.geteuid() != 0 or memory_info("MemAvailable") < 2 * missing:
        yield
        return
    before = int(HUGEPAGES.read_text(encoding="ascii"))
    HUGEPAGES.write_text(str(before + missing // memory_info("Hugepagesize")), encoding="ascii")
    say(f"hugepages: {hugepage_bytes() // 2**20} MiB free")
    try:
        yield
    finally:
        HUGEPAGES.write_text(str(before), encoding="ascii")


@contextlib.contextmanager
def going_first():
    """Within, all contenders run before whatever else the machine does, where root may ask for that. The scheduler weighs
    sessions against each other before it weighs processes (sched(7), autogroup), so both are told."""
    group, before = pathlib.Path("/proc/self/autogroup"), os.nice(0)
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, PRIORITY)
        group.write_text(str(PRIORITY), encoding="ascii")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            group.write_text(str(before), encoding="ascii")
            os.setpriority(os.PRIO_PROCESS, 0, before)
