"""Ports on interfaces of the kernel: a veth pair between two network namespaces of this test's own."""
import json
import os
import subprocess
import sys
import time
import unittest

import common
import packets

PROBE = os.environ["MIRRORSCAN_PORT_PROBE"]
SENDER = """
import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((sys.argv[1], 0))
for length, count in zip(sys.argv[2::2], sys.argv[3::2]):
    frame = sys.stdin.buffer.read(int(length))
    for _ in range(int(count)):
        s.send(frame)
"""


def ip(*words):
    subprocess.run(["ip", *words], check=True, timeout=20)


class Veth:
    """The sender's end `out` in one namespace, the sensor's end `in` in another; no IPv6, so that the kernel
    sends nothing of its own."""

    def __init__(self, mtu):
        name = "ms%d" % os.getpid()
        self.sender, self.sensor = name + "a", name + "b"
        self.mtu = mtu

    def __enter__(self):
        try:
            for namespace in (self.sender, self.sensor):
                ip("netns", "add", namespace)
                self.run(namespace, "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6")
            self.make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for namespace in (self.sender, self.sensor):
            subprocess.run(["ip", "netns", "del", namespace], check=False, timeout=20, stderr=subprocess.DEVNULL)

    def make(self):
        ip("link", "add", "out", "netns", self.sender, "mtu", str(self.mtu), "type", "veth",
           "peer", "name", "in", "netns", self.sensor, "mtu", str(self.mtu))
        ip("-n", self.sender, "link", "set", "out", "up")
        ip("-n", self.sensor, "link", "set", "in", "up")
        self.wait_for_link("UP")

    def remove(self):
        ip("-n", self.sensor, "link", "del", "in")

    def wait_for_link(self, state):
        """The kernel tells a changed carrier within a second."""
        for _ in range(100):
            shown = subprocess.run(["ip", "-n", self.sensor, "-j", "link", "show", "in"], check=True,
                                   capture_output=True, timeout=20).stdout
            if (json.loads(shown)[0]["operstate"] == "UP") == (state == "UP"):
                return
            time.sleep(0.05)
        raise TimeoutError("the link does not become " + state)

    def flags(self):
        """What the sensor's interface is set to: PROMISC and the like, and its XDP program."""
        shown = subprocess.run(["ip", "-n", self.sensor, "-j", "-d", "link", "show", "in"], check=True, timeout=20,
                               capture_output=True).stdout
        link = json.loads(shown)[0]
        return sorted(link["flags"]), link.get("xdp")

    @staticmethod
    def run(namespace, *words, **more):
        return subprocess.run(["ip", "netns", "exec", namespace, *words], check=True, timeout=60, **more)

    def send(self, *frames):
        """Each of frames is (bytes, how often)."""
        self.send_from(self.sender, "out", frames)

    def send_from(self, namespace, interface, frames):
        words = [str(word) for frame, count in frames for word in (len(frame), count)]
        self.run(namespace, sys.executable, "-c", SENDER, interface, *words, input=b"".join(f for f, _ in frames))

    def probe(self, device, arguments, mtu, queues=1, descriptors=1024):
        return Probe(["ip", "netns", "exec", self.sensor, PROBE, device, arguments, str(mtu), str(queues),
                      str(descriptors)])


