#!/usr/bin/env python3
"""The published report of the example as files, and held against the log.

Goal: a page, a workbook and JSON say the same; the digest in them is that of
docs/formats/report_digest.md, as written down here once more by a program that
shares nothing with the one that printed them; and whoever changes a figure in
one is found, by the server's log and by an export of it.
"""

import hashlib
import html.parser
import json
import time

from evidence_files import keygen
from programs import (EXAMPLES, LEDGER, REPORT, UNAVAILABLE, USAGE, Scratch,
                      Server, daybook, main)

# docs/cli.md.
DOES_NOT_FOLLOW, CANNOT_TELL = 6, 7
FORMATS = ("json", "html", "xlsx")
NUMBERS = {
    "FUND": ["UNSPECIFIED", "GENERAL", "GOVERNMENT_FUND", "STATE_CAPITAL",
             "SOCIAL_INSURANCE", "SPECIAL_ACCOUNT", "OTHER"],
    "CATEGORY": ["UNSPECIFIED", "PERSONNEL", "OPERATION", "TARGETED"],
    "OPERATOR": ["UNSPECIFIED", "AT_LEAST", "MORE_THAN", "EQUAL", "AT_MOST",
                 "LESS_THAN", "QUALITATIVE", "NOT_APPLICABLE"],
}


def number_of(kind, name):
    return str(NUMBERS[kind].index(name.removeprefix(kind + "_")))


def date(value):
    return "" if value is None else \
        f"{value['year']:04}-{value['month']:02}-{value['day']:02}"


def value(message):
    if message is None:
        return "absent"
    if "amount_fen" in message:
        return f"fen {message['amount_fen']}"
    if "number" in message:
        number = message["number"]
        return f"number {number['unscaled']}e-{number['scale']}"
    if "word" in message:
        return f"word {message['word']}"
    if "date" in message:
        return f"date {date(message['date'])}"
    return message["empty"].removeprefix("EMPTINESS_").lower()


def flag(message):
    return "yes" if message else "no"


def canonical_form(report):
    """docs/formats/report_digest.md, from the JSON of a report."""
    lines = [
        ["report", report["name"]],
        ["department", report["department_name"]],
        ["title", report["form_title"]],
        ["as_of", date(report["as_of"])],
        ["size", report["size"]],
        ["recorded", report["recorded_time_us"]],
        ["policy", report["policy"]],
        ["projection", str(report["projection_version"])],
        ["interim", flag(report["interim"])],
        ["closed_through", date(report.get("closed_through"))],
        ["late_adjustments", str(report["late_adjustments"])],
    ]
    lines += [["fund", number_of("FUND", fund)] for fund in report["funds"]]
    for project in report["projects"]:
        lines.append(["project", project["key"], project["name"],
                      project["code"],
                      number_of("CATEGORY", project["category"]),
                      project["parent_programme"], *project["aliases"]])
    for figure in report["figures"]:
        lines.append(["figure", figure["path"], value(figure["value"]),
                      figure["unit"], figure["label"], flag(figure["in_form"])])
    for row in report["indicators"]:
        lines.append([
            "indicator", row["indicator"], row["level1"], row["level2"],
            row["name"], number_of("OPERATOR", row["operator"]),
            row["printed_operator"], value(row["target"]),
            value(row.get("initial_target")), row["unit"],
            value(row["actual"]), row["actual_unit"],
            value(row.get("attainment_percent")), value(row["weight"]),
            value(row["rule_score"]), value(row["declared_score"]),
            value(row["score"]), row["deviation_reason"]])
    for row in report["levels"]:
        lines.append(["level", row["level"], row["label"], value(row["weight"]),
                      value(row["rule_score"]), value(row["score"])])
    for section in report["sections"]:
        lines.append(["section", section["section"], section["title"],
                      section["text"]])
    for publication in report["publications"]:
        published = publication["published"]
        lines.append(["publication", publication["position"],
                      date(published["as_of"]), published["size"],
                      str(published["projection_version"]),
                      published["document_number"]])

    def escaped(field):
        return field.replace("\\", "\\\\").replace("\t", "\\t") \
            .replace("\n", "\\n")
    return "daybook/report-figures@1\n" + "".join(
        "\t".join(map(escaped, line)) + "\n" for line in lines)


class Cells(html.parser.HTMLParser):
    """What a page shows for each data-figure, as a browser's parser reads it."""

    def __init__(self, page):
        super().__init__()
        self.shown = {}
        self.figure = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.figure = dict(attributes).get("data-figure")
        if self.figure is not None:
            self.shown.setdefault(self.figure, []).append("")

    def handle_endtag(self, tag):
        self.figure = None

    def handle_data(self, data):
        if self.figure is not None:
            self.shown[self.figure][-1] += data


