"""scripts/bench says what was measured: medians and spread, ratios within a round, and no figure that is flagged."""

import json
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest
import unittest.mock

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS / "lib"))

from bench import alerts, catalog, contenders, figures, machine, made_rules, measurement, page, result, rows, schedule  # noqa: E402
from bench import suricata, table, testpmd  # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None


def inspected(kpps, share=0.5, flags=()):
    """What mirrorscan-bench inspect prints, as far as rows read it."""
    rounds = [{"worker": {"kpps": kpps}, "share_of_scan_alone": share}]
    return json.dumps({"command": "inspect", "machine": {"tsc_hz": 2.6e9}, "flags": list(flags), "rounds": rounds})


def measured(*rounds, flags=()):
    return {"command": "x", "rounds": list(rounds), "flags": list(flags), "facts": {}}


def times_row(**targets):
    value = lambda r: figures.ratio(r["ours"]["kpps"], r["theirs"]["kpps"])  # noqa: E731
    return rows.Row("times", table.TARGETS, "ours against theirs", "times", ("ours", "theirs"), value, rows.MORE, **targets)


def cycles_row(must=None, stretch=None):
    return rows.Row("cycles", table.TARGETS, "cycles", "cycles/packet", ("ours",), lambda r: r["ours"]["cycles"], must=must, stretch=stretch)


def canned_result(found_rows, measurements, mode="full", inputs=None):
    machine = {"cpu": "a CPU", "cpus": 2, "kernel": "6.1", "memory_bytes": 2**34, "hugepage_bytes": 0, "l3_bytes": 2**23, "tsc_hz": 2e9}
    return {
        "version": 1, "command": "scripts/bench", "started": "2026-01-01 00:00 UTC", "seconds": 1.5, "load_before": 0.1, "mode": mode, "commit": "c0ffee",
        "modified": False, "machine": machine, "peers": None, "inputs": inputs or {}, "profiles": {},
        "rows": [rows.evaluate(row, measurements) for row in found_rows], "measurements": measurements,
    }


class Figures(unittest.TestCase):
    def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two(self):
        self.assertEqual(figures.summary([4, 1, 3, 100]), {"median": 3.5, "min": 1, "max": 100, "rounds": 4})

    def test_a_round_without_the_figure_does_not_count(self):
        self.assertEqual(figures.summary([None, 7])["rounds"], 1)
        self.assertIsNone(figures.summary([None]))

    def test_a_path_through_null_is_nothing(self):
        self.assertIsNone(figures.at({"scan_alone": None}, "scan_alone.seconds"))

    def test_the_spread_is_shown_where_there_is_one(self):
        self.assertEqual(figures.text_of_summary(figures.summary([1000, 2000, 1500])), "1,500 [1,000–2,000]")
        self.assertEqual(figures.text_of_summary(figures.summary([0.5])), "0.5")


