#!/usr/bin/env python3
"""The command line as a user meets it: help, mistakes, broken files, standard input, `check`."""
import json
import os
import subprocess
import tempfile

import common
import packets

RULE = 'alert tcp any any -> any any (msg:"attack"; content:"attack"; sid:1;)\n'
BAD_RULE = 'alert tcp any any -> any any (content:"x"; no_such_keyword:1; sid:2;)\n'


def run(*arguments, stdin=b"", status=0):
    done = subprocess.run([common.engine(), *arguments], input=stdin, capture_output=True, timeout=120, check=False)
    out, err = done.stdout.decode(), done.stderr.decode()
    common.equal(done.returncode, status, "the exit status of %s\n%s%s" % (" ".join(arguments), out, err))
    return out, err


def events(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def capture():
    talk = packets.Talk()
    return packets.pcap([packets.vxlan(100, f) for f in talk.handshake() + [talk.says(b"an attack")]])


class Files:
    """Small files in a folder of the test."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, name, content=None):
        path = os.path.join(self.folder, name)
        if content is not None:
            with open(path, "wb") as f:
                f.write(content if isinstance(content, bytes) else content.encode())
        return path


def help_is_told(_):
    out, _err = run("--help")
    for command in ("replay", "check"):
        common.check(command in out, "--help does not name " + command)
        text, _err = run(command, "--help")
        common.check("--rules" in text, "%s --help does not name --rules" % command)
    common.check(run("--version")[0].startswith("mirrorscan "), "--version")


def mistakes_exit_2(files):
    rules, pcap, eve = files("a.rules", RULE), files("a.pcap", capture()), files("eve")
    run("--no-such-option", status=2)
    run("no-such-command", status=2)
    run(status=2)
    run("replay", "--rules", rules, "--eve", eve, "--no-such-option", pcap, status=2)
    run("replay", "--rules", rules, pcap, status=2)  # no --eve
    run("replay", "--rules", rules, "--eve", eve, status=2)  # no capture
    run("replay", "--eve", eve, pcap, status=2)  # no rules
    run("check", status=2)
    for burst in ("0", "513", "many"):
        run("replay", "--rules", rules, "--eve", eve, "--burst", burst, pcap, status=2)


def mistakes_are_one_line(files):
    rules, pcap, eve = files("a.rules", RULE), files("a.pcap", capture()), files("eve")
    for words, wanted in ((["run"], "--config"), (["run", "--config", ""], "--config"),
                          (["run", "--config", "a", "--config", "b"], "--config"), (["check", "--rules", ""], "--rules"),
                          (["replay", "--rules", rules, "--eve", "", pcap], "--eve"),
                          (["replay", "--rules", rules, "--config", "", "--eve", eve, pcap], "--config"),
                          (["replay", "--rules", rules, "--eve", eve, ""], "captures"),
                          (["replay", "--rules", rules, "--eve", eve, "--workers", "17", pcap], "--workers")):
        _out, err = run(*words, status=2)
        common.equal(len(err.splitlines()), 1, "the number of lines about %s:\n%s" % (words, err))
        common.check(err.startswith("error: ") and wanted in err, "%s: %s" % (words, err))
    common.check(not os.path.exists(eve), "a mistake left a file of events")


def a_mistyped_command_is_named(_):
    for words in (["repaly", "--rules", "a"], ["-q", "repaly"]):
        _out, err = run(*words, status=2)
        common.equal(err, "error: there is no command repaly; write run, replay or check\n", "the error about " + str(words))


def quiet_and_verbose_may_follow_the_command(files):
    rules, pcap, eve = files("mixed.rules", RULE + BAD_RULE), files("a.pcap", capture()), files("eve")
    for words in (["-q", "replay"], ["replay", "-q"], ["replay", "--quiet"]):
        common.equal(run(*words, "--rules", rules, "--eve", eve, pcap)[1], "", "standard error of " + str(words))
    common.check("rejected" in run("replay", "-v", "--rules", rules, "--eve", eve, pcap)[1], "-v left a warning out")


def an_option_takes_one_rule_file(files):
    rules, more, pcap, eve = files("a.rules", RULE), files("b.rules", RULE.replace("sid:1", "sid:2")), files("a.pcap", capture()), files("eve")
    run("replay", "--rules", rules, pcap, "--eve", eve)
    out, _err = run("replay", "--rules", rules, "--rules", more, pcap, "--eve", "-")
    common.equal(sorted(json.loads(line).get("alert", {}).get("signature_id", 0) for line in out.splitlines())[-2:], [1, 2],
                 "the rules that alerted")


def that_nothing_will_be_found_is_told(files):
    pcap, eve, bare = files("a.pcap", capture()), files("eve"), files("bare.json", "{}")
    for words, wanted in ((["--rules", files("bad.rules", BAD_RULE)], "warning: no rule can be used: nothing will be found"),
                          (["--rules", files("empty.rules", "# none\n")], "warning: the rule files have no rules: nothing will be found"),
                          (["--config", bare], "warning: no rule files are named (rules.files): nothing will be found")):
        common.check(wanted in run("check", *words)[0].splitlines(), "check %s does not say: %s" % (words, wanted))
        common.check(wanted in run("replay", *words, "--eve", eve, pcap)[1].splitlines(), "replay %s does not say: %s" % (words, wanted))
    common.check("%" not in run("check", "--rules", files("empty.rules"))[0], "a share of no rules")


def a_capture_is_no_rule_file(files):
    _out, err = run("check", "--rules", files("a.pcap", capture()), status=2)
    common.equal(len(err.splitlines()), 1, "the number of lines about a capture for rules:\n%s" % err)
    common.check(files("a.pcap") in err and "no text" in err, err)


def missing_files_are_named(files):
    rules, pcap, eve = files("a.rules", RULE), files("a.pcap", capture()), files("eve")
    for arguments in (["--rules", files("missing"), pcap], ["--rules", rules, "--vars", files("missing"), pcap],
                      ["--rules", rules, "--config", files("missing"), pcap], ["--rules", rules, files("missing")]):
        _out, err = run("replay", "--eve", eve, *arguments, status=2)
        common.check(files("missing") in err, "the missing file is not named: " + err)
        common.equal(len(err.splitlines()), 1, "the number of lines about a missing file:\n%s" % err)


def config_errors_are_one_line(files):
    rules = files("a.rules", RULE)
    for text, wanted in (('{ "profil": "mirror" }', "profil"), ('{ "profile": "other" }', "profile"),
                         ('{ "flow": { "max_flows": "many" } }', "flow.max_flows"),
                         ('{ "detect": { "window_bytes": 3 } }', "detect.window_bytes"), ('{ "flow": ', "config.json"),
                         ('{ "tenants": [ { "name": "a", "vnis": [1], "sources": ["here"] } ] }', "sources")):
        _out, err = run("check", "--rules", rules, "--config", files("config.json", text), status=2)
        common.equal(len(err.splitlines()), 1, "the number of lines about %s:\n%s" % (text, err))
        common.check(wanted in err and files("config.json") in err, "%s: %s" % (text, err))


def unwritable_eve_is_named(files):
    rules, pcap = files("a.rules", RULE), files("a.pcap", capture())
    path = os.path.join(files("no-such-folder"), "eve.json")
    _out, err = run("replay", "--rules", rules, "--eve", path, pcap, status=1)
    common.check(path in err, "the path is not named: " + err)


def standard_input_and_output(files):
    rules = files("a.rules", RULE)
    out, _err = run("replay", "--rules", rules, "--eve", "-", "-", stdin=capture())
    got = [json.loads(line)["event_type"] for line in out.splitlines()]
    common.equal(got, ["alert", "flow", "stats"], "the events on standard output")


def a_cut_capture_is_inspected_up_to_the_cut(files):
    rules, eve = files("a.rules", RULE), files("eve")
    # Cut inside the 16-byte record head, and inside a frame: the alert's packet is whole in both.
    for cut in (capture() + b"\0" * 7, capture() + capture()[24:60]):
        _out, err = run("replay", "--rules", rules, "--eve", eve, files("cut.pcap", cut), status=1)
        common.check(files("cut.pcap") in err, "the capture is not named: " + err)
        got = [e["event_type"] for e in events(eve)]
        common.equal(got, ["alert", "flow", "stats"], "the events before the cut")
    _out, err = run("replay", "--rules", rules, "--eve", eve, files("text.pcap", "no capture at all\n" * 9), status=2)
    common.check(files("text.pcap") in err, "the file that is no capture is not named: " + err)


def check_tells_what_run_would_refuse(files):
    rules, pcap = files("a.rules", RULE), files("a.pcap", capture())

    def check(status, **sections):
        config = {"rules": {"files": [rules]}, "output": {"file": {"path": files("eve")}}, **sections}
        return run("check", "--config", files("config.json", json.dumps(config)), status=status)[1]

    def port(device, arguments, **more):
        return [{"device": device, "arguments": arguments, **more}]

    common.equal(check(0), "", "of a configuration for replay")
    common.equal(check(0, ports=port("net_pcap0", "rx_pcap=" + pcap)), "", "of a good configuration")
    for ports, wanted in ((port("net_af_paket0", "iface=lo"), "ports[0].device"), (port("net_af_packet0", ""), "iface=NAME"),
                          (port("net_pcap0", "rx_pcap=/no/such"), "/no/such"), (port("net_pcap0", "rx_pacp=x"), "rx_pacp"),
                          (port("net_pcap0", "rx_pcap=" + pcap, queues=2), "ports[0].queues"),
                          (port("net_pcap0", "rx_pcap=" + rules), "is not a pcap file")):
        err = check(2, ports=ports)
        common.check(err.startswith("error: " + files("config.json")) and wanted in err, "%s: %s" % (wanted, err))
        common.equal(len(err.splitlines()), 1, "lines:\n" + err)
    good = port("net_pcap0", "rx_pcap=" + pcap)
    common.check("output: " in check(2, ports=good, output={}), "an output that is missing")
    common.check("is also rules.files[0]" in check(2, ports=good, output={"file": {"path": rules}}), "a rule file as output")
    err = check(0, ports=port("net_af_packet0", "iface=no_such_if") + port("ffff:1f:1f.7", ""),
                workers={"count": 1, "cpus": [1023]})
    common.equal([line.startswith("warning: on this machine: ") for line in err.splitlines()], [True] * 3, err)


def check_tells_what_is_rejected(files):
    rules = files("mixed.rules", RULE + BAD_RULE)
    out, _err = run("check", "--rules", rules)
    common.check("mixed.rules:2" in out and "sid 2" in out and "no_such_keyword" in out, out)
    common.equal(out.splitlines()[-1], "1 of 2 rules loaded (50.0 %)", "the last line")
    run("check", "--strict", "--rules", rules, status=1)
    run("check", "--strict", "--rules", files("good.rules", RULE))
    common.check("content" in run("check", "--keywords")[0], "check --keywords")


def a_threshold_file_is_read_by_replay_and_check(files):
    rules, pcap, eve = files("t.rules", RULE), files("t.pcap", capture()), files("eve")
    silent = files("silent", "suppress gen_id 1, sig_id 1, track by_src, ip 10.0.1.0/24\n")
    run("replay", "--rules", rules, "--threshold-file", silent, "--eve", eve, pcap)
    common.equal([e for e in events(eve) if e["event_type"] == "alert"], [], "the alerts of a rule that is suppressed")
    bad = files("bad", "suppress gen_id 1, sig_id 99999999999\n\nbogus gen_id 1, sig_id 1\n")
    _out, err = run("replay", "--rules", rules, "--threshold-file", bad, "--eve", eve, pcap)
    common.equal(len([e for e in events(eve) if e["event_type"] == "alert"]), 1, "alerts beside bad lines")
    for line in (1, 3):
        common.equal(err.count("error: %s:%d: " % (bad, line)), 1, "errors that name line %d in\n%s" % (line, err))
    out, _err = run("check", "--strict", "--rules", rules, "--threshold-file", bad, status=1)
    common.check("error: %s:3: 'bogus' is not known" % bad in out, out)
    run("check", "--strict", "--rules", rules, "--threshold-file", silent)
    run("check", "--rules", rules, "--threshold-file", files("none"), status=2)


def check_json_is_json(files):
    out, _err = run("check", "--json", "--rules", files("mixed.rules", RULE + BAD_RULE))
    report = json.loads(out)
    common.equal((report["rules"], report["rules_loaded"], report["rules_failed"], report["coverage_pct"]),
                 (2, 1, 1, 50), "the numbers of rules")
    rejected = report["rejected"][0]
    common.equal((rejected["line"], rejected["sid"]), (2, 2), "where the rejected rule is")
    common.check(rejected["file"].endswith("mixed.rules") and "no_such_keyword" in rejected["reason"], str(rejected))
    loaded = report["loaded"][0]
    common.equal((loaded["sid"], loaded["class"]), (1, "stream"), "the loaded rule")


def main():
    for test in (help_is_told, mistakes_exit_2, mistakes_are_one_line, a_mistyped_command_is_named, quiet_and_verbose_may_follow_the_command,
                 an_option_takes_one_rule_file, that_nothing_will_be_found_is_told, a_capture_is_no_rule_file, missing_files_are_named, config_errors_are_one_line,
                 unwritable_eve_is_named, standard_input_and_output, a_cut_capture_is_inspected_up_to_the_cut,
                 check_tells_what_run_would_refuse, check_tells_what_is_rejected, a_threshold_file_is_read_by_replay_and_check, check_json_is_json):
        print(test.__name__, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            test(Files(folder))


main()
