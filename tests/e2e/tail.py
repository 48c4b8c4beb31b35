#!/usr/bin/env python3
"""mirrorscan-tail as an operator uses it: filters, following, losses, a terminal, a closed pipe, the man page."""
import errno
import json
import os
import pty
import re
import signal
import subprocess
import tempfile
import time

import common
from ring_tools import SECONDS, Background, Writer, tail_exe, until


def tail(path, *options, status=0, env=None):
    done = subprocess.run([tail_exe(), "--ring", path, *options], capture_output=True, text=True, timeout=SECONDS,
                          check=False, env={**os.environ, **(env or {})})
    common.equal(done.returncode, status, "the exit status of %s\n%s" % (" ".join(options), done.stderr))
    return done.stdout, done.stderr


def alert(sid, severity=3, vni=4711, tenant="shop", message="an attack"):
    return json.dumps({"timestamp": "2023-11-14T22:13:20.006000+0000", "event_type": "alert", "src_ip": "10.0.1.20",
                       "src_port": 51344, "dest_ip": "10.0.2.80", "dest_port": 80, "proto": "TCP",
                       "alert": {"signature_id": sid, "signature": message, "severity": severity},
                       "mirror": {"vni": vni, "tenant": tenant}})


def flow(vni):
    return json.dumps({"event_type": "flow", "mirror": {"vni": vni, "tenant": str(vni)}})


STATS = json.dumps({"event_type": "stats", "stats": {"uptime": 5}})


def write_some(writer):
    """Sequence 1 to 6."""
    writer.write("alert", alert(1, severity=1))
    writer.write("flow", flow(4711))
    writer.write("alert", alert(2, severity=2, vni=5, tenant="lab"))
    writer.write("stats", STATS)
    writer.write("alert", alert(3, severity=3))
    writer.write("anomaly", '{"event_type":"anomaly"}')


def letters(text):
    return "".join(json.loads(line)["event_type"][0] for line in text.splitlines())


def filters_choose(folder):
    path = os.path.join(folder, "ring")
    with Writer(path) as writer:
        write_some(writer)
        for options, wanted in (([], "afasaa"), (["--type", "alert"], "aaa"), (["--type", "flow", "--type", "stats"], "fs"),
                                (["--vni", "4711"], "afa"), (["--tenant", "lab"], "a"), (["--sid", "3"], "a"),
                                (["--severity", "2"], "aa"), (["--severity", "2", "--vni", "5"], "a"),
                                (["--since", "4"], "saa"), (["--since", "7"], ""), (["-n", "2"], "aa"),
                                (["--lines", "1", "--type", "flow"], "f"), (["-n", "0"], ""), (["-n", "99"], "afasaa"),
                                (["-n", "2", "--since", "2", "--type", "alert"], "aa")):
            out, err = tail(path, *options)
            common.equal(letters(out), wanted, "what passes " + " ".join(options))
            common.equal(err, "", "standard error of " + " ".join(options))


def sequence_numbers_are_shown_and_can_be_asked_for(folder):
    path = os.path.join(folder, "ring")
    with Writer(path) as writer:
        write_some(writer)
        lines = [json.loads(line) for line in tail(path, "--seq", "--type", "alert")[0].splitlines()]
        common.equal([(line["seq"], line["event"]["alert"]["signature_id"]) for line in lines], [(1, 1), (3, 2), (5, 3)],
                     "sequence numbers and events")
        common.check(tail(path, "--text", "--seq")[0].startswith("1  2023-11-14 22:13:20.006000  alert 1 [1]"), "before a line")
        rest = tail(path, "--since", str(lines[1]["seq"] + 1))[0]
        common.equal(letters(rest), "saa", "what comes after a number that was shown")


def a_pipe_gets_the_records_as_they_are(folder):
    path = os.path.join(folder, "ring")
    with Writer(path) as writer:
        writer.write("alert", alert(1))
        writer.write("77", '{"event_type":"new"}')
    out, _err = tail(path)
    common.equal(out, alert(1) + '\n{"event_type":"new"}\n', "the output on a pipe")