class Rows(unittest.TestCase):
    def test_ratios_are_formed_within_a_round(self):
        found = {"ours": measured({"kpps": 10}, {"kpps": 30}), "theirs": measured({"kpps": 5}, {"kpps": 10})}
        self.assertEqual(rows.evaluate(times_row(), found)["figure"], {"median": 2.5, "min": 2, "max": 3, "rounds": 2, "of_rounds": 2})

    def test_a_round_that_one_of_them_missed_is_no_round(self):
        found = {"ours": measured({"kpps": 10}, {"kpps": 30}), "theirs": measured({"kpps": 5})}
        self.assertEqual(rows.evaluate(times_row(), found)["figure"]["rounds"], 1)

    def test_without_the_peer_a_ratio_is_not_measured_and_says_why(self):
        found = {"ours": measured({"kpps": 10}), "theirs": {"absent": "no peers", "rounds": [], "flags": []}}
        row = rows.evaluate(times_row(must=2), found)
        self.assertEqual((row["verdict"], row["why"], row["figure"]), ("not measured", "no peers", None))

    def test_a_target_is_met_or_missed_by_a_share_of_it(self):
        self.assertEqual(rows.verdict(cycles_row(200, 100), 90), "met, and the stretch")
        self.assertEqual(rows.verdict(cycles_row(200, 100), 150), "met")
        self.assertEqual(rows.verdict(cycles_row(200, 100), 300), "missed by 50 %")
        self.assertEqual(rows.verdict(times_row(must=4, stretch=6), 3), "missed by 25 %")
        self.assertEqual(rows.verdict(cycles_row(0, 0), 0), "met, and the stretch")

    def test_a_flagged_figure_is_refused(self):
        row = rows.evaluate(cycles_row(200, 100), {"ours": measured({"cycles": 90}, flags=["looped_capture"])})
        self.assertEqual((row["verdict"], row["why"]), ("refused", "ours: looped_capture"))

    def test_a_lost_cpu_spoils_times_and_not_bytes(self):
        found = {"ours": measured({"n": 5, "disturbed": ["shared_cpu"]})}
        value = lambda r: r["ours"]["n"]  # noqa: E731
        verdicts = [rows.evaluate(rows.Row("n", "", "", unit, ("ours",), value), found)["verdict"] for unit in ("bytes", "kpps")]
        self.assertEqual(verdicts, ["", "refused"])

    def test_a_round_that_lost_its_cpu_does_not_count_where_another_did_not(self):
        found = {"ours": measured({"kpps": 1, "disturbed": ["shared_cpu"]}, {"kpps": 30}), "theirs": measured({"kpps": 5}, {"kpps": 10})}
        row = rows.evaluate(times_row(), found)
        self.assertEqual(row["figure"], {"median": 3, "min": 3, "max": 3, "rounds": 1, "of_rounds": 2})
        self.assertEqual(figures.text_of_summary(row["figure"]), "3 (1 of 2 rounds)")

    def test_every_row_needs_measurements_that_there_are(self):
        there = {member.name for group in contenders.all_groups() for member in group.members}
        self.assertEqual([row.key for row in catalog.all_rows() if not set(row.needs) <= there], [])

    def test_every_key_is_there_once(self):
        keys = [row.key for row in catalog.all_rows()]
        self.assertEqual(len(keys), len(set(keys)))


class Turns(unittest.TestCase):
    def test_contenders_take_turns_in_turned_order(self):
        self.assertEqual([member for _, member in schedule.turns("AB", 3)], list("ABBAAB"))

    def run_with(self, fail):
        order = []

        def member(name):
            def run(_place, _rounds):
                order.append(name)
                if name == fail:
                    raise ValueError("broken")
                return measurement.Measured([{"n": 1}], name)

            return measurement.Measurement(name, run)

        results = {}
        group = schedule.Group("duel", (member("a"), member("b")), rounds=3)
        schedule.run_group(group, types.SimpleNamespace(quick=False), schedule.Clock(60), results, lambda text: None)
        return order, results

    def test_each_gets_its_rounds(self):
        order, results = self.run_with(None)
        self.assertEqual(order, list("abbaab"))
        self.assertEqual(len(results["a"]["rounds"]), 3)

    def test_what_failed_has_no_rounds_and_the_others_go_on(self):
        order, results = self.run_with("a")
        self.assertEqual(order.count("b"), 3)
        self.assertEqual((results["a"]["rounds"], results["a"]["absent"]), ([], "failed: broken"))


    def tries_of(self, flag, good_after):
        """How often a turn is taken that is flagged at first, and what flags remain."""
        tries = []

        def run(_place, _rounds):
            tries.append(1)
            return measurement.Measured([{}], "x", [flag] if len(tries) <= good_after else [])

        measured = schedule.take_turn(measurement.Measurement("a", run), None, 1, schedule.Clock(60), lambda text: None)
        return len(tries), measured.flags

    def test_a_turn_that_lost_its_cpu_is_taken_again(self):
        self.assertEqual(self.tries_of("shared_cpu", 1), (2, []))
        self.assertEqual(self.tries_of("shared_cpu", 9), (schedule.MOST_TRIES, ["shared_cpu"]))

    def test_what_the_set_up_does_wrong_is_not_tried_again(self):
        self.assertEqual(self.tries_of("looped_capture", 1), (1, ["looped_capture"]))


