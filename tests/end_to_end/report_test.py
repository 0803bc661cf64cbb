#!/usr/bin/env python3
"""The published report of the example, from events to paper.

Goal: what a finance bureau sees is what the document says, whichever way the
events came in and however often the server was restarted. The expected values
are those of tests/golden/lusong_2024.
"""

import csv
import json

from programs import (EXAMPLES, LEDGER, REPORT, ROOT, Scratch, Server,
                      identities, main, replay)

GOLDEN = ROOT / "tests" / "golden" / "lusong_2024"
SOURCES = ("budget-office", "accounting")
OPERATORS = {
    "OPERATOR_AT_LEAST": ">=",
    "OPERATOR_AT_MOST": "<=",
    "OPERATOR_QUALITATIVE": "qualitative",
    "OPERATOR_NOT_APPLICABLE": "none",
}
EMPTINESS = {"EMPTINESS_BLANK": "", "EMPTINESS_NONE": "无",
             "EMPTINESS_NOT_APPLICABLE": "——", "EMPTINESS_NOT_REPORTED": "未报"}


def golden(name):
    with open(GOLDEN / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def append_examples(server, *flags):
    return [server.run("append", f"--source={source}",
                       EXAMPLES / f"{source}.jsonl", *flags)[0]
            for source in SOURCES]


def report_csv(server, *flags):
    return server.run("report", "show", REPORT, "--format=csv", *flags)[0]


def figures(text):
    return {row["figure"]: (row["value"], row["unit"])
            for row in csv.DictReader(text.splitlines())}


def decimal(value):
    """A Decimal of the JSON mapping, with as many digits as it has."""
    unscaled, scale = int(value.get("unscaled", 0)), value.get("scale", 0)
    digits = str(abs(unscaled)).rjust(scale + 1, "0")
    whole, part = digits[:len(digits) - scale], digits[len(digits) - scale:]
    return ("-" if unscaled < 0 else "") + whole + ("." + part if part else "")


def value_text(value):
    """A FigureValue of the JSON mapping as the golden files write it."""
    if "amount_fen" in value:
        fen = abs(int(value["amount_fen"]))
        hundredths = (fen + 5000) // 10000
        sign = "-" if int(value["amount_fen"]) < 0 and hundredths else ""
        return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"
    if "number" in value:
        return decimal(value["number"])
    if "empty" in value:
        return EMPTINESS[value["empty"]]
    return value.get("word", "")


def indicator_row(row):
    """A row of the score sheet under the names of indicators.csv."""
    declared = value_text(row["declared_score"])
    return {
        "id": row["indicator"],
        "level1": row["level1"],
        "level2": row.get("level2", ""),
        "level3": row["name"],
        "operator": OPERATORS[row["operator"]],
        "printed_operator": row.get("printed_operator", ""),
        "target": value_text(row["target"]),
        "actual": value_text(row["actual"]),
        "unit": row.get("unit", ""),
        "weight": value_text(row["weight"]),
        # Scores have two decimals; the document prints whole numbers.
        "declared_score": declared.removesuffix(".00"),
        "deviation_reason": row.get("deviation_reason", ""),
    }


class ReportTest(Scratch):
    """A server with the example's events in a ledger."""

    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.server = self.start(self.data)
        self.server.run("ledger", "create", "430203")
        self.summaries = append_examples(self.server)

    def start(self, data_dir):
        server = Server(data_dir)
        self.addCleanup(server.__exit__)
        return server

    def test_every_figure_of_the_document_is_rebuilt(self):
        shown = figures(report_csv(self.server))
        expected = {row["figure"]: (row["value"], row["unit"])
                    for row in golden("figures.csv")}
        self.assertEqual(len(expected), 96)
        self.assertEqual({path: shown.get(path) for path in expected}, expected)
        self.assertEqual(shown["score.total"], ("95.00", "分"))
        self.assertEqual(shown["score.rule.total"], ("100.00", "分"))
        self.assertEqual(shown["score.grade"], ("优", ""))

    def test_rows_of_the_form_come_first_then_the_others_in_byte_order(self):
        paths = list(figures(report_csv(self.server)))
        interim = {"score.earned", "score.assessable", "score.pending"}
        form = {row["figure"] for row in golden("figures.csv")} | interim
        self.assertEqual(set(paths[:len(form)]), form)
        self.assertEqual(paths[0], "all.approved")
        others = paths[len(form):]
        self.assertEqual(others, sorted(others, key=str.encode))

    def test_yuan_are_exact(self):
        wan = figures(report_csv(self.server))
        yuan = figures(report_csv(self.server, "--unit=yuan"))
        self.assertEqual(list(wan), list(yuan))
        self.assertEqual(yuan["all.approved"], ("7065300.00", "元"))
        self.assertEqual(yuan["other.adjusted"], ("", "元"))
        self.assertEqual(yuan["headcount.actual"], ("4", "人"))

    def test_the_score_sheet_is_that_of_the_document(self):
        out, _ = self.server.run("report", "show", REPORT, "--format=json")
        rows = [indicator_row(row) for row in json.loads(out)["indicators"]]
        self.assertEqual(rows, golden("indicators.csv"))

    def test_in_the_middle_of_the_year_the_score_is_interim(self):
        shown = figures(report_csv(self.server, "--as-of=2024-06-30"))
        for path in ("score.total", "score.rule.total", "score.grade"):
            self.assertEqual(shown[path][0], "", path)
        points = {name: float(shown["score." + name][0])
                  for name in ("earned", "assessable", "pending")}
        self.assertLessEqual(points["earned"], points["assessable"])
        self.assertEqual(points["assessable"] + points["pending"], 100)
        text, _ = self.server.run("report", "show", REPORT,
                                  "--as-of=2024-06-30")
        self.assertIn("截至 2024-06-30", text)
        self.assertNotIn("等级  ", text)

    def test_the_text_shows_the_result_and_quotes_the_ledger(self):
        text, _ = self.server.run("report", "show", REPORT)
        for words in ("部门整体支出绩效自评报告", "截至 2024-12-31",
                      "2024年项目支出492.91万元", "95.00", "优"):
            self.assertIn(words, text)
        self.assertNotIn("{{", text)

    def test_a_file_can_take_the_report(self):
        target = self.folder / "report.csv"
        out = report_csv(self.server, f"--output={target}")
        self.assertEqual(out, "")
        written = target.read_bytes()
        self.assertEqual(written.decode(), report_csv(self.server))
        self.assertNotIn(b"\r", written)
        self.assertFalse(written.startswith(b"\xef\xbb\xbf"))

    def test_the_report_is_listed(self):
        out, _ = self.server.run("report", "list", LEDGER, "--format=csv")
        rows = list(csv.DictReader(out.splitlines()))
        self.assertEqual([row["report"] for row in rows], [REPORT])
        self.assertEqual(rows[0]["total"], "95.00")

    def test_a_restart_changes_nothing(self):
        before = report_csv(self.server)
        entries = replay(self.server)
        self.server.stop()
        with Server(self.data) as again:
            self.assertEqual(report_csv(again), before)
            self.assertEqual(replay(again), entries)

    def test_what_was_known_stays_reproducible(self):
        half = len(replay(self.server)) // 2
        known = report_csv(self.server, f"--known-at={half}")
        self.assertNotEqual(known, report_csv(self.server))
        text, _ = self.server.run("report", "show", REPORT, "--tables",
                                  f"--known-at={half}")
        self.assertIn(f"账本大小 {half}", text)
        self.server.stop()
        with Server(self.data) as again:
            self.assertEqual(report_csv(again, f"--known-at={half}"), known)
        with Server(self.folder / "earlier") as earlier:
            earlier.run("ledger", "create", LEDGER)
            left = half - 1
            for source in SOURCES:
                lines = (EXAMPLES / f"{source}.jsonl").read_text().splitlines()
                earlier.run("append", f"--source={source}", "-",
                            stdin="\n".join(lines[:left]) + "\n")
                left -= min(left, len(lines))
            self.assertEqual(report_csv(earlier), known)

    def test_what_can_not_be_known_is_refused(self):
        for when, code in (("999999", 1), ("2999-01-01", 1), ("1", 4),
                           ("yesterday", 2)):
            self.server.run("report", "show", REPORT, f"--known-at={when}",
                            code=code)

    def test_a_rebuild_from_the_log_alone_changes_nothing(self):
        before = report_csv(self.server)
        known = report_csv(self.server, "--known-at=300")
        self.server.stop()
        with Server(self.data, flags=("--rebuild",)) as again:
            self.assertEqual(report_csv(again), before)
            self.assertEqual(report_csv(again, "--known-at=300"), known)

    def test_events_one_by_one_give_the_same_report(self):
        with Server(self.folder / "other") as other:
            other.run("ledger", "create", LEDGER)
            append_examples(other, "--batch-size=1")
            self.assertEqual(report_csv(other), report_csv(self.server))
            self.assertEqual(identities(replay(other)),
                             identities(replay(self.server)))

    def test_appending_again_records_nothing(self):
        before = replay(self.server)
        entries = len(before) - 1
        again = append_examples(self.server)
        self.assertEqual(replay(self.server), before)
        replayed = sum(int(text.split("(")[1].split()[2]) for text in again)
        self.assertEqual(replayed, entries)
        self.assertTrue(all("(0 new, " in text for text in again), again)

    def test_the_summary_counts(self):
        office, books = (len((EXAMPLES / f"{source}.jsonl").read_text()
                             .splitlines()) for source in SOURCES)
        self.assertEqual(self.summaries, [
            f"recorded {office} events ({office} new, 0 already there), "
            f"ledger size {office + 1}\n",
            f"recorded {books} events ({books} new, 0 already there), "
            f"ledger size {office + books + 1}\n"])


if __name__ == "__main__":
    main()
