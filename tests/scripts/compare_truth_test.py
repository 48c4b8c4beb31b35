#!/usr/bin/env python3
"""scripts/compare_truth.py tells each kind of difference, and only says equal where there is none."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "compare_truth.py"
HEAD = {"type": "truth", "version": 1, "seed": 1, "rules": 4, "planted": 2, "not_plantable": [],
        "excluded": [{"sid": 9, "reason": "ordinary traffic"}], "options": {}}
FLOW = {"proto": "TCP", "src_ip": "10.0.0.1", "src_port": 40000, "dest_ip": "10.0.0.2", "dest_port": 80}
BACK = {"proto": "TCP", "src_ip": "10.0.0.2", "src_port": 80, "dest_ip": "10.0.0.1", "dest_port": 40000}


def expected(sid=1, count=1, flow=None, vni=5):
    return {"type": "expected", "sid": sid, "vni": vni, **(flow or FLOW), "direction": "to_server", "count": count, "segments": 1}


def damaged(sid=1, **more):
    return {"type": "damaged", "sid": sid, "vni": 5, **FLOW, "direction": "to_server", "why": "lost", **more}


def alert(sid=1, flow=None, vni=5):
    return {"event_type": "alert", **(flow or FLOW), "alert": {"signature_id": sid}, **({"mirror": {"vni": vni}} if vni else {})}


class CompareTruth(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, name, lines):
        path = pathlib.Path(self.folder.name) / name
        path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
        return path

    def run_it(self, truth, events, *options):
        done = subprocess.run([sys.executable, SCRIPT, self.file("truth", truth), self.file("eve", events), *options],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def told(self, lines, events, *options):
        return self.run_it([HEAD, *lines], events, *options)

    def test_the_same_alerts_are_equal(self):
        status, text = self.told([expected(count=2), expected(2, flow=BACK)], [alert(), alert(2, BACK), alert(), {"event_type": "flow"}])
        self.assertEqual(status, 0, text)
        self.assertIn("recall 1.000000", text)

    def test_a_missing_alert_is_told(self):
        status, text = self.told([expected(), expected(2)], [alert()])
        self.assertEqual(status, 1)
        self.assertIn("missing      sid 2", text)
        self.assertIn("recall 0.500000", text)

    def test_an_alert_too_many_is_told(self):
        for events in ([alert(), alert(7)], [alert(), alert(flow=BACK)], [alert(), alert(vni=6)]):
            status, text = self.told([expected()], events)
            self.assertEqual(status, 1)
            self.assertIn("extra        sid", text)

    def test_another_count_is_told(self):
        status, text = self.told([expected(count=2)], [alert()])
        self.assertEqual(status, 1)
        self.assertIn("expected 2, found 1", text)

    def test_what_is_excluded_or_open_is_ignored(self):
        status, text = self.told([expected(), damaged(2, open=True)], [alert(), alert(9), alert(2)])
        self.assertEqual(status, 0, text)

    def test_a_damaged_attack_must_not_alert(self):
        self.assertEqual(self.told([damaged()], [])[0], 0)
        self.assertEqual(self.told([damaged()], [alert()])[0], 1)

    def test_sets_know_neither_counts_nor_directions_nor_vnis(self):
        self.assertEqual(self.told([expected(count=2)], [alert(flow=BACK, vni=None)], "--set")[0], 0)
        self.assertEqual(self.told([expected(), expected(2)], [alert(vni=None)], "--set")[0], 1)

    def test_two_eve_files_are_compared_as_sets(self):
        same = [alert(flow=BACK, vni=None), alert(2), {"event_type": "stats"}]
        self.assertEqual(self.run_it([alert(), alert(), alert(2)], same, "--reference")[0], 0)
        status, text = self.run_it([alert(), alert(3)], same, "--reference")
        self.assertEqual(status, 1)
        self.assertIn("missing      sid 3", text)
        self.assertIn("extra        sid 2", text)

    def test_ipv6_addresses_are_compared_in_any_spelling(self):
        long = {**FLOW, "src_ip": "2001:db8:0:0::1", "dest_ip": "2001:0db8::2"}
        short = {**FLOW, "src_ip": "2001:db8::1", "dest_ip": "2001:db8::2"}
        self.assertEqual(self.told([expected(flow=short)], [alert(flow=long)])[0], 0)

    def test_files_that_cannot_be_used_are_refused(self):
        self.assertEqual(self.run_it([expected()], [])[0], 2)
        self.assertEqual(self.run_it([], [])[0], 2)
        self.assertEqual(self.run_it([HEAD], ["{"])[0], 2)


unittest.main()
