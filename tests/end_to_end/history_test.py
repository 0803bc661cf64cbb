#!/usr/bin/env python3
"""How a report came to be, as a user asks for it.

A department's year with a refund, an advance, a reclassification, the closing
of the books, a publication and a correction after it: every figure opens into
events that add up, what changed since the publication is exactly what came
late, and whoever watches sees it as it is recorded.
"""

import csv
import json
import subprocess

from programs import (EXAMPLES, LEDGER, NOT_FOUND, REFUSED, REPORT,
                      Scratch, Server, bin_dir, environment, main)

EXPLAIN = ("report", "explain", REPORT)
COMPARE = ("report", "compare", REPORT)
VOUCHER = "voucher-2024-03-0012"
MISPOSTED = "voucher-2024-01-0003"
LATE = {"late-voucher", "late-reversal"}
CORRECTION = {"reason": "漏记12月凭证", "approver": "财务负责人"}


def day(month, number):
    return {"year": 2024, "month": month, "day": number}


def event(event_id, date=None, **payload):
    fields = {"eventId": event_id, "subject": REPORT, **payload}
    if date is not None:
        fields["effectiveDate"] = date
    return fields


def example(event_id):
    """An event of the example, as its file states it."""
    for line in (EXAMPLES / "accounting.jsonl").read_text().splitlines():
        found = json.loads(line)["event"]
        if found["eventId"] == event_id:
            return found
    raise AssertionError(f"no event {event_id}")


def line_of(event_id):
    return example(event_id)["expenditureRecorded"]["line"]


def corrections_in_time():
    """Refund, advance with clearing, and a voucher moved to another line."""
    project = line_of("voucher-2024-01-0002")
    moved = dict(example(MISPOSTED)["expenditureRecorded"])
    moved["line"] = {**moved["line"], "economicCode": "30202"}
    return [
        event("refund", day(11, 5), refundReceived={
            "kind": "KIND_CURRENT_YEAR", "paymentEventId": VOUCHER,
            "line": line_of(VOUCHER), "amountFen": "100",
            "voucherNumber": "退-2024-11-0001", "reason": "多付退回"}),
        event("advance", day(11, 6), advancePaid={
            "line": project, "amountFen": "500000",
            "voucherNumber": "暂-2024-11-0001"}),
        event("clearing", day(11, 20), advanceCleared={
            "advanceEventId": "advance", "line": project,
            "amountFen": "300000", "voucherNumber": "销-2024-11-0001"}),
        event("reclassify-out", example(MISPOSTED)["effectiveDate"], reversal={
            "targetEventId": MISPOSTED, "reason": "科目记错"}),
        event("reclassify-in", example(MISPOSTED)["effectiveDate"],
              replaces={"eventId": MISPOSTED}, expenditureRecorded=moved),
    ]


def corrections_after_close():
    late = {**line_of(VOUCHER)}
    return [
        event("late-voucher", day(12, 20), correction=CORRECTION,
              expenditureRecorded={"line": late, "amountFen": "120000",
                                   "voucherNumber": "2024-12-0999"}),
        event("late-reversal", day(12, 30), correction=CORRECTION,
              reversal={"targetEventId": "voucher-2024-01-0004",
                        "reason": "重复入账"}),
    ]


def messages(out):
    return [json.loads(line) for line in out.splitlines()]


def fen_of_rows(pages):
    """{leaf number: sum of its rows} over all pages."""
    sums = {}
    for page in pages:
        for row in page.get("events", []):
            leaf = row.get("leaf", 0)
            sums[leaf] = sums.get(leaf, 0) + int(row.get("amountFen", 0))
    return sums


