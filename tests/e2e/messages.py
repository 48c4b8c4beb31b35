#!/usr/bin/env python3
"""Where the daemon's messages go, and which: log.level, -q and -v, and syslog.

The part with syslog needs root and a machine without /dev/log, which the test then makes; else it is left out, loudly.
"""
import json
import os
import signal
import socket
import subprocess
import tempfile

import common
import packets
import sensor

READY = "; ready"


def configuration(folder, **log):
    path = os.path.join(folder, "one.pcap")
    with open(path, "wb") as f:
        f.write(packets.pcap([packets.vxlan(4711, frame) for frame in packets.Talk().handshake()]))
    rules = 'alert tcp any any -> any any (content:"x"; no_such_keyword:1; sid:2;)\n'
    return sensor.configuration(folder, "net_pcap0", "rx_pcap=" + path, rules, log=log)


def messages(folder, config, *options):
    """What a daemon that is stopped at once says on standard error."""
    path = os.path.join(folder, "config.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(config, f)
    # SIGTERM waits until the daemon asks for it: it starts and ends in order.
    process = subprocess.Popen([common.engine(), *options, "run", "--config", path], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True, preexec_fn=block_sigterm)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    common.equal(process.returncode, 0, "exit status (%s)" % err)
    return err


def block_sigterm():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def test_a_level_leaves_out_what_is_less_important(folder):
    for level, has_info, has_warnings in (("error", False, False), ("warning", False, True), ("info", True, True)):
        err = messages(folder, configuration(folder, level=level))
        common.equal((READY in err, "no_such_keyword" in err), (has_info, has_warnings), "info and warnings at " + level)


def test_the_command_line_wins_over_the_level(folder):
    common.equal(messages(folder, configuration(folder, level="debug"), "-q"), "", "messages with -q")
    common.check(READY in messages(folder, configuration(folder, level="error"), "-v"), "-v leaves messages out")


def test_messages_to_syslog_do_not_go_to_standard_error(folder):
    if os.geteuid() != 0 or os.path.exists("/dev/log"):
        print("SKIPPED: /dev/log is there already, or cannot be made")
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
        log.bind("/dev/log")
        try:
            log.settimeout(10)
            common.equal(messages(folder, configuration(folder, target="syslog")), "", "what goes to standard error")
            lines = [log.recv(4096).decode() for _ in range(3)]
        finally:
            os.unlink("/dev/log")
    common.check(any("mirrorscan[" in line and "rejected: " in line and line.startswith("<28>") for line in lines),
                 "no warning of facility daemon in %s" % lines)
    common.check(any("rules loaded" in line and line.startswith("<30>") for line in lines), "no note in %s" % lines)


def main():
    passed = 0
    for name, test in sorted(globals().items()):
        if name.startswith("test_"):
            print(name.replace("_", " "), flush=True)
            with tempfile.TemporaryDirectory() as folder:
                test(folder)
            passed += 1
    print("%d passed, 0 failed" % passed)


main()
