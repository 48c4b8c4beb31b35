"""scripts/lib/count_tests.py counts what test programs report, and never takes a failure for a pass."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib" / "count_tests.py"

CATCH_GOOD = "===\nAll tests passed (25 assertions in 10 test cases)\n"
CATCH_ONE = "===\nAll tests passed (1 assertion in 1 test case)\n"
CATCH_BAD = "===\ntest cases: 6 | 4 passed | 2 failed\nassertions: 9 | 7 passed | 2 failed\n"
CATCH_ALL_BAD = "===\ntest cases: 1 | 1 failed\nassertions: 1 | 1 failed\n"
CATCH_NONE = "No tests ran\n"
UNITTEST_GOOD = "...s\n---\nRan 4 tests in 0.123s\n\nOK (skipped=1)\n"
UNITTEST_BAD = "F.E.\n---\nRan 4 tests in 0.123s\n\nFAILED (failures=1, errors=1)\n"
OUR_OWN = "case a\ncase b\n42 passed, 0 failed\n"


def run(*tests):
    """Exit status and output for tests given as (result, stdout)."""
    log = "\n".join(
        json.dumps({"name": f"test-{i}", "result": result, "stdout": out, "duration": 0.5})
        for i, (result, out) in enumerate(tests)
    )
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(log)
        file.flush()
        done = subprocess.run([sys.executable, SCRIPT, file.name], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


class CountTests(unittest.TestCase):
    def counts(self, passed, failed, *tests):
        status, output = run(*tests)
        self.assertEqual(output.splitlines()[-1], f"{passed} passed, {failed} failed")
        self.assertEqual(status, 1 if failed else 0)
        return output

    def test_catch_cases_are_counted(self):
        self.counts(11, 0, ("OK", CATCH_GOOD), ("OK", CATCH_ONE))

    def test_failed_catch_cases_are_counted_and_shown(self):
        output = self.counts(4, 2, ("FAIL", CATCH_BAD))
        self.assertIn("FAILED test-0", output)
        self.counts(0, 1, ("FAIL", CATCH_ALL_BAD))

    def test_a_program_that_runs_no_case_fails(self):
        self.counts(0, 1, ("OK", CATCH_NONE))

    def test_unittest_cases_are_counted_without_the_skipped(self):
        self.counts(3, 0, ("OK", UNITTEST_GOOD))
        self.counts(2, 2, ("FAIL", UNITTEST_BAD))

    def test_a_program_may_count_by_itself(self):
        self.counts(42, 0, ("OK", OUR_OWN))

    def test_a_program_that_says_nothing_is_one_case(self):
        self.counts(1, 0, ("OK", ""))
        self.counts(0, 1, ("FAIL", ""))

    def test_a_good_count_does_not_hide_a_bad_exit(self):
        self.counts(9, 1, ("FAIL", CATCH_GOOD))
        self.counts(0, 1, ("TIMEOUT", "half of the out"))

    def test_a_good_exit_does_not_hide_a_bad_count(self):
        self.counts(4, 2, ("OK", CATCH_BAD))

    def test_skips_are_named_and_not_counted(self):
        output = self.counts(1, 0, ("SKIP", "no test data\n"), ("OK", ""))
        self.assertIn("!! SKIPPED test-0: no test data", output)

    def test_a_skipped_case_of_many_is_named(self):
        output = self.counts(10, 0, ("OK", "SKIPPED: the mirror capture: no test data\n" + CATCH_GOOD))
        self.assertIn("!! SKIPPED test-0: SKIPPED: the mirror capture", output)

    def test_no_test_at_all_is_a_failure(self):
        self.counts(0, 1)


if __name__ == "__main__":
    unittest.main()