class Probe:
    def __init__(self, words):
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)
        self.first = self.process.stdout.readline().strip()

    def go(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def settled(self):
        """What came, after the kernel has delivered what was sent: it needs milliseconds."""
        time.sleep(0.5)
        out, self.err = self.process.communicate("stop\n", timeout=60)
        return json.loads(out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def frame(length):
    """A mirrored packet of `length` bytes on the sensor's wire."""
    def carrying(payload):
        inner = packets.ipv4("10.0.1.1", "10.0.2.2", packets.UDP, packets.udp((5000, 53), payload))
        return packets.vxlan(4711, packets.ethernet(inner))
    return carrying(b"x" * (length - len(carrying(b""))))


class AfPacket(unittest.TestCase):
    def test_frames_of_the_mtu_arrive_whole_also_jumbo_frames(self):
        for mtu in (1500, 9001):
            with Veth(mtu) as veth, veth.probe("net_af_packet0", "iface=in", mtu) as probe:
                self.assertEqual(probe.first, "ready")
                probe.go()
                veth.send((frame(mtu + 14), 20), (frame(100), 30))
                came = probe.settled()
            self.assertEqual(came["lengths"], {"100": 30, str(mtu + 14): 20})
            self.assertEqual((came["cut_bytes"], came["missed"], came["no_mbuf"]), (0, 0, 0))
            self.assertEqual((came["mtu"], came["driver"], came["state"]), (mtu, "net_af_packet", "up"))
            self.assertEqual((came["named"]["interface_packets"], came["named"]["ring_full"]), (50, 0))
            self.assertNotIn("mtu", came["refused"])

    def test_the_interfaces_mtu_counts_where_it_is_larger_and_is_never_changed(self):
        with Veth(4000) as veth, veth.probe("net_af_packet0", "iface=in", 1500) as probe:
            probe.go()
            veth.send((frame(4014), 5))
            came = probe.settled()
        self.assertEqual((came["lengths"], came["mtu"]), ({"4014": 5}, 4000))
        self.assertIn("mtu", came["refused"])

    def test_a_frame_larger_than_a_slot_is_cut_and_seen_to_be(self):
        with Veth(3000) as veth, veth.probe("net_af_packet0", "iface=in,framesz=2048", 3000) as probe:
            probe.go()
            veth.send((frame(2500), 4))
            came = probe.settled()
        self.assertEqual((came["lengths"], came["cut_bytes"]), ({"1982": 4}, 4 * (2500 - 1982)))

    def test_what_a_full_ring_drops_is_missed_by_name(self):
        with Veth(1500) as veth, veth.probe("net_af_packet0", "iface=in", 1500, descriptors=64) as probe:
            veth.send((frame(200), 1000))
            probe.go()
            came = probe.settled()
        self.assertGreater(came["named"]["ring_full"], 500)
        self.assertEqual(came["received"] + came["named"]["ring_full"], 1000)
        self.assertEqual((came["missed"], came["named"]["ring_waiting"]), (came["named"]["ring_full"], 0))

    def test_what_waits_in_the_ring_is_told(self):
        with Veth(1500) as veth, veth.probe("net_af_packet0", "iface=in", 1500) as probe:
            veth.send((frame(200), 70))
            probe.process.stdin.write("go\n")
            came = probe.settled()
        self.assertEqual(came["named"]["ring_full"], 0)
        self.assertEqual(came["received"] + came["named"]["ring_waiting"], 70)

    def test_what_the_host_sends_itself_does_not_come(self):
        for queues in (1, 2):
            with Veth(1500) as veth, veth.probe("net_af_packet0", "iface=in", 1500, queues=queues) as probe:
                probe.go()
                veth.send_from(veth.sensor, "in", [(frame(200), 20)])
                veth.send((frame(300), 10))
                came = probe.settled()
            self.assertEqual((came["lengths"], came["named"]["ring_waiting"]), ({"300": 10}, 0))
            self.assertEqual(came["named"]["interface_packets"], 10)

    def test_two_queues_share_what_comes(self):
        with Veth(1500) as veth, veth.probe("net_af_packet0", "iface=in", 1500, queues=2) as probe:
            self.assertEqual(probe.first, "ready")
            probe.go()
            veth.send((frame(300), 40))
            came = probe.settled()
        self.assertEqual(came["received"], 40)
        self.assertIn("rss", came["refused"])

    def test_an_interface_that_loses_its_link_is_down(self):
        with Veth(1500) as veth, veth.probe("net_af_packet0", "iface=in", 1500) as probe:
            probe.go()
            ip("-n", veth.sender, "link", "set", "out", "down")
            veth.wait_for_link("DOWN")
            self.assertEqual(probe.settled()["state"], "down")

    def test_after_a_kill_it_opens_again_and_when_it_ends_the_interface_is_as_before(self):
        for device in ("net_af_packet0", "net_af_xdp0"):
            with Veth(1500) as veth:
                before = veth.flags()
                with veth.probe(device, "iface=in", 1500) as probe:
                    self.assertEqual(probe.first, "ready")
                    probe.process.kill()
                with veth.probe(device, "iface=in", 1500) as probe:
                    self.assertEqual(probe.first, "ready")
                    probe.go()
                    veth.send((frame(200), 5))
                    self.assertEqual(probe.settled()["received"], 5)
                self.assertEqual(veth.flags(), before)

    def test_an_interface_that_is_removed_is_told_and_its_counters_stay(self):
        for device in ("net_af_packet0", "net_af_xdp0"):
            with Veth(1500) as veth:
                veth.send((frame(300), 7))  # counted before the port is opened
                with veth.probe(device, "iface=in", 1500) as probe:
                    probe.go()
                    veth.send((frame(300), 10))
                    time.sleep(0.5)
                    veth.remove()
                    came = probe.settled()
            self.assertEqual((came["state"], came["received"], came["missed"]), ("removed", 10, 0))
            self.assertLessEqual(came["named"]["interface_packets"], 10)  # asked for when it was gone
            self.assertIn("its interface was removed", probe.err)

    def test_an_interface_that_is_made_anew_under_its_name_is_received_from(self):
        for device, times in (("net_af_packet0", 3), ("net_af_xdp0", 1)):
            with Veth(1500) as veth, veth.probe(device, "iface=in", 1500) as probe:
                self.assertEqual(probe.first, "ready")
                probe.go()
                for _ in range(times):
                    veth.send((frame(300), 10))
                    time.sleep(0.5)
                    veth.remove()
                    time.sleep(0.3)
                    veth.make()
                    time.sleep(1.5)
                veth.send_from(veth.sensor, "in", [(frame(200), 20)])
                veth.send((frame(400), 5))
                came = probe.settled()
            self.assertEqual((came["lengths"], came["state"]), ({"300": 10 * times, "400": 5}, "up"), device + probe.err)
            self.assertEqual((came["received"], came["named"]["resets"]), (10 * times + 5, times))
            self.assertEqual(came["named"]["interface_packets"], 10 * times + 5)

    def test_loopback_opens_although_its_mtu_is_larger_than_a_buffer(self):
        with Veth(1500) as veth:
            ip("-n", veth.sensor, "link", "set", "lo", "up")
            with veth.probe("net_af_packet0", "iface=lo", 1500, descriptors=64) as probe:
                self.assertEqual(probe.first, "ready")

    def test_an_interface_that_is_down_is_told_with_the_command_that_helps(self):
        with Veth(1500) as veth:
            ip("-n", veth.sensor, "link", "set", "in", "down")
            with veth.probe("net_af_packet0", "iface=in", 1500) as probe:
                self.assertEqual(probe.first,
                                 "ports[0].arguments: interface in is down; run `ip link set dev in up`")


class AfXdp(unittest.TestCase):
    def test_frames_of_the_mtu_arrive_whole(self):
        for mtu in (1500, 3178):
            with Veth(mtu) as veth, veth.probe("net_af_xdp0", "iface=in", mtu) as probe:
                self.assertEqual(probe.first, "ready")
                probe.go()
                veth.send((frame(mtu + 14), 20), (frame(100), 30))
                came = probe.settled()
            self.assertEqual(came["lengths"], {"100": 30, str(mtu + 14): 20})
            self.assertEqual((came["cut_bytes"], came["missed"], came["driver"]), (0, 0, "net_af_xdp"))

    def test_what_finds_the_rings_full_is_missed(self):
        with Veth(1500) as veth, veth.probe("net_af_xdp0", "iface=in", 1500) as probe:
            veth.send((frame(200), 6000))
            probe.go()
            came = probe.settled()
        self.assertGreater(came["missed"], 1000)
        self.assertEqual(came["received"] + came["missed"], 6000)

    def test_more_queues_than_the_interface_has_channels_is_told(self):
        with Veth(1500) as veth, veth.probe("net_af_xdp0", "iface=in", 1500, queues=2) as probe:
            self.assertTrue(probe.first.startswith("ports[0].queues: interface in has 1 combined channels"), probe.first)

    def test_an_mtu_that_is_too_large_is_told_with_the_command_that_helps(self):
        with Veth(9001) as veth, veth.probe("net_af_xdp0", "iface=in", 9001) as probe:
            self.assertIn("interface in has MTU 9001", probe.first)
            self.assertIn("run `ip link set dev in mtu 3178`; for a veth pair on both ends", probe.first)

    def test_a_peer_whose_mtu_is_too_large_is_told(self):
        with Veth(1500) as veth:
            ip("-n", veth.sender, "link", "set", "out", "mtu", "9001")
            with veth.probe("net_af_xdp0", "iface=in", 1500) as probe:
                self.assertIn("on both ends", probe.first)


if __name__ == "__main__":
    try:
        with Veth(1500):
            pass
    except (OSError, subprocess.SubprocessError) as error:
        print("SKIPPED: no network namespaces here, which need root and veth (%s)" % error)
        sys.exit(common.SKIPPED)
    unittest.main(verbosity=2)