def on_a_terminal(path, *options, env=None):
    """What a terminal gets; standard error goes there too."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "xterm", **(env or {})})
        os.execv(tail_exe(), [tail_exe(), "--ring", path, *options])
    out = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError as error:  # a terminal whose other end was closed
            common.equal(error.errno, errno.EIO, "the error of a terminal that ends")
            break
        if not piece:
            break
        out += piece
    os.close(terminal)
    common.equal(os.waitpid(pid, 0)[1], 0, "the status on a terminal")
    return out.decode()


def a_terminal_gets_readable_lines(folder):
    path = os.path.join(folder, "ring")
    os.environ.pop("NO_COLOR", None)
    with Writer(path) as writer:
        writer.write("alert", alert(9000001, severity=1, message="evil \x1b[2J\u202emessage"))
    out = on_a_terminal(path)
    common.check(re.search(r"\x1b\[1;31malert 1 \[9000001\] evil \\x1b\[2J\\u\{202e\}message\x1b\[0m", out), "colours: %r" % out)
    plain = ("2023-11-14 22:13:20.006000  alert 1 [9000001] evil \\x1b[2J\\u{202e}message  "
             "TCP 10.0.1.20:51344 -> 10.0.2.80:80  vni 4711 (shop)")
    for options, env in ((["--color", "never"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"})):
        out = on_a_terminal(path, *options, env=env)
        common.check(out.startswith(plain) and "\x1b" not in out, "without colours: %r" % out)
    common.check("\x1b[1;31m" in on_a_terminal(path, "--color", "always", env={"NO_COLOR": "1"}), "colours that were asked for")
    common.check(on_a_terminal(path, "--json").startswith('{"timestamp"'), "JSON on a terminal")
    common.check(tail(path, "--text")[0].startswith(plain), "text on a pipe")
    common.check("\x1b[1;31m" in tail(path, "--text", "--color", "always")[0], "coloured text on a pipe")


def a_ring_that_is_not_there_yet_is_waited_for(folder):
    path = os.path.join(folder, "run", "ring")
    reader = Background(tail_exe(), "--ring", path, "-f")
    reader.wait_for(lambda r: r.err == ["mirrorscan-tail: waiting for " + path], "the word that it waits")
    with Writer(path) as writer:
        write_some(writer)
        reader.wait_for(lambda r: len(r.out) == 6, "the records of the new ring")
    common.equal(reader.stop(), 0, "the exit status after SIGTERM")


def restarts_are_followed(folder):
    path = os.path.join(folder, "ring")
    with Writer(path) as writer:
        write_some(writer)
        reader = Background(tail_exe(), "--ring", path, "--follow", "-n", "0", "--type", "flow")
        until(lambda: writer.write("flow", flow(7)) and reader.out, "it prints what comes")
        writer.write("flow", flow(8))
        reader.wait_for(lambda r: r.out[-1] == flow(8), "the last record of this writer")
    wanted = list(reader.out)
    for vni, size in enumerate((65536, 65536, 131072, 4096)):
        writer = Writer(path, size)
        writer.write("flow", flow(vni))
        wanted.append(flow(vni))
        reader.wait_for(lambda r: r.out == wanted, "the record of a restarted writer")  # pylint: disable=cell-var-from-loop
        writer.kill()
    os.unlink(path)
    with Writer(path) as writer:
        writer.write("flow", flow(99))
        reader.wait_for(lambda r: r.out == wanted + [flow(99)], "the record of a ring that was made anew")
    common.equal(reader.stop(), 0, "the exit status after SIGTERM")
    common.equal(reader.err, ["mirrorscan-tail: a new ring; its sequence numbers begin anew"], "standard error")


def losses_are_told(folder):
    path = os.path.join(folder, "ring")
    with Writer(path, 4096) as writer:
        last = writer.write("fast", "100")
        for options in (["--json"], ["--text"], ["--type", "flow"]):
            out, err = tail(path, "--since", "5", *options)
            match = re.fullmatch(r"lost (\d+) records \(sequence 5 to (\d+)\)\n", err)
            common.check(match and int(match[1]) == int(match[2]) - 4, "what is told of the loss: " + err)
            if "--type" not in options:
                common.equal(len(out.splitlines()), last - int(match[2]), "the records that are left")
        common.equal(tail(path)[1], "", "a reader that begins at the oldest record lost nothing")


def a_closed_pipe_ends_quietly(folder):
    path = os.path.join(folder, "ring")
    with Writer(path) as writer:
        write_some(writer)
        for options in ([], ["-f"]):
            with subprocess.Popen([tail_exe(), "--ring", path, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                process.stdout.close()
                common.equal(process.stderr.read(), b"", "standard error after the pipe was closed")
                common.equal(process.wait(SECONDS), 0, "the exit status after the pipe was closed")
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([tail_exe(), "--ring", path], stdout=full, stderr=subprocess.PIPE, timeout=SECONDS, check=False)
    common.equal(done.returncode, 1, "the exit status on a full device")
    common.check(b"No space left" in done.stderr, "the reason is not told: %r" % done.stderr)


def a_pipe_that_does_not_wait_gets_everything(folder):
    path = os.path.join(folder, "ring")
    with Writer(path, 1 << 20) as writer:
        for sid in range(2000):
            writer.write("alert", alert(sid))
        out, into = os.pipe()
        os.set_blocking(into, False)
        with subprocess.Popen([tail_exe(), "--ring", path], stdout=into, stderr=subprocess.PIPE) as process:
            os.close(into)
            time.sleep(0.3)  # the pipe is full by then
            with open(out, encoding="utf-8") as pipe:
                common.equal(len(pipe.readlines()), 2000, "lines")
            common.equal((process.stderr.read(), process.wait(SECONDS)), (b"", 0), "standard error and status")


def signals_end_it(folder):
    path = os.path.join(folder, "ring")
    for number in (signal.SIGINT, signal.SIGTERM):
        reader = Background(tail_exe(), "--ring", path, "-f")
        reader.wait_for(lambda r: r.err, "it runs")
        reader.process.send_signal(number)
        common.equal(reader.process.wait(SECONDS), 0, "the exit status after signal %d" % number)


def mistakes_are_told(folder):
    path = os.path.join(folder, "ring")
    for options in (["--no-such-option"], ["--type", "alrt"], ["--vni", "16777216"], ["--vni", "x"], ["-n", "-1"],
                    ["--json", "--text"], ["--color", "sometimes"], ["--since"], ["--severity", "high"], ["more"],
                    ["--since", "-1"], ["--since", "1e3"], ["--sid", "18446744073709551616"]):
        _out, err = tail(path, *options, status=2)
        common.equal(len(err.splitlines()), 1, "lines about %s: %s" % (options, err))
    _out, err = tail("", "-f", status=2)
    common.check("--ring" in err, "an empty name: " + err)
    for content in (None, b"", b"no ring"):
        if content is not None:
            with open(path, "wb") as f:
                f.write(content)
        _out, err = tail(path, status=1)
        common.check(path in err and len(err.splitlines()) == 1, "one line with the path: " + err)
    tail(path, "-f", status=1)  # never becomes a ring
    tail(os.path.join(path, "ring"), "-f", status=1)  # nor does anything below a file
    os.unlink(path)  # a writer leaves what is no ring alone
    with Writer(path) as writer:
        write_some(writer)
    with open(path, "r+b") as f:
        f.seek(4096 + 30)
        f.write(b"!")
    _out, err = tail(path, status=1)
    common.check("damaged" in err, "a damaged ring: " + err)


def the_man_page_has_every_option(_folder):
    text = subprocess.run([tail_exe(), "--help"], capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"--[a-z]+", text))
    common.check(len(options) > 10, "too few options in --help: %s" % options)
    page = os.path.join(os.environ["MIRRORSCAN_SOURCE_ROOT"], "docs", "man", "mirrorscan-tail.1")
    with open(page, encoding="utf-8") as f:
        written = set(re.findall(r"--[a-z]+", f.read().replace("\\-", "-")))
    common.equal(sorted(options ^ written), [], "the options that only one of --help and the man page has")
    common.check(tail_exe() and subprocess.run([tail_exe(), "--version"], capture_output=True, text=True,
                                               check=True).stdout.startswith("mirrorscan-tail "), "--version")


CASES = (filters_choose, sequence_numbers_are_shown_and_can_be_asked_for, a_pipe_gets_the_records_as_they_are, a_terminal_gets_readable_lines,
         a_ring_that_is_not_there_yet_is_waited_for, restarts_are_followed, losses_are_told, a_closed_pipe_ends_quietly,
         a_pipe_that_does_not_wait_gets_everything, signals_end_it, mistakes_are_told, the_man_page_has_every_option)


def main():
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            case(folder)
        print("ok: " + case.__name__.replace("_", " "))


if __name__ == "__main__":
    main()
