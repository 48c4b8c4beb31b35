"""A mirror session of the kernel's own parts: real clients, a real server, and tc and VXLAN that copy what they say.

    client                server                                     sensor
    wire0 ---- veth ---- wire0     vx0 over uplink0 ---- veth ---- mirror0 (no address: DPDK's)
                         tc copies both directions of wire0 into vx0: VXLAN, UDP 4789, id VNI

    with Lab() as lab:
        lab.serve(folder)
        lab.start("sensor", ["mirrorscan", "run", "--config", "demo.json"])
        lab.curl("/index.html")

Needs root, and the Debian packages iproute2, ethtool and curl.
"""
import subprocess
import sys
import time

import namespaces
from namespaces import Unavailable, leftovers, stop  # noqa: F401: whoever uses the lab uses them

CLIENT, SERVER = "10.77.1.1", "10.77.1.2"
UPLINK, SENSOR = "10.77.2.1", "10.77.2.2"
SENSOR_MAC = "02:00:00:00:77:02"
VNI = 4711
MIRROR_DEVICE = "mirror0"
# The underlay holds 1,500 inner bytes and their encapsulation; net_af_packet has room for 1,982 and net_af_xdp for 3,498.
UNDERLAY_MTU = 1600


class Lab(namespaces.Namespaces):
    def __init__(self):
        super().__init__(("client", "server", "sensor"), ("tc", "curl"))

    def _furnish(self):
        self._make_wire()
        self._make_mirror()

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
        return {"vxlan": self.packets("server", "vx0", "tx"), "uplink": self.packets("server", "uplink0", "tx"),
                "sensor": self.packets("sensor", MIRROR_DEVICE, "rx")}

    def wait_until_quiet(self, seconds=1):
        """Until the kernel mirrored nothing for a while: connections whose client is gone go on a little."""
        before = None
        while before != (before := self.mirrored()):
            time.sleep(seconds)
