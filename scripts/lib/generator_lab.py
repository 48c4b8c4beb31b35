"""A wire from mirrorscan-gen to a sensor: two network namespaces and a veth pair, no addresses (both ends are DPDK's).

    with GeneratorLab() as lab:
        lab.start("sensor", ["mirrorscan", "run", "--config", "demo.json"])
        lab.start("mirrors", ["mirrorscan-gen", "--port", "net_af_packet0,iface=" + generator_lab.SOURCE_DEVICE])
"""
import namespaces

SOURCE_DEVICE, MIRROR_DEVICE = "mirrors0", "mirror0"
MTU = 1600  # net_af_packet has room for frames of 1,982 bytes


class GeneratorLab(namespaces.Namespaces):
    def __init__(self):
        super().__init__(("mirrors", "sensor"))

    def _furnish(self):
        self._make_pair(("mirrors", SOURCE_DEVICE, None), ("sensor", MIRROR_DEVICE, None), MTU)

    def carried(self):
        """Packets that the kernel brought to the sensor's device."""
        return self.packets("sensor", MIRROR_DEVICE, "rx")
