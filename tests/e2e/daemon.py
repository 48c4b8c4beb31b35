#!/usr/bin/env python3
"""The daemon on net_pcap: the alerts of a replay, signals under traffic, a second instance, and what it refuses."""
import json
import os
import signal
import subprocess
import sys
import tempfile

import common
import packets
import sensor

MATCHED = ("src_ip", "src_port", "dest_ip", "dest_port", "proto", "direction", "community_id", "tunnel", "alert")
BANNER = """alert tcp any any -> any 22 (msg:"banner"; flow:established,to_server; content:"SSH-2.0-OpenSSH_7.9p1"; sid:1;)
alert udp any any -> any 123 (msg:"ntp"; sid:2;)
"""
ATTACK = 'alert udp any any -> any 80 (msg:"attack"; content:"/etc/passwd"; sid:3;)\n'


def told(events):
    """What an alert says, but for what depends on the clock."""
    return sorted(json.dumps({**{key: e.get(key) for key in MATCHED}, "vni": e["mirror"]["vni"],
                              "seen": e["mirror"]["direction"]}, sort_keys=True) for e in events)


def test_the_real_mirror_session_gives_the_alerts_of_a_replay(folder):
    capture = common.testdata("corpus", "aws-mirror-2019.pcap")
    config = sensor.configuration(folder, "net_pcap0", "rx_pcap=" + capture, BANNER)
    replayed = common.replay(BANNER, [capture], "--config", os.path.join(
        os.environ["MIRRORSCAN_SOURCE_ROOT"], "docs", "examples", "replay.json"))
    with sensor.Sensor(folder, config) as s:
        s.wait_for(lambda: s.received() == 100, "100 packets")
        s.wait_for(lambda: len(s.events("stats")) >= 3, "a stats event each second")
        last = s.stop()
        common.check(len(replayed.of("alert")) >= 4, "the replay alerted on the banners")
        common.equal(told(s.events("alert")), told(replayed.of("alert")), "the alerts")
        common.equal(last["mirror"]["total"]["packets"]["ends"]["inspected"]["packets"], 100, "packets inspected")
        common.equal(last["stats"]["capture"]["kernel_packets"], 100, "packets of the port")


def datagram(number):
    payload = b"GET /etc/passwd" if number == 0 else b"nothing to see here"
    inner = packets.ipv4("10.0.1.1", "10.0.2.2", packets.UDP, packets.udp((40000 + number, 80), payload))
    return packets.vxlan(4711, packets.ethernet(inner))


def endless(folder, **sections):
    """A port that gives the same small capture again and again: 256 flows, one of them an attack."""
    path = os.path.join(folder, "endless.pcap")
    with open(path, "wb") as f:
        f.write(packets.pcap([datagram(n) for n in range(256)]))
    # The port gives millions of packets a second: a budget keeps the ring from going round under the reader.
    sections["detect"] = {"max_alerts_per_sid_and_second": 100}
    return sensor.configuration(folder, "net_pcap0", "rx_pcap=%s,infinite_rx=1" % path, ATTACK, **sections)


def test_sigterm_and_sigint_under_traffic_drain_and_leave_a_last_stats_event(folder):
    for number in (signal.SIGTERM, signal.SIGINT):
        folder = os.path.join(folder, str(number))
        os.mkdir(folder)
        with sensor.Sensor(folder, endless(folder)) as s:
            s.wait_for(lambda: s.received() > 10_000, "10,000 packets")
            last = s.stop(number)
            common.check(last["mirror"]["total"]["packets"]["received"]["packets"] > 10_000, "the last count is old")


