#!/usr/bin/env python3
"""`daybook import --kind=voucher`: the shipped samples as they are, and what
happens when the table changes, breaks, or is imported by two at once.
"""

import csv
import importlib.util
import io
import os
import pty
import subprocess
import time

from programs import (DONE, LEDGER, REFUSED, ROOT, UNAVAILABLE, USAGE, Scratch,
                      Server, bin_dir, environment, main, replay)

SAMPLES = ROOT / "examples" / "import"
GENERAL_LEDGER = SAMPLES / "general-ledger.mapping"
PAYMENTS = SAMPLES / "integrated-budget.mapping"
FIRST = LEDGER + "/departments/901001/reports/2024"
SECOND = LEDGER + "/departments/901002/reports/2024"


def load_samples():
    """make_samples.py, which writes workbooks."""
    spec = importlib.util.spec_from_file_location(
        "make_samples", SAMPLES / "make_samples.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


samples = load_samples()


def simple_mapping(**changes):
    """A mapping of a plain table; a change of None leaves a part out."""
    parts = {
        "key": 'key { column: "凭证号" }',
        "department": 'department { value: "901001" }',
        "effective_date": 'effective_date { column: "日期" }',
        "amount": 'amount { unit: YUAN column: "金额" }',
        "fund": 'fund { value: "general" }',
        "nature": 'nature { value: "operating" }',
        "voucher_number": 'voucher_number { column: "凭证号" }',
        "deleted": 'deleted { column: "删除" equals: "是" optional: true }',
        "payee": 'payee { column: "收款人" optional: true }',
        **changes}
    return "\n".join(part for part in parts.values() if part) + "\n"


def table(*rows, headings="凭证号,日期,金额"):
    return "\n".join([headings, *rows]) + "\n"


class ImportTest(Scratch):
    """A server with what the samples need registered."""

    def setUp(self):
        super().setUp()
        self.server = Server(self.folder / "data")
        self.addCleanup(self.server.__exit__)
        self.server.run("ledger", "create", LEDGER)
        self.server.run("append", "--source=budget-office",
                        SAMPLES / "setup.jsonl")
        self.mapping = self.folder / "simple.mapping"
        self.mapping.write_text(simple_mapping(), encoding="utf-8")

    def run_import(self, path, *flags, mapping=None, code=DONE,
                   source="accounting"):
        return self.server.run(
            "import", "--kind=voucher", f"--source={source}",
            f"--mapping={mapping or self.mapping}", "--ledger=430203", path,
            *flags, code=code)

    def write(self, text, name="table.csv", encoding="utf-8"):
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def import_table(self, *rows, flags=(), code=DONE, **options):
        return self.run_import(self.write(table(*rows, **options)), *flags,
                               code=code)

    def figures(self, report):
        out, _ = self.server.run("report", "show", report,
                                 "--as-of=2024-12-31", "--unit=yuan",
                                 "--format=csv")
        return {row[0]: row[2] for row in csv.reader(io.StringIO(out))}

    def executed(self, report=FIRST):
        return self.figures(report)["all.executed"]

    def rows(self, out):
        """{label: rows} of the summary."""
        counted = {}
        for line in out.splitlines():
            cells = line.split()
            if len(cells) >= 2 and cells[1].isdigit():
                counted[cells[0]] = int(cells[1])
        return counted

    def event_ids(self, source="accounting"):
        return [entry["event"]["eventId"]
                for entry in replay(self.server)[1:]
                if entry["source"] == source]


class SampleTest(ImportTest):
    def test_the_samples_are_what_their_script_writes(self):
        subprocess.run(["python3", SAMPLES / "make_samples.py", self.folder],
                       check=True)
        for name in ("payments.xlsx", "general-ledger.csv", "setup.jsonl"):
            self.assertEqual((self.folder / name).read_bytes(),
                             (SAMPLES / name).read_bytes(), name)

    def test_the_general_ledger_counts_posted_budget_spending_alone(self):
        out, err = self.run_import(SAMPLES / "general-ledger.csv",
                                   mapping=GENERAL_LEDGER)
        self.assertEqual(err, "")
        self.assertEqual(self.rows(out),
                         {"标题与附注": 3, "表头": 1, "空行": 1, "合计行": 8,
                          "映射不取": 4, "新记录": 6, "读入": 23})
        figures = self.figures(FIRST)
        for path, value in (
                ("all.executed", "208600.50"),
                ("general.basic.personnel.executed", "120000.00"),
                ("general.basic.operating.executed", "3400.00"),
                ("general.project[rehabilitation].executed", "49000.00"),
                ("government_fund.executed", "36200.50")):
            self.assertEqual(figures[path], value, path)
        out, _ = self.run_import(SAMPLES / "general-ledger.csv",
                                 mapping=GENERAL_LEDGER)
        self.assertEqual(self.rows(out)["已记录过"], 6)
        self.assertNotIn("新记录", self.rows(out))

    def test_one_workbook_holds_two_departments(self):
        out, err = self.run_import(SAMPLES / "payments.xlsx", mapping=PAYMENTS,
                                   source="integrated-budget")
        self.assertEqual(err, "")
        self.assertEqual(self.rows(out)["新记录"], 9)
        self.assertEqual(self.executed(SECOND), "101234.56")
        # The first department counts what accounting says.
        self.assertEqual(self.executed(FIRST), "0.00")

    def test_personal_data_is_beside_the_events(self):
        self.run_import(SAMPLES / "payments.xlsx", mapping=PAYMENTS,
                        source="integrated-budget")
        out, _ = self.server.run("audit", "replay", LEDGER, "--format=json")
        self.assertIn("personalDataCommitment", out)
        self.assertNotIn("示例收款单位", out)
        self.assertNotIn("1月工资", out)

    def test_every_encoding_and_format_is_the_same_table(self):
        text = (SAMPLES / "general-ledger.csv").read_bytes().decode("gb18030")
        self.run_import(SAMPLES / "general-ledger.csv", mapping=GENERAL_LEDGER)
        size = len(replay(self.server))
        sheet = self.folder / "ledger.xlsx"
        samples.write_xlsx(sheet, {"总账": list(csv.reader(io.StringIO(text)))})
        for path in (self.write(text, "utf8.csv"),
                     self.write(text, "marked.csv", "utf-8-sig"), sheet):
            out, err = self.run_import(path, mapping=GENERAL_LEDGER)
            self.assertEqual(err, "", path)
            self.assertEqual(self.rows(out)["已记录过"], 6, path)
        self.assertEqual(len(replay(self.server)), size)


class RevisionTest(ImportTest):
    def test_a_changed_row_becomes_reversal_and_new_event(self):
        self.import_table("A1,2024-03-05,100.00", "A2,2024-03-06,50")
        out, _ = self.import_table("A1,2024-03-05,120.00", "A2,2024-03-06,50")
        self.assertEqual(self.rows(out)["更正"], 1)
        self.assertEqual(self.executed(), "170.00")
        self.assertEqual(self.event_ids(), ["A1#1", "A2#1", "A1#1~", "A1#2"])
        out, _ = self.import_table("A1,2024-03-05,120.00", "A2,2024-03-06,50")
        self.assertEqual(self.rows(out)["已记录过"], 2)
        self.assertEqual(len(self.event_ids()), 4)

    def test_a_row_that_changes_back_is_recorded_again(self):
        self.import_table("A1,2024-03-05,100.00")
        self.import_table("A1,2024-03-05,120.00")
        out, _ = self.import_table("A1,2024-03-05,100.00")
        self.assertEqual(self.rows(out)["更正"], 1)
        self.assertEqual(self.executed(), "100.00")
        self.assertEqual(self.event_ids()[-2:], ["A1#2~", "A1#3"])

    def test_a_deleted_row_is_reversed_once(self):
        headings = "凭证号,日期,金额,删除"
        self.import_table("A1,2024-03-05,100,", headings=headings)
        for label in ("冲销（上游已删除）", "已删除或为零，账上无"):
            out, _ = self.import_table("A1,2024-03-05,100,是",
                                       "A9,2024-03-05,1,是"
                                       if label[0] != "冲" else
                                       "A1x,2024-03-05,2,",
                                       headings=headings)
            self.assertEqual(self.rows(out)[label],
                             1 if label[0] == "冲" else 2)
        self.assertEqual(self.executed(), "2.00")
        out, _ = self.import_table("A1,2024-03-05,100,", headings=headings)
        self.assertEqual(self.rows(out)["更正"], 1)
        self.assertEqual(self.executed(), "102.00")

    def test_an_amount_that_became_zero_is_a_deletion(self):
        self.import_table("A1,2024-03-05,100")
        out, _ = self.import_table("A1,2024-03-05,0")
        self.assertEqual(self.rows(out)["冲销（上游已删除）"], 1)
        self.assertEqual(self.executed(), "0.00")

    def test_a_changed_payee_is_a_change_of_the_row(self):
        headings = "凭证号,日期,金额,收款人"
        self.import_table("A1,2024-03-05,100,甲单位", headings=headings)
        out, _ = self.import_table("A1,2024-03-05,100,乙单位",
                                   headings=headings)
        self.assertEqual(self.rows(out)["更正"], 1)
        self.assertEqual(self.executed(), "100.00")

    def test_a_snapshot_reverses_what_is_absent_once_confirmed(self):
        self.import_table("A1,2024-03-05,100", "A2,2024-03-06,50",
                          "A3,2024-04-01,7")
        march = "--snapshot=2024-03-01..2024-03-31"
        for flags in ((march,), (march, "--confirm-deletions=2")):
            _, err = self.import_table("A1,2024-03-05,100", flags=flags,
                                       code=REFUSED)
            self.assertIn("1 笔已记录的凭证不在表中，合计 50.00 元", err)
            self.assertIn("--confirm-deletions=1", err)
            self.assertEqual(self.executed(), "157.00")
        self.import_table("A1,2024-03-05,100",
                          flags=(march, "--confirm-deletions=1"))
        # April is another period.
        self.assertEqual(self.executed(), "107.00")

    def test_closed_days_take_corrections_with_reason_and_approver(self):
        self.import_table("A1,2024-03-05,100")
        self.server.run("append", "--source=accounting", "-", stdin=(
            '{"event":{"eventId":"close","subject":"' + FIRST + '",'
            '"periodClosed":{"through":{"year":2024,"month":3,"day":31}}}}'))
        rows = ("A1,2024-03-05,120", "A2,2024-03-06,5")
        _, err = self.import_table(*rows, code=REFUSED)
        self.assertIn("the period is closed through 2024-03-31", err)
        self.assertEqual(self.executed(), "100.00")
        late = ("--correction-reason=漏记", "--approver=财务负责人")
        out, _ = self.import_table(*rows, flags=late)
        self.assertEqual((self.rows(out)["更正"], self.rows(out)["新记录"]),
                         (1, 1))
        # Once late is late enough: no reason makes a new revision.
        for flags in ((), ("--correction-reason=另一", "--approver=预算股")):
            out, _ = self.import_table(*rows, flags=flags)
            self.assertEqual(self.rows(out)["已记录过"], 2)
        self.assertEqual(self.executed(), "125.00")


class RejectsTest(ImportTest):
    def test_rejected_rows_are_mended_and_imported(self):
        path = self.write(table("A1,2024-03-05,100", "A2,2024-13-06,50",
                                "A3,2024-03-07,1.234", "A4,无,x"),
                          encoding="gb18030")
        out, err = self.run_import(path, code=REFUSED)
        self.assertEqual(self.rows(out)["拒绝"], 3)
        self.assertIn("row 3: effective_date '2024-13-06': it is no day", err)
        rejects = self.folder / "table.rejects.csv"
        text = rejects.read_bytes().decode("gb18030")
        lines = list(csv.reader(io.StringIO(text)))
        self.assertEqual(lines[0], ["凭证号", "日期", "金额", "拒绝原因"])
        self.assertEqual([line[0] for line in lines[1:]], ["A2", "A3", "A4"])
        # Of A4 both problems are told at once.
        self.assertEqual(lines[3][3].count(" | "), 1)
        for wrong, right in (("2024-13-06", "2024-03-06"), ("1.234", "1.23"),
                             ("无,x", "2024-03-08,2")):
            text = text.replace(wrong, right, 1)
        rejects.write_bytes(text.encode("gb18030"))
        self.run_import(rejects)
        self.assertEqual(self.executed(), "153.23")
        self.assertEqual(sorted(self.event_ids()),
                         ["A1#1", "A2#1", "A3#1", "A4#1"])

    def test_rejects_of_a_workbook_are_a_workbook(self):
        path = self.folder / "table.xlsx"
        samples.write_xlsx(path, {"三月": [
            ["凭证号", "日期", "金额"], ["A1", 45356, 0.1 + 0.2],
            ["A2", "某日", 50.25]]})
        self.run_import(path, code=REFUSED)
        rejects = self.folder / "table.rejects.xlsx"
        self.mapping.write_text(simple_mapping(
            effective_date='effective_date { column: "拒绝原因" column: "日期" '
                           'format: "%Y-%m-%d" }'), encoding="utf-8")
        # The number came back as it was: only the day is still refused.
        out, err = self.run_import(rejects, code=REFUSED)
        self.assertIn("50.25", out)
        self.assertNotIn("金额", err)
        self.assertEqual(self.executed(), "0.30")
        self.assertTrue((self.folder / "table.rejects.rejects.xlsx").exists())

    def test_an_earlier_file_of_rejects_is_kept(self):
        for name in ("table.rejects.csv", "table.rejects-2.csv"):
            self.import_table("A1,2024-03-05,x", code=REFUSED)
            self.assertTrue((self.folder / name).exists())

    def test_a_key_that_stands_twice_is_rejected_both_times(self):
        self.import_table("A1,2024-03-05,100", "A1,2024-03-06,50",
                          "A2,2024-03-06,1", code=REFUSED)
        self.assertEqual(self.event_ids(), ["A2#1"])
        rejects = self.folder / "table.rejects.csv"
        self.run_import(rejects, code=REFUSED)
        self.assertEqual(self.event_ids(), ["A2#1"])

    def test_keys_that_repeat_stay_with_their_rows(self):
        self.mapping.write_text(simple_mapping() + "key_repeats: true\n",
                                encoding="utf-8")
        self.import_table("A1,2024-03-05,100", "A1,2024-13-05,50",
                          "A1,2024-03-05,7", code=REFUSED)
        self.assertEqual(self.event_ids(), ["A1#1", "A1/3#1"])
        rejects = self.folder / "table.rejects.csv"
        rejects.write_text(rejects.read_text(encoding="utf-8").replace(
            "2024-13", "2024-03"), encoding="utf-8")
        self.run_import(rejects)
        self.assertEqual(self.event_ids(), ["A1#1", "A1/3#1", "A1/2#1"])
        self.assertEqual(self.executed(), "157.00")

    def test_many_refusals_of_the_server_keep_no_other_row_out(self):
        self.mapping.write_text(simple_mapping(
            department='department { column: "部门" }'), encoding="utf-8")
        rows = [f"B{i},2024-03-05,1,{'901001' if i % 2 else '999999'}"
                for i in range(1200)]
        out, _ = self.import_table(*rows, headings="凭证号,日期,金额,部门",
                                   code=REFUSED)
        self.assertEqual((self.rows(out)["新记录"], self.rows(out)["拒绝"]),
                         (600, 600))
        self.assertEqual(self.executed(), "600.00")


class BehaviourTest(ImportTest):
    def start(self, path, *flags, **streams):
        return subprocess.Popen(
            [bin_dir() / "daybook", "import", "--kind=voucher",
             "--source=accounting", f"--mapping={self.mapping}",
             "--ledger=430203", path, f"--server={self.server.address}",
             *flags], env=environment(), **streams)

    def test_an_import_that_is_killed_is_finished_by_the_next(self):
        rows = [f"K{i},2024-03-05,1" for i in range(30000)]
        path = self.write(table(*rows))
        for seconds in (0.2, 0.4):
            with self.start(path, stdout=subprocess.DEVNULL) as process:
                time.sleep(seconds)
                process.kill()
        self.run_import(path)
        self.assertEqual(self.executed(), "30000.00")

    def test_a_terminal_shows_progress_and_asks(self):
        self.import_table("A1,2024-03-05,100", "A2,2024-03-06,50")
        path = self.write(table("A1,2024-03-05,100"))
        for answer, left in (("n", "150.00"), ("y", "100.00")):
            terminal, inside = pty.openpty()
            with self.start(path, "--snapshot=2024-03-01..2024-03-31",
                            stdin=inside, stderr=inside,
                            stdout=subprocess.DEVNULL) as process:
                os.write(terminal, f"{answer}\n".encode())
                process.wait(60)
            shown = os.read(terminal, 65536).decode()
            os.close(terminal)
            os.close(inside)
            self.assertIn("2 / 2 行", shown)
            self.assertIn("全部冲销？", shown)
            self.assertEqual(process.returncode,
                             DONE if answer == "y" else REFUSED)
            self.assertEqual(self.executed(), left)

    def test_a_dry_run_records_nothing_and_foretells(self):
        self.import_table("A1,2024-03-05,100", "A2,2024-03-06,50")
        size = len(replay(self.server))
        rows = ("A1,2024-03-05,120", "A2,2024-03-06,50", "A3,2024-03-06,1",
                "A4,x,1")
        out, _ = self.import_table(*rows, flags=("--dry-run",), code=REFUSED)
        self.assertEqual(
            {label: count for label, count in self.rows(out).items()
             if label.startswith("将")},
            {"将新记录": 1, "将更正": 1, "将拒绝": 1})
        figure = next(line.split() for line in out.splitlines()
                      if line.startswith("all.executed"))
        self.assertEqual(figure[1:], ["150.00", "+21.00", "171.00"])
        self.assertEqual(len(replay(self.server)), size)
        self.assertFalse((self.folder / "table.rejects.csv").exists())
        self.import_table(*rows, code=REFUSED)
        self.assertEqual(self.executed(), "171.00")

    def test_two_at_the_same_time_record_once(self):
        rows = [f"C{i},2024-03-05,{i + 1}" for i in range(3000)]
        self.import_table(*rows[:100])
        # Some rows changed, so that both correct them.
        rows[:50] = [row + "00" for row in rows[:50]]
        path = self.write(table(*rows))
        processes = [self.start(path, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE) for _ in range(2)]
        for process in processes:
            _, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, DONE, err.decode())
        expected = sum(int(row.split(",")[2]) for row in rows)
        self.assertEqual(self.executed(), f"{expected}.00")
        self.assertEqual(len(self.event_ids()), 3000 + 2 * 50)

    def test_an_interrupted_import_goes_on(self):
        rows = [f"D{i},2024-03-05,1" for i in range(2000)]
        path = self.write(table(*rows))
        # What a first run that died had recorded.
        self.run_import(self.write(table(*rows[:700]), "part.csv"))
        out, _ = self.run_import(path)
        self.assertEqual((self.rows(out)["新记录"], self.rows(out)["已记录过"]),
                         (1300, 700))
        self.server.kill()
        _, err = self.run_import(path, code=UNAVAILABLE)
        self.assertIn("nothing is recorded twice", err)

    def test_a_sum_that_is_not_that_of_its_rows_is_a_warning(self):
        out, err = self.import_table("A1,2024-03-05,100", "合计,,101")
        self.assertIn("row 3: states 101.00 元, all rows sum to 100.00 元", err)
        self.assertEqual(self.rows(out)["合计行"], 1)

    def test_wan_yuan_and_two_sides_are_the_mapping_s_choice(self):
        self.mapping.write_text(simple_mapping(
            amount='amount { unit: WAN_YUAN debit: "借" credit: "贷" '
                   'spending_side: CREDIT }'), encoding="utf-8")
        self.import_table("A1,2024-03-05,,1.5", "A2,2024-03-05,0.000001,",
                          headings="凭证号,日期,借,贷")
        self.assertEqual(self.executed(), "14999.99")

    def test_days_outside_of_the_year_count_on_its_edge(self):
        self.mapping.write_text(simple_mapping(
            year='fiscal_year { value: "2024" }'), encoding="utf-8")
        self.import_table("A1,2025-01-07,1", "A2,2023-12-30,2")
        events = [entry["event"] for entry in replay(self.server)[-2:]]
        self.assertEqual([(event["effectiveDate"], event["documentDate"])
                          for event in events],
                         [({"year": 2024, "month": 12, "day": 31},
                           {"year": 2025, "month": 1, "day": 7}),
                          ({"year": 2024, "month": 1, "day": 1},
                           {"year": 2023, "month": 12, "day": 30})])

    def test_what_is_wrong_is_said_before_anything_is_sent(self):
        size = len(replay(self.server))
        self.mapping.write_text('fond { value: "x" }', encoding="utf-8")
        _, err = self.import_table("A1,2024-03-05,1", code=REFUSED)
        self.assertIn("simple.mapping:1: ", err)
        self.mapping.write_text(simple_mapping(
            fund='fund { value: "generel" }',
            amount='amount { column: "金额" }'), encoding="utf-8")
        _, err = self.import_table("A1,2024-03-05,1", code=REFUSED)
        self.assertIn("simple.mapping:5: fund 'generel': use one of", err)
        self.assertIn("unit: YUAN or unit: WAN_YUAN", err)
        self.mapping.write_text(simple_mapping(), encoding="utf-8")
        _, err = self.import_table("A1,2024-03-05,1", code=REFUSED,
                                   headings="凭证号,日期,数额")
        self.assertIn("the nearest row lacks 金额", err)
        _, err = self.import_table("A1,2024-03-05,1,2", code=REFUSED,
                                   headings="凭证号,日期,金额,金额")
        self.assertIn("several columns are headed 金额", err)
        self.run_import(self.folder / "none.csv", code=4)
        self.import_table("A1,2024-03-05,1", code=USAGE,
                          flags=("--approver=预算股",))
        self.assertEqual(len(replay(self.server)), size)


if __name__ == "__main__":
    main()