class HistoryTest(Scratch):

    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.server = Server(self.data)
        self.addCleanup(lambda: self.server.__exit__())
        self.server.run("ledger", "create", LEDGER)
        for source in ("budget-office", "accounting"):
            self.server.run("append", f"--source={source}",
                            EXAMPLES / f"{source}.jsonl")
        self.append("accounting", corrections_in_time())

    def append(self, source, events, **expect):
        """Appends, and answers the ledger's size."""
        lines = "".join(json.dumps({"event": each}) + "\n" for each in events)
        out, err = self.server.run("append", f"--source={source}", "-",
                                   stdin=lines, **expect)
        return err if expect else int(out.split()[-1])

    def publish_and_correct(self):
        """Answers the size that was published."""
        size = self.append("budget-office", [
            event("close", periodClosed={"through": day(12, 31)})])
        self.append("budget-office", [
            event("publish", reportPublished={
                "asOf": day(12, 31), "size": str(size),
                "documentNumber": "公告〔2025〕1号"})])
        self.append("accounting", corrections_after_close())
        return size

    def report(self, *flags):
        out, _ = self.server.run("report", "show", REPORT, "--format=csv",
                                 "--unit=yuan", *flags)
        return {row["figure"]: row["value"]
                for row in csv.DictReader(out.splitlines())}

    def json_of(self, *words):
        return messages(self.server.run(*words, "--format=json")[0])

    def test_every_figure_with_a_value_adds_up(self):
        for figure, value in self.report().items():
            if not value:
                continue
            out, _ = self.server.run(*EXPLAIN, figure, "--all")
            self.assertIn("与图表相符", out, figure)

    def test_the_rows_of_an_explanation_are_the_figure(self):
        pages = self.json_of(*EXPLAIN, "general.executed")
        root = pages[0]["explanation"]
        self.assertEqual(sum(fen_of_rows(pages).values()),
                         int(root["figure"]["value"]["amountFen"]))
        rows = {row["eventId"]: row
                for page in pages for row in page["events"]}
        self.assertEqual(rows["reclassify-out"]["cancels"],
                         rows[MISPOSTED]["position"])
        self.assertEqual(rows[MISPOSTED]["cancelledBy"],
                         rows["reclassify-out"]["position"])
        self.assertEqual(rows["reclassify-in"]["replaces"]["eventId"],
                         MISPOSTED)
        self.assertEqual(rows["refund"]["amountFen"], "-100")
        self.assertIn("clearing", rows)
        self.assertNotIn("advance", rows)

    def test_an_explanation_reads_as_a_tree_and_a_table(self):
        out, _ = self.server.run(*EXPLAIN, "all.execution_rate", "--all",
                                 "--unit=yuan")
        for words in ("├─ ", "└─ ", "相除", "合计", "公式",
                      "退-2024-11-0001", "冲销 #", "已被 #", "科目记错"):
            self.assertIn(words, out)
        self.assertIn(self.report()["all.execution_rate"], out)
        few, _ = self.server.run(*EXPLAIN, "all.executed", "--events=3")
        self.assertIn("用 --all 列出并核对", few)
        self.assertLess(len(few.splitlines()), len(out.splitlines()))

    def test_a_score_shows_target_result_and_rule(self):
        key = "output.quantity.employment"
        self.append("budget-office", [
            event("revise", day(9, 1), indicatorRevised={
                "indicator": key, "reason": "任务调增", "target": {
                    "quantity": {"value": {"unscaled": "220"},
                                 "unit": "人"}}})])
        out, _ = self.server.run(*EXPLAIN, f"score.rule.indicator[{key}]")
        for words in ("规则", "220", "公式"):
            self.assertIn(words, out)
        shown, _ = self.server.run("report", "show", REPORT, "--tables")
        self.assertIn("≥220 (原 200)", shown)

    def test_an_event_leads_to_its_figures(self):
        out, _ = self.server.run(*EXPLAIN, "--event=accounting/clearing")
        self.assertIn("general.project.executed", out)
        answer, = self.json_of(*EXPLAIN, "--event=accounting/clearing")
        position = answer["event"]["position"]
        self.assertEqual(self.json_of(*EXPLAIN, f"--event={position}"),
                         [answer])
        paths = {use["figure"]["path"] for use in answer["figures"]}
        self.assertLessEqual({"all.executed", "all.execution_rate"}, paths)
        self.server.run(*EXPLAIN, "--event=accounting/none", code=NOT_FOUND)

    def test_what_changed_since_the_publication_is_what_came_late(self):
        _, err = self.server.run(*COMPARE, "--since-published", code=REFUSED)
        self.assertIn("was not published", err)
        size = self.publish_and_correct()
        pages = self.json_of(*COMPARE, "--since-published", "--events=100")
        self.assertEqual(pages[0]["before"]["size"], str(size))
        differences = [each for page in pages for each in page["differences"]]
        money = [each for each in differences
                 if "amountFen" in each["after"] and each.get("events")]
        self.assertTrue(money)
        ids = {row["eventId"] for each in differences
               for row in each.get("events", [])}
        self.assertEqual(ids, LATE)
        for each in money:
            change = int(each["after"]["amountFen"]) - \
                int(each["before"].get("amountFen", 0))
            self.assertNotEqual(change, 0, each["path"])
        text, _ = self.server.run(*COMPARE, "--since-published")
        for words in ("all.executed", "2024-12-0999", "漏记12月凭证",
                      "财务负责人"):
            self.assertIn(words, text)

    def test_two_days_and_two_sizes_are_compared(self):
        text, _ = self.server.run(*COMPARE, "--as-of=2024-11-05",
                                  "--to-as-of=2024-11-20", "--events=100")
        self.assertIn("销-2024-11-0001", text)
        self.assertNotIn("退-2024-11-0001", text)
        pages = self.json_of(*COMPARE, "--known-at=560", "--events=0")
        paths = {each["path"] for page in pages
                 for each in page["differences"]}
        self.assertIn("all.executed", paths)
        same, _ = self.server.run(*COMPARE, "--known-at=565",
                                  "--to-known-at=565")
        self.assertIn("没有不同的数据项", same)

    def test_the_rows_of_every_difference_add_up_to_it(self):
        # Before the year's end some scores have no parts that they have later.
        for step, *flags in (
                (2, "--as-of=2024-06-30", "--to-as-of=2024-12-31"),
                (7, "--as-of=2024-12-31", "--to-as-of=2024-09-30",
                 "--known-at=300", "--to-known-at=400"),
                (7, "--known-at=40", "--to-known-at=563")):
            pages = self.json_of(*COMPARE, *flags, "--events=1")
            paths = [each["path"] for page in pages
                     for each in page["differences"]]
            self.assertGreater(len(paths), 20)
            scores = [path for path in paths if path.startswith("score.")]
            for path in scores + paths[::step]:
                # The command adds them up itself, and fails where they do not.
                self.server.run("report", "explain", REPORT, path, *flags,
                                "--all", "--format=json")

    def test_late_adjustments_are_listed_and_announced(self):
        text, _ = self.server.run("report", "show", REPORT, "--tables")
        self.assertNotIn("结账", text)
        size = self.publish_and_correct()
        err = self.append("accounting", [
            event("too-late", day(12, 1), expenditureRecorded={
                "line": line_of(VOUCHER), "amountFen": "1"})], code=REFUSED)
        self.assertIn("too-late", err)
        text, _ = self.server.run("report", "show", REPORT, "--tables")
        for words in ("已结账至 2024-12-31",
                      f"结账后调整 2 笔：daybook report late {REPORT}",
                      f"截至 2024-12-31，账本大小 {size}，公告〔2025〕1号"):
            self.assertIn(words, text)
        late, _ = self.server.run("report", "late", REPORT)
        self.assertIn("结账后调整 2 笔", late)
        self.assertIn("漏记12月凭证（批准：财务负责人）", late)
        page, = self.json_of("report", "late", REPORT)
        self.assertEqual({row["eventId"] for row in page["events"]}, LATE)

    def test_a_reader_waits_for_what_was_appended(self):
        size = self.append("budget-office", [
            event("close", periodClosed={"through": day(3, 31)})])
        self.assertEqual(self.report(f"--min-size={size}"), self.report())
        for command in (("show", REPORT), ("explain", REPORT, "all.executed"),
                        ("timeline", REPORT), ("late", REPORT)):
            _, err = self.server.run(
                "report", *command, "--known-at=100", "--min-size=101",
                code=REFUSED)
            self.assertIn("min_size", err)

    def test_a_timeline_ends_where_the_report_is(self):
        out, _ = self.server.run(
            "report", "timeline", REPORT, "--format=csv", "--unit=yuan",
            "--figure=all.executed", "--figure=score.total")
        rows = list(csv.DictReader(out.splitlines()))
        last = {row["figure"]: row["value"] for row in rows}
        shown = self.report("--as-of=2024-12-31")
        self.assertEqual(last, {path: shown[path] for path in last})
        self.assertEqual(rows[0]["date"], "2024-01-01")
        middle = [row["value"] for row in rows
                  if row["figure"] == "all.executed"
                  and row["date"] <= "2024-06-30"]
        self.assertEqual(middle[-1],
                         self.report("--as-of=2024-06-30")["all.executed"])
        text, _ = self.server.run("report", "timeline", REPORT)
        self.assertIn("general.project.executed", text)
        out, err = self.server.run("report", "timeline", REPORT,
                                   "--figure=general.project[none].executed",
                                   code=NOT_FOUND)
        self.assertEqual(out, "")
        self.assertIn("nearest: general.project", err)

    def test_a_watch_tells_what_was_and_what_is_recorded(self):
        text, err = self.server.run("report", "watch", REPORT,
                                    "--from-size=560", "--until-caught-up")
        self.assertIn("销-2024-11-0001", text)
        self.assertIn("all.executed", text)
        self.assertIn("已跟上：账本大小 565", err)
        watch = subprocess.Popen(
            [bin_dir() / "daybook", "report", "watch", REPORT,
             "--from-size=565", "--format=json",
             f"--server={self.server.address}"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment())
        self.addCleanup(watch.stdout.close)
        self.addCleanup(watch.wait)
        self.addCleanup(watch.kill)
        first = json.loads(watch.stdout.readline())
        self.assertEqual(first["caughtUp"]["size"], "565")
        self.publish_and_correct()
        seen = self.ids_until(watch, LATE)
        self.assertLessEqual({"close", "publish"}, seen)
        # It goes on where it was once the server is there again.
        address = self.server.address
        self.server.__exit__()
        self.server = Server(self.data, listen=address)
        self.append("accounting", [
            event("after", day(12, 31), correction=CORRECTION,
                  expenditureRecorded={"line": line_of(VOUCHER),
                                       "amountFen": "7"})])
        self.assertEqual(self.ids_until(watch, {"after"}), {"after"})

    def ids_until(self, watch, wanted):
        """Ids of the events that a watch tells until it told those wanted."""
        seen = set()
        while not wanted <= seen:
            line = watch.stdout.readline()
            self.assertTrue(line, f"the watch ended, seen {seen}")
            for row in json.loads(line).get("change", {}).get("events", []):
                self.assertNotIn(row["eventId"], seen)
                seen.add(row["eventId"])
        return seen


if __name__ == "__main__":
    main()
