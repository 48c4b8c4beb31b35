#!/usr/bin/env python3
"""mirrorscan-gen as a user meets it: the same seed, every option, mistakes, drops, rates, the inspector inside."""
import hashlib
import json
import os
import signal
import subprocess
import tempfile
import time

import common

GENERATOR = os.environ["MIRRORSCAN_GEN_EXE"]
RULE = 'alert tcp any any -> any any (msg:"attack"; flow:established; content:"an attack, planted"; sid:1;)\n'


def run(*arguments, status=0, timeout=120):
    done = subprocess.run([GENERATOR, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, check=False)
    common.equal(done.returncode, status, "the exit status of %s\n%s%s" % (arguments, done.stdout, done.stderr))
    return done


def summary(*arguments, **more):
    return json.loads(run("-q", "--json", "-", *arguments, **more).stdout)


class Files:
    """Paths in a folder of the test."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, name, content=None):
        path = os.path.join(self.folder, name)
        if content is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(content)
        return path


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def inspector(files, **more):
    config = {"profile": "mirror", "rules": {"files": [files("a.rules", RULE)]}, "output": {"file": {"path": files("eve.json")}}, **more}
    return files("inspector.json", json.dumps(config))


def the_same_seed_gives_the_same_packets(files):
    options = ["--packets", 20000, "--ipv6", 0.3, "--loss", 0.01, "--reorder", 0.01, "--vnis", 3]
    digests = [summary("--seed", seed, *options, "--pcap", files(name))["packets"]["sha256"]
               for seed, name in ((7, "a"), (7, "b"), (8, "c"))]
    common.equal(digests[0], digests[1], "the digest of the second file")
    common.check(digests[0] != digests[2], "another seed gives the same packets")
    common.equal(sha256(files("a")), digests[0], "the file's own digest")


def a_profile_says_what_options_say(files):
    profile = files("profile", 'seed=9\npackets=3000\nflows=50\nmix="http=1,dns=1"\n')
    digests = [summary(*options, "--pcap", files("out"))["packets"]["sha256"]
               for options in (["--profile", profile], ["--seed", 9, "--packets", 3000, "--flows", 50, "--mix", "http=1,dns=1"])]
    common.equal(digests[0], digests[1], "the digest")
    error = run("--profile", files("wrong", "sede=9\n"), "--pcap", files("out"), status=2).stderr
    common.check("sede" in error, error)


def every_option_runs(files):
    sample = files("sample.pcap")
    run("-q", "--packets", 3000, "--pcap", sample)
    rules = files("a.rules", RULE)
    variables = files("vars.yaml", "vars:\n  address-groups:\n    HOME_NET: \"any\"\n")
    captures = []
    for options in (["--flows", 10], ["--flow-rate", 500, "--flow-lifetime", 0], ["--flow-lifetime", 1], ["--mix", "udp=1"],
                    ["--mix", "http=1,tls=2,tcp=3,dns=4,udp=5"], ["--ipv6", 1], ["--sizes", "imix"], ["--sizes", "fixed:64"],
                    ["--sizes", "fixed:9000", "--mss", 8940], ["--sizes", "capture:" + sample], ["--mss", 100], ["--data-packets", 20],
                    ["--payload-from", sample], ["--vnis", 20], ["--sources", 4], ["--encap", "geneve"],
                    ["--truncate", 128], ["--loss", 0.1], ["--reorder", 0.1, "--reorder-distance", 20], ["--duplicate", 0.1],
                    ["--one-sided", 0.5], ["--rate", 50000], ["--start", 0],
                    ["--attacks", 0.1, "--rules", rules, "--vars", variables, "--truth", files("truth"), "--occurrences", 2, "--segments", 4],
                    ["--from-capture", sample, "--until-packets", 9000, "--until-flows", 200]):
        captures.append(files("%d.pcap" % len(captures)))
        told = summary("--packets", 2000, "--vni", 1000 * len(captures), *options, "--pcap", captures[-1])
        packets = told["packets"]
        common.equal((packets["made"], packets["sent"], packets["dropped"]), (2000, 2000, 0), "packets made, sent and dropped with %s" % options)
        common.check(sum(kind["packets"] for kind in told["kinds"].values()) == 2000, "kinds of %s: %s" % (options, told["kinds"]))
    common.equal(ends_of(captures), {"inspected": 2000 * len(captures)}, "how the packets end")


def ends_of(captures):
    ends = common.ledgers_balance(common.replay(RULE, captures))["total"]["packets"]["ends"]
    return {name: end["packets"] for name, end in ends.items() if end["packets"]}


def second_copies_and_unmirrored_packets_end_by_name(files):
    out = files("out")
    run("-q", "--packets", 2000, "--double-mirror", 0.5, "--sources", 2, "--pcap", out)
    ends = ends_of([out])
    common.equal((set(ends), sum(ends.values())), ({"inspected", "duplicate"}, 2000), "how packets mirrored twice end: %s" % ends)
    run("-q", "--packets", 2000, "--encap", "none", "--pcap", out)
    ends = ends_of([out])
    common.equal((set(ends), sum(ends.values())), ({"outer_not_udp", "outer_other_port"}, 2000), "how packets that are not mirrored end: %s" % ends)


def time_ends_it_too(files):
    told = summary("--seconds", 2, "--rate", 1000, "--pcap", files("out"))
    common.check(1900 <= told["packets"]["made"] <= 2001, "packets of 2 seconds: %s" % told["packets"])


def mistakes_are_one_line(files):
    out = ["--pcap", files("out")]
    text = files("text", "no capture\n")
    rules = files("a.rules", RULE)
    for options, wanted in (([], "--pcap"), (["--packets", 1], "--pcap"), ([*out], "--packets"), ([*out, "--port", "net_ring0"], "--pcap"),
                            (["--pcap", ""], "--pcap"), ([*out, "--packets", "many"], "--packets"), ([*out, "--packets", -5], "--packets"),
                            ([*out, "--packets", 9, "--loss", "-.5"], "--loss"),
                            ([*out, "--packets", 9, "--mix", "http"], "--mix"), ([*out, "--packets", 9, "--mix", "ftp=1"], "--mix"),
                            ([*out, "--packets", 9, "--mix", "http=0"], "mix"), ([*out, "--packets", 9, "--mix", "http=-1"], "--mix"),
                            ([*out, "--packets", 9, "--sizes", "fixed:x"], "--sizes"), ([*out, "--packets", 9, "--sizes", "large"], "--sizes"),
                            ([*out, "--packets", 9, "--encap", "gre"], "--encap"), ([*out, "--packets", 9, "--flows", 9], "--flows"),
                            ([*out, "--packets", 9, "--loss", 2], "--loss"), ([*out, "--packets", 9, "--cpu", 1023], "--cpu"), ([*out, "--packets", 9, "--wait", "no"], "--wait"),
                            ([*out, "--packets", 9, "--attacks", 0.1], "--attacks"), ([*out, "--packets", 9, "--truth", "x"], "--truth"),
                            ([*out, "--packets", 9, "--rules", rules], "--rules"),
                            ([*out, "--packets", 9, "--attacks", 1, "--rules", files("none")], files("none")),
                            ([*out, "--packets", 9, "--from-capture", files("none")], files("none")),
                            ([*out, "--packets", 9, "--from-capture", text], text),
                            ([*out, "--packets", 9, "--sizes", "capture:" + files("none")], files("none")),
                            (["--pcap", text, "--from-capture", text], "--from-capture"),
                            ([*out, "--packets", 9, "--rate", 9, "--fast"], "--rate"), ([*out, "--preload"], "--packets"),
                            (["--measure"], "--packets"), (["--measure", "--packets", 9, "--preload"], "--preload"), ([*out, "--packets", 9, "--measure"], "--pcap"),
                            (["--port", "net_ring0", "--preload"], "--packets"),
                            (["--port", "net_ring0", "--preload", "--packets", 900000000], "MiB"),
                            (["--port", "net_ring0", "--burst", 513], "--burst"), (["--inspect", files("none")], files("none")),
                            (["--inspect", inspector(files), "--packets", 9, "--queue-packets", 5], "--queue-packets"),
                            (["--inspect", inspector(files), "--encap", "none"], "--encap")):
        error = run(*options, status=2).stderr
        common.equal(len(error.splitlines()), 1, "the number of lines about %s:\n%s" % (options, error))
        common.check(error.startswith("error: ") and wanted in error, "%s does not say %s: %s" % (options, wanted, error))


def what_cannot_be_written_fails(files):
    common.check("no-such-folder" in run("--packets", 9, "--pcap", files("no-such-folder/out"), status=2).stderr, "the path")
    if os.path.exists("/dev/full"):
        common.check("/dev/full" in run("--packets", 9, "--pcap", "/dev/full", status=1).stderr, "the full disk")


def a_ring_that_nobody_reads_is_a_counted_drop(_):
    packets = summary("--packets", 50000, "--fast", "--port", "net_ring0")["packets"]
    common.equal(packets["sent"] + packets["dropped"], packets["made"], "sent and dropped")
    common.equal(packets["made"], 50000, "made")
    common.equal((packets["sent"], packets["port_sent"]), (1023, 1023), "what the ring took")


def a_port_that_is_none_is_told(_):
    error = run("--packets", 9, "--port", "net_af_packet0,iface=no_such_if", "-q", status=1).stderr
    common.check("no_such_if" in error, error)
    common.check("net_nonsense0" in run("--packets", 9, "--port", "net_nonsense0", "-q", status=1).stderr, "the device")


def the_rate_is_measured(_):
    told = summary("--packets", 20000, "--rate", 20000, "--port", "net_null0")
    rate = told["rate"]
    common.check(19900 <= rate["asked_pps"] <= 20100, "asked for 20000 packets/s: %s" % rate)
    common.check(rate["achieved_pps"] > 0 and rate["paced"], str(rate))
    common.equal(told["packets"]["sent"], 20000, "packets sent to a port that takes all")
    common.check(told["deviation"]["of_10_ms"]["intervals"] > 50, str(told["deviation"]))
    common.check(told["lateness"]["p50_us"] <= told["lateness"]["p99_us"] <= told["lateness"]["max_us"], str(told["lateness"]))
    common.check(told["cost"]["making_cycles_a_packet"] > 0, str(told["cost"]))


def a_rate_that_cannot_be_reached_is_told(_):
    options = ["--packets", 200000, "--rate", 9e8, "--port", "net_null0"]
    told = summary(*options)
    common.check(told["rate"]["rate_not_reached"] and any("not reached" in warning for warning in told["warnings"]), str(told))
    run("-q", *options, "--strict-rate", status=1)


def preloaded_packets_are_the_same(_):
    packets = summary("--packets", 5000, "--rate", 50000, "--preload", "--port", "net_null0")["packets"]
    common.equal((packets["made"], packets["sent"]), (5000, 5000), "made and sent")


def the_inspector_inside_sees_every_packet_that_it_took(files):
    for options, workers in ((["--rate", 50000, "--wait", "sleep"], 1), (["--fast", "--preload"], 1), (["--rate", 50000, "--wait", "sleep", "--arrival", "direction"], 2)):
        config = inspector(files, workers={"count": workers, "yield_after_idle_polls": 16})
        told = summary("--packets", 20000, *options, "--queue-packets", 1024, "--inspect", config)
        packets, inside = told["packets"], told["inspector"]
        common.equal(packets["sent"] + packets["dropped"] + packets["no_buffer"], 20000, "packets sent and lost")
        common.equal((inside["received"], inside["never_received"], inside["ledgers_balance"]), (packets["sent"], 0, True), "what the inspector tells")
        common.equal(inside["received_bytes"], packets["sent_bytes"], "the inspector's bytes")
        common.equal(sum(inside["ends"].values()) >= packets["sent"], True, "the ends of all packets")
        with open(files("eve.json"), encoding="utf-8") as lines:
            last = json.loads(lines.readlines()[-1])
        common.check(last["event_type"] == "stats" and last["mirror"]["balanced"], "the last event")


def what_is_made_is_inspected(files):
    run("-q", "--packets", 20000, "--ipv6", 0.3, "--vnis", 4, "--pcap", files("out.pcap"))
    outcome = common.replay(RULE, [files("out.pcap")])
    ends = common.ledgers_balance(outcome)["total"]["packets"]["ends"]
    common.equal(ends["inspected"]["packets"], 20000, "packets that ended as inspected")


def making_alone_is_measured(_):
    told = summary("--packets", 20000, "--measure")
    packets, cost = told["packets"], told["cost"]
    common.equal((packets["made"], packets["sent"], told["rate"]["paced"]), (20000, 20000, False), "made, sent and paced")
    common.check(packets["sent_bytes"] > 20000 * 60 and cost["can_make_pps"] > 0 and cost["planning_cycles_a_packet"] > 0, str(told))


def a_run_of_seconds_tells_how_far_it_is(_):
    options = ["--packets", 2500, "--rate", 2000, "--port", "net_null0"]
    told = [line for line in run(*options).stderr.splitlines() if "packets made" in line]
    common.check(len(told) == 1 and "flows alive" in told[0] and "\r" not in told[0], "lines of progress: %s" % told)
    common.equal(run("-q", *options).stderr, "", "what --quiet says")


def a_signal_ends_it_with_its_summary(files):
    for number, port in ((signal.SIGINT, ["--port", "net_null0"]), (signal.SIGTERM, ["--inspect", inspector(files)])):
        process = subprocess.Popen([GENERATOR, "--rate", "1000", *port, "--json", files("json")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        told = [process.stderr.readline()]  # the first line of progress comes after a second
        while told[-1] and " packets made" not in told[-1]:
            told.append(process.stderr.readline())
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        common.equal(process.returncode, 0, "the exit status after a signal:\n%s%s%s" % ("".join(told), out, err))
        with open(files("json"), encoding="utf-8") as text:
            packets = json.load(text)["packets"]
        common.equal(packets["sent"] + packets["discarded"], packets["made"], "packets after %s" % number)


def main():
    for test in (the_same_seed_gives_the_same_packets, a_profile_says_what_options_say, every_option_runs, second_copies_and_unmirrored_packets_end_by_name, time_ends_it_too, mistakes_are_one_line,
                 what_cannot_be_written_fails, a_ring_that_nobody_reads_is_a_counted_drop, a_port_that_is_none_is_told, the_rate_is_measured,
                 a_rate_that_cannot_be_reached_is_told, preloaded_packets_are_the_same, the_inspector_inside_sees_every_packet_that_it_took,
                 making_alone_is_measured, a_run_of_seconds_tells_how_far_it_is, what_is_made_is_inspected, a_signal_ends_it_with_its_summary):
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            test(Files(folder))
        print("%4.1f s %s" % (time.monotonic() - begin, test.__name__), flush=True)


main()
