#!/usr/bin/env python3
"""Bad input, as a user meets it: a clear message, the canonical code, the exit
code that docs/cli.md promises, and no entry.
"""

import copy
import json
import subprocess

from programs import (DEPARTMENT, EXAMPLES, LEDGER, NOT_FOUND, REFUSED, REPORT,
                      UNAVAILABLE, USAGE, Scratch, Server, bin_dir, daybook,
                      environment, main, replay)

VOUCHER = {
    "event": {
        "eventId": "voucher-bad-1",
        "subject": REPORT,
        "effectiveDate": {"year": 2024, "month": 3, "day": 15},
        "expenditureRecorded": {
            "line": {"fund": "FUND_GENERAL", "nature": "NATURE_OPERATING"},
            "amountFen": "12345",
        },
    }
}


def voucher(**changes):
    """VOUCHER with some fields of its event replaced; None removes one."""
    record = copy.deepcopy(VOUCHER)
    for name, value in changes.items():
        place = record["event"]
        if name in ("amountFen", "line"):
            place = place["expenditureRecorded"]
        if value is None:
            place.pop(name)
        else:
            place[name] = value
    return record


def payload(name, content, **changes):
    """An event with another payload."""
    record = voucher(**changes)
    del record["event"]["expenditureRecorded"]
    record["event"][name] = content
    return record


class BadInputTest(Scratch):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        import tempfile
        cls.shared = tempfile.TemporaryDirectory(prefix="daybook-")
        cls.server = Server(cls.shared.name + "/data")
        cls.server.run("ledger", "create", LEDGER)
        cls.server.run("append", "--source=budget-office",
                       EXAMPLES / "budget-office.jsonl")
        cls.size = len(replay(cls.server))

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.shared.cleanup()

    def refused(self, record, *words, code=REFUSED, flags=()):
        """Appends a voucher, then the bad record: neither is recorded."""
        lines = [voucher(eventId="voucher-good"), record]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        _, err = self.server.run("append", "--source=accounting", "-", *flags,
                                 code=code, stdin=text)
        for word in words:
            self.assertIn(word, err)
        self.assertEqual(len(replay(self.server)), self.size)

    def test_amounts_that_are_no_whole_fen(self):
        for amount in ("201.5.5", "1.5", "abc", "1e-3", 1.5, True,
                       "99999999999999999999"):
            self.refused(voucher(amountFen=amount), "standard input:2",
                         "amount_fen", "whole number of fen", "INVALID_ARGUMENT",
                         str(amount).lower())

    def test_amounts_over_the_limit(self):
        self.refused(voucher(amountFen="100000000000001"), "OUT_OF_RANGE",
                     "amount_fen '100000000000001'", "permanent")

    def test_decimals_that_are_none(self):
        for decimal in ({"unscaled": "3,4"}, {"unscaled": "3.4"}, "3.4"):
            self.refused(payload("activityRecorded", {
                "activity": "a", "label": "a", "qualifier": "QUALIFIER_EXACT",
                "quantity": {"value": decimal}}), "it is no decimal",
                "INVALID_ARGUMENT")
        self.refused(payload("activityRecorded", {
            "activity": "a", "label": "a", "qualifier": "QUALIFIER_EXACT",
            "quantity": {"value": {"unscaled": "1", "scale": 10}}}),
            "scale '10'", "at most 9", "INVALID_ARGUMENT")

    def test_a_flow_of_zero(self):
        self.refused(voucher(amountFen="0"), "a flow of 0", "INVALID_ARGUMENT")

    def test_dates_outside_the_window(self):
        for date in ({"year": 2023, "month": 12, "day": 31},
                     {"year": 2025, "month": 1, "day": 1}):
            self.refused(voucher(effectiveDate=date), "effective_date",
                         "outside fiscal year 2024", "INVALID_ARGUMENT")
        self.refused(voucher(effectiveDate={"year": 2024, "month": 2,
                                            "day": 30}),
                     "there is no day 2024-02-30")
        self.refused(voucher(effectiveDate=None), "effective_date",
                     "it is missing")

    def test_unknown_fields_and_values(self):
        self.refused(voucher(surprise=1), "surprise", "INVALID_ARGUMENT")
        self.refused(voucher(line={"fund": "FUND_MOON"}), "FUND_MOON",
                     "INVALID_ARGUMENT")

    def test_unknown_department_report_project_and_indicator(self):
        self.refused(voucher(subject=LEDGER + "/departments/9/reports/2024"),
                     "NOT_FOUND (retryable)", "is not registered",
                     code=NOT_FOUND)
        self.refused(voucher(subject=DEPARTMENT + "/reports/2025",
                             effectiveDate={"year": 2025, "month": 1,
                                            "day": 1}),
                     "NOT_FOUND (retryable)", "the report is not opened",
                     code=NOT_FOUND)
        self.refused(voucher(line={"fund": "FUND_GENERAL", "project": "moon"}),
                     "NOT_FOUND (retryable)", "line.project 'moon'",
                     code=NOT_FOUND)
        self.refused(payload("indicatorResultRecorded", {
            "indicator": "output.moon", "mode": "MODE_CUMULATIVE",
            "value": {"quantity": {"value": {"unscaled": "1"}}}}),
            "NOT_FOUND (retryable)", "indicator 'output.moon'",
            code=NOT_FOUND)

    def test_an_unknown_ledger(self):
        self.refused(voucher(subject="ledgers/999999/departments/1/reports/"
                                     "2024"), "another ledger")
        text = json.dumps(voucher(
            subject="ledgers/999999/departments/1/reports/2024")) + "\n"
        _, err = self.server.run("append", "--source=accounting", "-",
                                 code=NOT_FOUND, stdin=text)
        self.assertIn("NOT_FOUND", err)
        self.assertIn("daybook ledger create", err)

    def test_the_same_identity_with_other_content(self):
        self.refused(voucher(eventId="voucher-good", amountFen="1"),
                     "ALREADY_EXISTS (permanent)",
                     "event.expenditure_recorded.amount_fen")

    def test_an_event_over_its_limit(self):
        self.refused(payload("narrativeSectionRecorded", {
            "section": "a", "text": "好" * 20_001}), "at most 60000 bytes",
            "split longer text")

    def test_all_problems_of_an_event_at_once(self):
        self.refused(voucher(amountFen="0", effectiveDate=None,
                             line={"functionCode": "12"}),
                     "amount_fen '0'", "effective_date", "line.fund",
                     "line.function_code '12'")

    def test_validate_only_records_nothing(self):
        text = json.dumps(voucher()) + "\n"
        out, _ = self.server.run("append", "--source=accounting", "-",
                                 "--validate-only", stdin=text)
        self.assertIn("would be recorded", out)
        self.assertEqual(len(replay(self.server)), self.size)
        self.refused(voucher(amountFen="0"), "would be refused",
                     flags=["--validate-only"])

    def test_questions_about_what_does_not_exist(self):
        for name in ("ledgers/1/departments/1/reports/2024",
                     LEDGER + "/departments/1/reports/2024",
                     DEPARTMENT + "/reports/2030"):
            _, err = self.server.run("report", "show", name, code=NOT_FOUND)
            self.assertIn("NOT_FOUND", err)
        _, err = self.server.run("report", "show", REPORT,
                                 "--as-of=2025-01-01", code=REFUSED)
        self.assertIn("outside fiscal year 2024", err)
        _, err = self.server.run("report", "show", "nonsense", code=REFUSED)
        self.assertIn("'nonsense'", err)
        _, err = self.server.run("ledger", "create", LEDGER, code=REFUSED)
        self.assertIn("ALREADY_EXISTS", err)

    def test_command_lines_that_are_wrong(self):
        for words, hint in ((("report", "shwo", REPORT), "report show"),
                            (("report", "show"), "takes REPORT"),
                            (("report", "show", REPORT, "--as-off=2024-01-01"),
                             "--as-of"),
                            (("report", "show", REPORT, "--as-of=yesterday"),
                             "2024-06-30"),
                            (("report", "show", REPORT, "--format=pdf"),
                             "text, json, csv"),
                            ((), "usage")):
            _, err = daybook(*words, code=USAGE)
            self.assertIn(hint, err)

    def test_a_server_that_is_not_there(self):
        _, err = daybook("ledger", "list", code=UNAVAILABLE,
                         server="127.0.0.1:1")
        self.assertIn("no Daybook server answers at 127.0.0.1:1", err)