class Machine(unittest.TestCase):
    def test_what_a_child_uses_is_not_its_neighbours(self):
        with unittest.mock.patch.multiple(
            machine,
            time=types.SimpleNamespace(monotonic=iter((100, 110)).__next__),
            busy_seconds=lambda _cpu, told=iter((50, 58)): next(told),
            seconds_of_children=iter((7, 14)).__next__,
        ):
            self.assertAlmostEqual(machine.Neighbours(0).share(), 0.1)

    def test_a_childs_time_is_counted_once_it_ended(self):
        before = machine.seconds_of_children()
        subprocess.run([sys.executable, "-c", "sum(range(10_000_000))"], check=True)
        self.assertGreater(machine.seconds_of_children(), before)


class WhatOthersSay(unittest.TestCase):
    def test_flags_of_mirrorscan_bench_are_kept(self):
        found = measurement.read_own(inspected(900, flags=["random_payload"]), "x")
        self.assertEqual((found.rounds[0]["worker"]["kpps"], found.flags), (900, ["random_payload"]))

    def test_a_command_without_rounds_is_one_round(self):
        found = measurement.read_own('{"command":"load","flags":[],"cold_seconds":1.5}', "x")
        self.assertEqual([r["cold_seconds"] for r in found.rounds], [1.5])

    def test_suricatas_pass_is_read_from_its_log(self):
        text = "1 rule files processed. 10000 rules successfully loaded, 2 rules failed\nthreads: time elapsed 1.600s\n" \
               "pcap: read 1 file, 500000 packets, 200 bytes\n"
        self.assertEqual(suricata.read_log(text), {"packets": 500000, "bytes": 200, "seconds": 1.6, "rules_loaded": 10000, "rules_failed": 2})

    def test_a_log_without_a_time_is_no_measurement(self):
        with self.assertRaises(suricata.Unexpected):
            suricata.read_log("pcap: read 1 file, 5 packets, 200 bytes")

    def test_each_parser_is_switched(self):
        self.assertNotIn("enabled: yes", suricata.parser_lines("off"))
        self.assertIn("dns: {tcp: {enabled: yes}, udp: {enabled: yes}}", suricata.parser_lines("on"))

    def test_testpmd_tells_its_cycles(self):
        found = testpmd.cycles_of("CPU cycles/packet=50.00 (total cycles=5000 / total rxonly packets=100) at 2000 MHz Clock")
        self.assertEqual(found, {"cycles_per_packet": 50, "packets": 100, "packets_per_second": 4e7})


class Alerts(unittest.TestCase):
    @staticmethod
    def event(sid, source, destination, port, kind="alert"):
        return json.dumps({"event_type": kind, "proto": "UDP", "src_ip": source, "src_port": 5, "dest_ip": destination, "dest_port": port,
                           "alert": {"signature_id": sid}})

    def pairs(self, *lines):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write("\n".join(lines))
            file.flush()
            return alerts.pairs_in(file.name)

    def test_how_often_and_in_which_direction_does_not_count(self):
        back = json.dumps({"event_type": "alert", "proto": "UDP", "src_ip": "::2", "src_port": 53, "dest_ip": "::0:1", "dest_port": 5, "alert": {"signature_id": 1}})
        self.assertEqual(len(self.pairs(self.event(1, "::1", "::2", 53), self.event(1, "::1", "::2", 53), back)), 1)

    def test_alerts_on_the_mirrors_own_packets_are_left_out(self):
        self.assertEqual(self.pairs(self.event(1, "198.18.0.1", "198.18.0.2", 4789)), set())

    def test_what_only_one_has_is_told_by_rule(self):
        found = alerts.compare({(1, "a"), (2, "a"), (2, "b")}, {(1, "a"), (3, "c")})
        self.assertEqual((found["both"], found["only_ours"], found["only_theirs"]), (1, 2, 1))
        self.assertEqual(found["only_ours_sids"], [{"sid": 2, "flows": 2}])