def test_sighup_under_traffic_opens_the_event_file_anew(folder):
    path = os.path.join(folder, "eve.json")
    with sensor.Sensor(folder, endless(folder, output={"file": {"path": path}})) as s:
        s.wait_for(lambda: s.received() > 1_000, "1,000 packets")
        os.rename(path, path + ".1")
        s.send(signal.SIGHUP)
        s.wait_for(lambda: os.path.exists(path) and os.path.getsize(path) > 0, "a new file")
        s.stop()
    lines = []
    for name in (path + ".1", path):
        with open(name, encoding="utf-8") as f:
            lines += [json.loads(line) for line in f]
    common.equal(lines[-1]["event_type"], "stats", "the last line of the new file")
    [row] = [k for k in lines[-1]["mirror"]["sinks"] if k["kind"] == "file"]
    common.equal(row["lost_events"], 0, "events lost to the file")
    common.equal(len(lines), row["written_events"] + 1, "lines in both files (and the last one itself)")


def refused(folder, config, *words, status=2):
    path = os.path.join(folder, "config.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(config, f)
    done = subprocess.run([common.engine(), "run", "--config", path], capture_output=True, text=True, timeout=60,
                          check=False)
    common.equal(done.returncode, status, "exit status (%s)" % done.stderr)
    # What DPDK says of a device it cannot make comes before it.
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    common.equal((len(errors), done.stderr.splitlines()[-1:]), (1, errors), "one error, the last line:\n" + done.stderr)
    if status == 2:
        common.equal(done.stderr.splitlines(), errors, "lines")
    for word in (path, *words):
        common.check(word in errors[0], "%r is not in the error %r" % (word, errors[0]))
    common.equal(done.stdout, "", "standard output")


def test_a_second_daemon_on_the_same_ring_or_file_is_refused(folder):
    path = os.path.join(folder, "eve.json")
    config = endless(folder, output={"file": {"path": path}})
    with sensor.Sensor(folder, config) as s:
        s.wait_for(lambda: s.received() > 0, "packets")
        refused(folder, config, config["output"]["ring"]["path"], "is being written by process", status=1)
        refused(folder, {**config, "output": {"file": {"path": path}}}, "output.file.path", "another process", status=1)
        s.stop()


def test_what_it_cannot_start_with_is_one_line_and_exit_2(folder):
    good = endless(folder)
    refused(folder, {**good, "ports": []}, "ports", "there is no port")
    refused(folder, {**good, "ports": [{"device": "net_pcap0", "arguments": "rx_pcap=/no/such.pcap"}]},
            "ports[0].arguments", "/no/such.pcap")
    refused(folder, {**good, "ports": [{"device": "net_af_paket0"}]}, "ports[0].device", "usual are net_af_packet0")
    refused(folder, {**good, "ports": [{"device": "net_pcap0", "arguments": "rx_pacp=x"}]}, "ports[0].arguments",
            'no argument "rx_pacp"')
    refused(folder, {**good, "output": {}}, "output")
    refused(folder, {**good, "workers": {"count": 1, "cpus": [1023]}}, "workers.cpus")
    refused(folder, {**good, "worker": {"count": 1}}, "worker", "did you mean")
    refused(folder, {**good, "ports": [{"device": "eth0"}], "log": {"target": "syslog"}}, "ports[0].device")
    refused(folder, {**good, "dpdk": {"memory_mb": 1 << 20}, "log": {"target": "syslog"}}, "dpdk.memory_mb", status=1)
    for argument in ("-h", "--help", "--he"):  # DPDK would print its usage and exit with status 0
        refused(folder, {**good, "dpdk": {"arguments": [argument]}}, "dpdk.arguments[0]", argument)
    refused(folder, {**good, "dpdk": {"memory_mb": 1 << 20}}, "dpdk.memory_mb", "1048576 MiB", status=1)
    refused(folder, {**good, "ports": [{**good["ports"][0], "queues": 2}]}, "ports[0].queues",
            "add rx_pcap=FILE for each queue")


def test_a_sink_that_cannot_be_opened_is_one_line_with_its_setting_and_nothing_is_left(folder):
    good, ring = endless(folder), os.path.join(folder, "r.ring")
    os.mkfifo(os.path.join(folder, "fifo"))
    os.symlink(ring, os.path.join(folder, "link"))
    before = sorted(os.listdir(folder) + ["config.json"])
    for name, reason in (("fifo", "not a regular file"), ("link", "is a symbolic link"), ("", "Is a directory"),
                         ("no/such/ring", "No such file")):
        path = os.path.join(folder, name)
        refused(folder, {**good, "output": {"ring": {"path": path}}}, "output.ring.path", path, reason)
    for name in ("fifo", "", "no/such/file"):
        path = os.path.join(folder, name)
        refused(folder, {**good, "output": {"file": {"path": path}}}, "output.file.path", path)
    common.equal(sorted(name for name in os.listdir(folder) if name != "no"), before, "files")
    refused(folder, {**good, "output": {"ring": {"path": ring, "bytes": 65536}, "file": {"path": ring}}},
            "output.file.path", "is also output.ring.path")


def test_what_may_pass_is_one_line_and_exit_1(folder):
    good = endless(folder)
    refused(folder, {**good, "ports": [{"device": "net_af_packet0", "arguments": "iface=no_such_if"}]},
            "ports[0].arguments", "no interface", status=1)
    refused(folder, {**good, "ports": [{"device": "ffff:1f:1f.7"}]}, "ports[0].device", "no PCI device", status=1)


def test_an_output_that_is_an_input_or_another_output_is_refused_and_nothing_is_written(folder):
    good = endless(folder)
    rules, ring = good["rules"]["files"][0], good["output"]["ring"]["path"]
    config = os.path.join(folder, "config.json")
    os.symlink(rules, os.path.join(folder, "link"))
    with open(rules, encoding="utf-8") as f:
        before = f.read()
    for path, other in ((rules, "rules.files[0]"), (os.path.join(folder, "link"), "rules.files[0]"),
                        (os.path.join(folder, ".", "test.rules"), "rules.files[0]"), (config, "the configuration"),
                        (ring, "output.ring.path")):
        refused(folder, {**good, "output": {**good["output"], "file": {"path": path}}}, "output.file.path",
                "is also " + other)
    for name in ("ring", "socket"):
        refused(folder, {**good, "output": {name: {"path": rules}}}, "output.%s.path" % name, "is also rules.files[0]")
    notes = os.path.join(folder, "notes")
    with open(notes, "w", encoding="utf-8") as f:
        f.write("somebody's notes")
    refused(folder, {**good, "output": {"ring": {"path": notes}}}, "output.ring.path", "is not a ring")
    with open(rules, encoding="utf-8") as f:
        common.equal(f.read(), before, "the rule file")
    common.check(not os.path.exists(rules + ".unreadable") and not os.path.exists(ring), "a file was made")


def test_a_reopening_that_fails_is_told(folder):
    path = os.path.join(folder, "out", "eve.json")
    os.mkdir(os.path.dirname(path))
    with sensor.Sensor(folder, endless(folder, output={"file": {"path": path}})) as s:
        s.wait_for(lambda: s.received() > 0, "packets")
        os.rename(os.path.dirname(path), os.path.join(folder, "moved"))
        s.send(signal.SIGHUP)
        s.wait_for(lambda: "%s: opening for appending failed: No such file" % path in s.log(), "message")
        s.stop()


def test_that_nothing_is_mirrored_traffic_is_told_once(folder):
    path = os.path.join(folder, "plain.pcap")
    with open(path, "wb") as f:
        f.write(packets.pcap(packets.Talk().handshake()))
    with sensor.Sensor(folder, sensor.configuration(folder, "net_pcap0", "rx_pcap=%s,infinite_rx=1" % path, ATTACK)) as s:
        s.wait_for(lambda: "packets was mirrored traffic" in s.log(), "warning")
        s.stop()
        common.equal(s.log().count("was mirrored traffic"), 1, "warnings")


def main():
    passed = 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_") or (sys.argv[1:] and name not in sys.argv[1:]):
            continue
        print(name.replace("_", " "), flush=True)
        with tempfile.TemporaryDirectory() as folder:
            test(folder)
        passed += 1
    print("%d passed, 0 failed" % passed)


main()