class PrintedReportTest(Scratch):

    def setUp(self):
        super().setUp()
        self.vkey = keygen(self.folder / "keys", "430203")
        self.server = Server(self.folder / "data",
                             flags=[f"--key_dir={self.folder / 'keys'}"])
        self.addCleanup(self.server.__exit__)
        self.server.run("ledger", "create", "430203")
        for source in ("budget-office", "accounting"):
            self.server.run("append", f"--source={source}",
                            EXAMPLES / f"{source}.jsonl")
        # The newest checkpoint may be a second old.
        while "\n560\n" not in self.server.run("audit", "checkpoint",
                                               "430203")[0]:
            time.sleep(0.1)

    def show(self, form, *flags):
        path = self.folder / f"report.{form}"
        self.server.run("report", "show", REPORT, "--as-of=2024-12-31",
                        f"--format={form}", f"--output={path}", *flags)
        return path

    def test_the_digest_is_that_of_the_documented_form(self):
        report = json.loads(self.show("json").read_text(encoding="utf-8"))
        form = canonical_form(report)
        self.assertIn("figure\tall.executed\tfen 643", form)
        digest = hashlib.sha256(form.encode()).hexdigest()
        page = self.show("html").read_text(encoding="utf-8")
        self.assertEqual(Cells(page).shown["evidence.figures_digest"], [digest])

    def test_the_page_shows_each_figure_as_csv_prints_it(self):
        cells = Cells(self.show("html").read_text(encoding="utf-8")).shown
        out, _ = self.server.run("report", "show", REPORT, "--format=csv",
                                 "--as-of=2024-12-31")
        rows = [line.split(",") for line in out.splitlines()[1:]
                if '"' not in line]
        self.assertGreater(len(rows), 90)
        for path, _, printed, _ in rows:
            self.assertEqual(set(cells[path]), {printed}, path)

    def test_text_ends_with_a_line_of_evidence(self):
        out, _ = self.server.run("report", "show", REPORT)
        self.assertRegex(out.splitlines()[-1],
                         r"^凭据：\S+，根 [0-9a-f]{16}…，数据摘要 [0-9a-f]{16}…$")

    def test_a_workbook_is_no_text(self):
        self.server.run("report", "show", REPORT, "--format=xlsx", code=USAGE)
        self.assertEqual(self.show("xlsx").read_bytes()[:2], b"PK")

    def verify(self, path, *flags, code=0):
        """What is answered to standard output and to standard error."""
        return self.server.run("audit", "verify-report", path,
                               f"--vkey={self.vkey}", *flags, code=code)

    def test_it_follows_from_the_server_and_from_an_export(self):
        files = [self.show(form) for form in FORMATS]
        # The log goes on.
        self.server.run("append", "--source=later", "-", stdin=json.dumps(
            {"event": {"eventId": "later", "subject": LEDGER +
                       "/departments/115002", "departmentRegistered":
                       {"name": "later"}}}))
        export = self.folder / "export"
        self.server.run("audit", "export", LEDGER, export)
        for path in files:
            for where in ((), (f"--export={export}",)):
                out, _ = self.verify(path, *where)
                self.assertTrue(out.startswith("follows"), out)
                self.assertIn(self.vkey, out)

    def test_it_needs_no_server(self):
        path = self.show("html", "--unit=yuan")
        export = self.folder / "export"
        self.server.run("audit", "export", LEDGER, export)
        self.server.stop()
        daybook("audit", "verify-report", path, f"--export={export}",
                f"--vkey={self.vkey}")
        self.verify(path, code=UNAVAILABLE)

    def test_a_changed_figure_is_named_with_its_vouchers(self):
        page = self.show("html")
        text = page.read_text(encoding="utf-8")
        changed = text.replace('data-figure="government_fund.executed">53.70',
                               'data-figure="government_fund.executed">63.70')
        self.assertNotEqual(changed, text)
        page.write_text(changed, encoding="utf-8")
        out, err = self.verify(page, code=DOES_NOT_FOLLOW)
        self.assertTrue(out.startswith("does not follow"), out)
        self.assertIn("government_fund.executed：印为 63.70，据账本为 53.70", out)
        self.assertIn("government_fund.executed 据账本由 16 笔事项得出", out)
        self.assertEqual(out.count("示例-2024-"), 16)
        self.assertIn("places of the print", err)

    def test_json_that_a_program_changed_is_found(self):
        path = self.show("json")
        report = json.loads(path.read_text(encoding="utf-8"))
        report["figures"][0]["value"]["amount_fen"] = "1"
        path.write_text(json.dumps(report, ensure_ascii=False),
                        encoding="utf-8")
        out, _ = self.verify(path, code=DOES_NOT_FOLLOW)
        self.assertIn(report["figures"][0]["path"], out)

    def test_without_a_key_or_with_another_nothing_can_be_told(self):
        path = self.show("html")
        out, err = self.server.run("audit", "verify-report", path,
                                   code=CANNOT_TELL)
        self.assertTrue(out.startswith("cannot tell"), out)
        self.assertIn("--vkey", err)
        other = keygen(self.folder / "others", "430203")
        self.server.run("audit", "verify-report", path, f"--vkey={other}",
                        code=CANNOT_TELL)

    def test_of_a_log_that_is_too_small_nothing_can_be_told(self):
        export = self.folder / "export"
        self.server.run("audit", "export", LEDGER, export)
        self.server.run("append", "--source=later", "-", stdin=json.dumps(
            {"event": {"eventId": "later", "subject": LEDGER +
                       "/departments/115002", "departmentRegistered":
                       {"name": "later"}}}))
        _, err = self.verify(self.show("html"), f"--export={export}",
                             code=CANNOT_TELL)
        self.assertIn("get a later one", err)

    def test_of_a_cut_file_nothing_can_be_told(self):
        for form in FORMATS:
            path = self.show(form)
            path.write_bytes(path.read_bytes()[:-100])
            out, err = self.verify(path, code=CANNOT_TELL)
            self.assertTrue(out.startswith("cannot tell"), out)
            self.assertIn(str(path), err)


if __name__ == "__main__":
    main()