class Page(unittest.TestCase):
    PAGE = f"# Performance\n\n{page.BEGIN}\nold\n{page.END}\n\nthe rest\n"

    def test_only_the_generated_part_changes(self):
        text = page.with_table(self.PAGE, "new\n")
        self.assertIn("new", text)
        self.assertNotIn("old", text)
        self.assertTrue(text.startswith("# Performance") and text.endswith("the rest\n"))

    def test_a_page_without_markers_is_left_alone(self):
        with self.assertRaises(page.Unwritable):
            page.with_table("# Performance\n", "new")

    def test_a_flagged_figure_keeps_the_table_from_being_written(self):
        found = canned_result([cycles_row()], {"ours": measured({"cycles": 90}, flags=["waiting_generator"])})
        self.assertEqual(page.refusals(found), ["row cycles: ours: waiting_generator"])

    def test_a_quick_run_and_other_inputs_are_not_written_down(self):
        found = canned_result([], {}, "quick", {"mix": {"differs": True}})
        self.assertEqual(len(page.refusals(found)), 2)

    def test_a_run_of_some_rows_is_not_written_down(self):
        self.assertEqual(len(page.refusals(canned_result([], {}, "partial"))), 1)

    def test_checksums_are_read_back_from_the_table(self):
        digest = "a" * 64
        found = canned_result([], {}, inputs={"mix": {"packets": 5, "bytes": 9, "sha256": digest, "command": "make it"}})
        self.assertEqual(page.checksums(table.markdown(found)), {"mix": digest})


class Table(unittest.TestCase):
    def test_a_row_shows_figure_targets_and_verdict(self):
        text = table.markdown(canned_result([cycles_row(200, 100)], {"ours": measured({"cycles": 250}, {"cycles": 300}, {"cycles": 280})}))
        self.assertIn("| cycles | cycles/packet | 280 [250–300] | ≤ 200 | 100 | missed by 40 % | `cycles` |", text)

    def test_a_refused_figure_is_not_shown(self):
        text = table.markdown(canned_result([cycles_row()], {"ours": measured({"cycles": 1234}, flags=["looped_capture"])}))
        self.assertIn("refused: ours: looped_capture", text)
        self.assertNotIn("1,234", text)

    def test_commands_stand_beside_the_figures(self):
        self.assertIn("    # ours\n    x", table.markdown(canned_result([cycles_row()], {"ours": measured({"cycles": 1})})))

    @unittest.skipUnless(jsonschema, "python3-jsonschema is not there")
    def test_the_result_file_keeps_to_its_schema(self):
        schema = json.loads((SCRIPTS / "lib" / "bench" / "result.schema.json").read_text(encoding="utf-8"))
        found = canned_result([cycles_row(200), times_row(must=2)], {"ours": measured({"cycles": 90, "kpps": 1})})
        jsonschema.validate(found, schema)

    def test_a_result_has_all_that_the_schema_asks_for(self):
        schema = json.loads((SCRIPTS / "lib" / "bench" / "result.schema.json").read_text(encoding="utf-8"))
        place = types.SimpleNamespace(quick=True, partial=False, peers=None, inputs={})
        found = result.result(place, [cycles_row()], {"ours": measured({"cycles": 90})}, {"command": "x", "started": "now", "seconds": 1, "load_before": 0})
        self.assertEqual(set(schema["required"]) - set(found), set())


class MadeRules(unittest.TestCase):
    def test_the_same_seed_makes_the_same_literals_each_once(self):
        first = made_rules.literals(500)
        self.assertEqual(first, made_rules.literals(500))
        self.assertEqual(len({text for text, *_ in first}), 500)

    def test_rules_have_a_sid_each(self):
        self.assertEqual(made_rules.rules_text(50).count("sid:"), 50)


if __name__ == "__main__":
    unittest.main()