class PreconditionTest(Scratch):

    def test_a_stale_one_is_refused_but_a_retry_is_replayed(self):
        with Server(self.folder / "data") as server:
            server.run("ledger", "create", LEDGER)
            server.run("append", "--source=budget-office",
                       EXAMPLES / "budget-office.jsonl")
            size = len(replay(server))
            append = ("append", "--source=accounting", "-",
                      f"--expected-size={size}")
            first = json.dumps(voucher(eventId="first")) + "\n"
            second = json.dumps(voucher(eventId="second")) + "\n"
            server.run(*append, stdin=first)
            _, err = server.run(*append, code=REFUSED, stdin=second)
            self.assertIn("ABORTED", err)
            self.assertIn(f"expected_size '{size}'", err)
            out, _ = server.run(*append, stdin=first)
            self.assertIn("(0 new, 1 already there)", out)
            self.assertEqual(len(replay(server)), size + 1)


class DataDirectoryTest(Scratch):

    def refused(self, data_dir, *words):
        done = subprocess.run(
            [bin_dir() / "daybookd", f"--data_dir={data_dir}",
             "--listen=127.0.0.1:0"], capture_output=True, timeout=60,
            env=environment(), check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr.decode())

    def test_one_in_use(self):
        with Server(self.folder / "data"):
            self.refused(self.folder / "data", "FAILED_PRECONDITION",
                         "another process")

    def test_one_without_parent(self):
        self.refused(self.folder / "no" / "data", "NOT_FOUND",
                     str(self.folder / "no"))

    def test_one_of_an_unknown_layout(self):
        data = self.folder / "data"
        with Server(data):
            pass
        (data / "LAYOUT").write_text("daybook data directory, layout 99\n")
        self.refused(data, "FAILED_PRECONDITION", "layout 99")

    def test_one_that_holds_other_things(self):
        (self.folder / "letter.txt").write_text("dear all")
        self.refused(self.folder, "FAILED_PRECONDITION", "letter.txt")
        self.assertEqual([p.name for p in self.folder.iterdir()],
                         ["letter.txt"])


if __name__ == "__main__":
    main()
