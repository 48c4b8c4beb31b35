"""A mirror session of the kernel's own parts: real clients, a real server, and tc and VXLAN that copy what they say.

    client                server                                     sensor
    wire0 ---- veth ---- wire0     vx0 over uplink0 ---- veth ---- mirror0 (no address: DPDK's)
                         tc copies both directions of wire0 into vx0: VXLAN, UDP 4789, id VNI

The namespaces carry the number of this process in their names, so that two labs do not meet. Leaving the `with` block
ends what was started in them and removes them, after SIGTERM too:

    with Lab() as lab:
        lab.serve(folder)
        lab.start("sensor", ["mirrorscan", "run", "--config", "demo.json"])
        lab.curl("/index.html")

Needs root, and the Debian packages iproute2, ethtool and curl.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import time

CLIENT, SERVER = "10.77.1.1", "10.77.1.2"
UPLINK, SENSOR = "10.77.2.1", "10.77.2.2"
SENSOR_MAC = "02:00:00:00:77:02"
VNI = 4711
MIRROR_DEVICE = "mirror0"
# The underlay holds 1,500 inner bytes and their encapsulation; net_af_packet has room for 1,982 and net_af_xdp for 3,498.
UNDERLAY_MTU = 1600
# With these on, veth carries frames that no wire has seen: larger than its MTU, and without checksums.
OFFLOADS = ("tx", "tso", "gso", "gro")


class Unavailable(Exception):
    """This machine cannot make the lab; the text says why."""


class Lab:
    def __init__(self):
        self._names = {role: f"mirrorscan-{os.getpid()}-{role}" for role in ("client", "server", "sensor")}
        self._started = []

    def __enter__(self):
        require_tools()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            self._make_namespaces()
            self._make_wire()
            self._make_mirror()
        except BaseException:
            self.__exit__()
            raise
        return self

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

    def _make_wire(self):
        self._make_pair(("client", "wire0", CLIENT), ("server", "wire0", SERVER), 1500)

    def _make_mirror(self):
        self._make_pair(("server", "uplink0", UPLINK), ("sensor", MIRROR_DEVICE, None), UNDERLAY_MTU)
        # Nobody answers ARP on the sensor's side.
        self.run("sensor", "ip", "link", "set", MIRROR_DEVICE, "address", SENSOR_MAC)
        self.run("server", "ip", "neigh", "add", SENSOR, "lladdr", SENSOR_MAC, "dev", "uplink0")
        self.run("server", *f"ip link add vx0 type vxlan id {VNI} remote {SENSOR} local {UPLINK} dev uplink0 dstport 4789".split())
        self._bring_up("server", "vx0")
        # An egress filter needs a classful root; matchall and prio are not in every kernel, u32 and htb are.
        self.run("server", *"tc qdisc add dev wire0 handle ffff: ingress".split())
        self.run("server", *"tc qdisc add dev wire0 root handle 1: htb".split())
        for parent in ("ffff:", "1:"):
            self.run("server", *f"tc filter add dev wire0 parent {parent} protocol all u32 match u32 0 0".split(),
                     *"action mirred egress mirror dev vx0".split())

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

    def serve(self, folder):
        """An HTTP server for the files of a folder, on port 80; returns once it listens."""
        server = self.start("server", [sys.executable, "-u", "-m", "http.server", "--bind", SERVER, "80", "--directory", folder],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if not server.stdout.readline().startswith("Serving HTTP"):
            raise Unavailable("the HTTP server did not start")

    def curl(self, path, *options):
        """The body that the server answers with; of an error status too."""
        fetch = ["curl", "--silent", "--show-error", "--max-time", "20", "--path-as-is", *options, f"http://{SERVER}{path}"]
        return subprocess.run([*self.prefix("client"), *fetch], capture_output=True, check=True, timeout=30).stdout

    def mirrored(self):
        """What the kernel counted: packets into the VXLAN device, out of the uplink, and onto the sensor's device."""
        return {"vxlan": self._packets("server", "vx0", "tx"), "uplink": self._packets("server", "uplink0", "tx"),
                "sensor": self._packets("sensor", MIRROR_DEVICE, "rx")}

    def wait_until_quiet(self, seconds=1):
        """Until the kernel mirrored nothing for a while: connections whose client is gone go on a little."""
        before = None
        while before != (before := self.mirrored()):
            time.sleep(seconds)

    def _packets(self, role, device, direction):
        [link] = json.loads(self.run(role, "ip", "-json", "-statistics", "link", "show", "dev", device))
        return link["stats64"][direction]["packets"]


def require_tools():
    if os.geteuid() != 0:
        raise Unavailable("network namespaces need root")
    for tool in ("ip", "tc", "nsenter", "ethtool", "curl"):
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
