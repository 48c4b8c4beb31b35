"""The peers' root: Suricata 7 and dpdk-testpmd in a Debian of their own, entered through scripts/lib/peers."""

import pathlib
import re

from . import commands

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "scripts" / "lib" / "peers"


class Peers:
    """The root at `path`. Programs in it see of this machine the folder build/bench only."""

    def __init__(self, path):
        self.path = pathlib.Path(path).resolve()
        self._environment = {"MIRRORSCAN_PEERS": str(self.path)}

    def are_there(self):
        return commands.run([SCRIPT, "has"], environment=self._environment).returncode == 0

    def install(self):
        """Once; some minutes, network, root and 1 GB of disk."""
        commands.output_of([SCRIPT, "make"], timeout=1800, environment=self._environment)

    def run(self, command, timeout=600):
        return commands.run([SCRIPT, "run", *command], timeout=timeout, environment=self._environment)

    def versions(self):
        """Names of the peers with their versions, as their packages say."""
        query = ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", "suricata", "dpdk-dev", "libhyperscan5", "libpcap0.8"]
        said = self.run(query)
        return dict(re.findall(r"^(\S+) (\S+)$", said.stdout, re.MULTILINE))
