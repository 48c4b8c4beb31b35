"""Network namespaces of this process, with veth pairs between them, and commands that run in them.

The namespaces carry the number of this process in their names, so that two programs do not meet. Leaving the `with`
block ends what was started in them and removes them, after SIGTERM too. Needs root, and the Debian packages iproute2
and ethtool.
"""
import json
import os
import shutil
import signal
import subprocess
import sys

# With these on, veth carries frames that no wire has seen: larger than its MTU, and without checksums.
OFFLOADS = ("tx", "tso", "gso", "gro")


class Unavailable(Exception):
    """This machine cannot make the namespaces; the text says why."""


class Namespaces:
    """One for each role. Subclasses make what is in them in `_furnish()`."""

    def __init__(self, roles, tools=()):
        self._names = {role: f"mirrorscan-{os.getpid()}-{role}" for role in roles}
        self._tools, self._started = ("ip", "nsenter", "ethtool", *tools), []

    def __enter__(self):
        require_tools(self._tools)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            self._make_namespaces()
            self._furnish()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _furnish(self):
        raise NotImplementedError

    def __exit__(self, *_):
        for process in reversed(self._started):
            stop(process)
        for name in self._names.values():
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)

    def _make_namespaces(self):
        for role, name in self._names.items():
            command("ip", "netns", "add", name)
            # The neighbour discovery of IPv6 would send packets that nobody asked for.
            self.run(role, "sh", "-c", "for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do [ ! -e $f ] || echo 1 >$f; done")

    def _make_pair(self, left, right, mtu):
        """A veth pair between two of (role, device, address or None)."""
        (left_role, left_device, _), (right_role, right_device, _) = left, right
        self.run(left_role, *f"ip link add {left_device} mtu {mtu} type veth peer name {right_device} mtu {mtu}".split(),
                 "netns", self._names[right_role])
        for role, device, address in (left, right):
            if address:
                self.run(role, "ip", "address", "add", address + "/24", "dev", device)
            self._bring_up(role, device)

    def _bring_up(self, role, device):
        for offload in OFFLOADS:
            # A device that lacks an offload has it off.
            subprocess.run([*self.prefix(role), "ethtool", "-K", device, offload, "off"], capture_output=True, check=False)
        self.run(role, "ip", "link", "set", device, "up")

    def prefix(self, role):
        """What goes before a command that is to run in a namespace. (`ip netns exec` would mount /sys anew too, which
        cannot be done everywhere: not in a chroot.)"""
        return ["nsenter", "--net=/run/netns/" + self._names[role]]

    def run(self, role, *words):
        """Runs a command to its end; gives its standard output."""
        return command(*self.prefix(role), *words)

    def start(self, role, words, **options):
        """Starts a command that is stopped, at the latest, when the lab ends."""
        process = subprocess.Popen([*self.prefix(role), *words], **options)
        self._started.append(process)
        return process

    def packets(self, role, device, direction):
        [link] = json.loads(self.run(role, "ip", "-json", "-statistics", "link", "show", "dev", device))
        return link["stats64"][direction]["packets"]


def require_tools(tools):
    if os.geteuid() != 0:
        raise Unavailable("network namespaces need root")
    for tool in tools:
        if shutil.which(tool) is None:
            raise Unavailable(f"{tool} is not installed")


def command(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)
    if done.returncode != 0:
        raise Unavailable(f"`{' '.join(words)}` failed: {done.stderr.strip()}")
    return done.stdout


def leftovers():
    """Namespaces of this process that are still there."""
    return [line.split()[0] for line in command("ip", "netns", "list").splitlines() if f"mirrorscan-{os.getpid()}-" in line]


def stop(process, seconds=20):
    """SIGTERM, and SIGKILL when that does not help; gives the exit status."""
    process.terminate()
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
