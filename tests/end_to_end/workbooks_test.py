#!/usr/bin/env python3
"""The workbooks of an office: written by `daybook template`, filled with the
example's year, imported, and read as the published report."""

import csv
import datetime
import io
import json
import re

import workbook_rows
from programs import (DONE, EXAMPLES, LEDGER, REFUSED, REPORT, ROOT, Scratch,
                      Server, USAGE, daybook, main, replay)
from xlsx_file import Workbook

GOLDEN = ROOT / "tests" / "golden" / "lusong_2024" / "figures.csv"
# The sheets of each kind, in the order in which an office would begin.
KINDS = {
    "base-data": ["部门", "项目", "报告", "人员情况", "零与无"],
    "quota": ["年初预算"],
    "adjustment": ["预算调整"],
    "income": ["财政拨款收入"],
    "carryover": ["结转结余"],
    "prior-year": ["上年决算数"],
    "indicators": ["绩效指标"],
    "results": ["指标完成情况"],
    "activities": ["履职活动"],
}
OFFICE = "budget-office"


class WorkbooksTest(Scratch):
    def setUp(self):
        super().setUp()
        self.server = Server(self.folder / "data")
        self.addCleanup(self.server.__exit__, None, None, None)
        self.server.run("ledger", "create", LEDGER)

    def template(self, kind):
        path = self.folder / f"{kind}-{len(list(self.folder.iterdir()))}.xlsx"
        daybook("template", f"--kind={kind}", f"--output={path}")
        return path

    def filled(self, kind, sheets):
        """The template with rows below its example."""
        path = self.template(kind)
        book = Workbook(path)
        for sheet, rows in sheets.items():
            book.fill(sheet, [{heading: self.cell(heading, value)
                               for heading, value in row.items()}
                              for row in rows])
        book.save(path)
        return path

    @staticmethod
    def cell(heading, value):
        """As a person types it: dates are dates, amounts numbers."""
        if value and heading.endswith("日期"):
            return datetime.date.fromisoformat(value)
        if value and heading.endswith("（元）") and value not in ("无", "——"):
            return float(value)
        return value or None

    def csv(self, kind, rows, encoding="utf-8", name=None):
        headings = list(dict.fromkeys(h for row in rows for h in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, headings, restval="")
        writer.writeheader()
        writer.writerows(rows)
        path = self.folder / (name or f"{kind}.csv")
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    def run_import(self, kind, path, *flags, code=DONE, source=OFFICE):
        return self.server.run("import", f"--kind={kind}",
                               f"--source={source}", "--ledger=430203", path,
                               *flags, code=code)

    def import_rows(self, kind, rows, *flags, code=DONE):
        return self.run_import(kind, self.csv(kind, rows), *flags, code=code)

    def counted(self, out):
        """{label: rows} of the summary."""
        found = {}
        for line in out.splitlines():
            cells = line.split()
            if len(cells) >= 2 and cells[1].isdigit():
                found[cells[0]] = int(cells[1])
        return found

    def figures(self, server=None):
        out, _ = (server or self.server).run(
            "report", "show", REPORT, "--as-of=2024-12-31", "--format=csv")
        return {row["figure"]: row["value"]
                for row in csv.DictReader(io.StringIO(out))}

    def append_the_rest(self):
        """Policy and text stand in no sheet."""
        lines = [json.dumps(item) for item in
                 workbook_rows.events("budget-office")
                 if workbook_rows.payload_of(item["event"])
                 in workbook_rows.NOT_IN_SHEETS]
        self.server.run("append", f"--source={OFFICE}", "-",
                        stdin="\n".join(lines) + "\n")

    def register(self):
        rows = workbook_rows.office_rows()
        self.run_import("base-data", self.filled("base-data", {
            sheet: rows[sheet] for sheet in ("部门", "项目", "报告")}))


class GoldenTest(WorkbooksTest):
    def figures_of_the_example(self):
        """All of them, and not only those that the report prints."""
        with Server(self.folder / "example") as example:
            example.run("ledger", "create", LEDGER)
            for source in (OFFICE, "accounting"):
                example.run("append", f"--source={source}",
                            EXAMPLES / f"{source}.jsonl")
            return self.figures(server=example)

    def import_year(self):
        rows = workbook_rows.office_rows()
        outs = []
        for number, (kind, sheets) in enumerate(KINDS.items()):
            if kind == "base-data" or number % 3 == 1:
                path = self.filled(kind, {name: rows[name] for name in sheets})
            else:
                path = self.csv(kind, rows[sheets[0]],
                                "gb18030" if number % 3 == 2 else "utf-8")
            outs.append(self.run_import(kind, path)[0])
        path = self.filled("voucher", {"支出凭证": workbook_rows.voucher_rows()})
        outs.append(self.run_import("voucher", path, source="accounting")[0])
        return outs

    def test_the_year_gives_the_published_report_and_nothing_twice(self):
        self.import_year()
        self.append_the_rest()
        figures = self.figures()
        with GOLDEN.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                self.assertEqual(figures[row["figure"]], row["value"],
                                 row["figure"])
        self.assertEqual(figures, self.figures_of_the_example())
        size = len(replay(self.server))
        for out in self.import_year():
            counted = self.counted(out)
            self.assertNotIn("新记录", counted)
            self.assertNotIn("更正", counted)
        self.assertEqual(len(replay(self.server)), size)
        for kind in (*KINDS, "voucher"):
            out, _ = self.run_import(kind, self.template(kind))
            self.assertNotIn("新记录", self.counted(out))
        self.assertEqual(len(replay(self.server)), size)


class TemplateTest(WorkbooksTest):
    def test_a_template_never_overwrites_and_records_nothing(self):
        for kind in (*KINDS, "voucher"):
            path = self.template(kind)
            _, err = daybook("template", f"--kind={kind}", f"--output={path}",
                             code=REFUSED)
            self.assertIn("may be filled in", err)
            out, _ = self.run_import(kind, path)
            label = "映射不取" if kind == "voucher" else "示例行"
            self.assertEqual(self.counted(out)[label],
                             len(KINDS.get(kind, [kind])) +
                             (kind == "indicators"), kind)
        self.assertEqual(len(replay(self.server)), 1)
        daybook("template", "--kind=vouchers", code=USAGE)

    def test_every_column_is_explained_and_choices_drop_down(self):
        for kind in (*KINDS, "voucher"):
            book = Workbook(self.template(kind))
            explained = {(row.get(1), row.get(2)) for row in book.rows("说明")}
            for name in book.sheets:
                if name in ("说明", "选项"):
                    continue
                headings, example = book.rows(name)[:2]
                self.assertTrue(example[1].startswith("示例"), name)
                self.assertIn('state="frozen"', book.xml(name))
                for heading in headings.values():
                    self.assertIn((name, heading), explained)
        book = Workbook(self.template("quota"))
        self.assertEqual(book.hidden, {"选项"})
        lists = re.findall(r'<dataValidation type="list".*?<formula1>(.*?)'
                           r"</formula1>", book.xml("年初预算"))
        self.assertEqual(len(lists), 5)
        self.assertEqual(lists[0], "'选项'!$A$2:$A$7")
        self.assertEqual([row[1] for row in book.rows("选项")][:7],
                         ["资金性质", "一般公共预算", "政府性基金预算",
                          "国有资本经营预算", "社会保险基金预算",
                          "财政专户管理资金", "其他资金"])


class RowsTest(WorkbooksTest):
    QUOTA = {"部门代码": "115001", "年度": "2024", "资金性质": "一般公共预算",
             "支出性质": "项目支出", "项目代号": "other", "金额（元）": "100.00",
             "文号": "示例〔2024〕1号"}
    APPROVED = "general.project[other].approved"

    def setUp(self):
        super().setUp()
        self.register()

    def test_a_changed_amount_is_a_correction_and_a_blank_takes_back(self):
        self.import_rows("quota", [self.QUOTA])
        row = {**self.QUOTA, "金额（元）": "200.00"}
        dry, _ = self.import_rows("quota", [row], "--dry-run")
        self.assertEqual(self.counted(dry)["将更正"], 1)
        self.assertIn("general.approved", dry)
        self.assertEqual(self.figures()[self.APPROVED], "0.01")
        out, _ = self.import_rows("quota", [row])
        self.assertEqual(self.counted(out)["更正"], 1)
        self.assertEqual(self.figures()[self.APPROVED], "0.02")
        ids = [entry["event"]["eventId"] for entry in replay(self.server)[1:]]
        key = ids[-1].rpartition("#")[0]
        self.assertEqual(ids[-2:], [f"{key}#1~", f"{key}#2"])
        out, _ = self.import_rows("quota", [{**row, "金额（元）": ""}])
        self.assertEqual(self.counted(out)["撤回（现为空白）"], 1)
        self.assertEqual(self.figures()[self.APPROVED], "0.00")
        out, _ = self.import_rows("quota", [{**row, "金额（元）": ""}])
        self.assertEqual(self.counted(out)["空白，账上无"], 1)

    def test_blank_zero_none_and_not_applicable_are_four(self):
        path = "general.project[other].function[2081199].approved"
        row = {**self.QUOTA, "功能分类科目": "2081199"}
        for value, shown in (("0", "0.00"), ("无", "无"), ("——", "——"),
                             ("", None), ("5.00", "0.00"), ("无", "无")):
            self.import_rows("quota", [{**row, "金额（元）": value}])
            self.assertEqual(self.figures().get(path), shown, value)

    def test_all_that_is_wrong_with_a_row_is_told_and_it_comes_back(self):
        good = {**self.QUOTA, "文号": "示例〔2024〕2号"}
        bad = {**self.QUOTA, "资金性质": "一般预算", "金额（元）": "12.345",
               "其中": "对", "年度": "今年"}
        out, err = self.import_rows("quota", [good, bad], code=REFUSED)
        for text in ("row 3", "资金性质 '一般预算'", "12.345", "其中 '对'",
                     "年度 '今年'"):
            self.assertIn(text, err)
        self.assertEqual(self.counted(out)["拒绝"], 1)
        self.assertEqual(self.counted(out)["新记录"], 1)
        rejects = self.folder / "quota.rejects.csv"
        text = rejects.read_text(encoding="utf-8")
        self.assertIn("拒绝原因", text)
        self.assertIn("一般公共预算", text)
        mended = (text.replace("一般预算", "一般公共预算")
                  .replace("12.345", "12.34").replace("对,", "否,")
                  .replace("今年", "2024"))
        rejects.write_text(mended, encoding="utf-8")
        out, _ = self.run_import("quota", rejects)
        self.assertEqual(self.counted(out)["新记录"], 1)

    def test_headings_in_any_order_but_no_others(self):
        row = dict(reversed(self.QUOTA.items()))
        self.import_rows("quota", [row])
        _, err = self.import_rows("quota", [{**row, "文件号": "x"}],
                                  code=REFUSED)
        self.assertIn("'文件号' is no heading", err)
        self.assertIn("did you mean 文号", err)
        short = {k: v for k, v in row.items() if k != "年度"}
        _, err = self.import_rows("quota", [short], code=REFUSED)
        self.assertIn("年度 is missing", err)

    def test_equal_rows_need_a_sequence(self):
        _, err = self.import_rows("quota", [self.QUOTA, self.QUOTA],
                                  code=REFUSED)
        self.assertIn("序号", err)
        self.import_rows("quota", [{**self.QUOTA, "序号": n} for n in "12"])
        self.assertEqual(self.figures()[self.APPROVED], "0.02")

    def test_signs_and_sides_of_adjustments(self):
        row = {**self.QUOTA, "调整日期": "2024-06-30", "调整类型": "调减"}
        _, err = self.import_rows("adjustment", [row], code=REFUSED)
        self.assertIn("调减 is negative", err)
        row["金额（元）"] = "0"
        _, err = self.import_rows("adjustment", [row], code=REFUSED)
        self.assertIn("an adjustment has an amount", err)
        row.update({"金额（元）": "-100.00", "调整类型": "调剂"})
        _, err = self.import_rows("adjustment", [row], code=REFUSED)
        self.assertIn("调剂编号", err)
        row["调剂编号"] = "t1"
        _, err = self.import_rows("adjustment", [row])
        self.assertIn("warning: 调剂编号 't1'", err)
        other = {**row, "项目代号": "employment", "金额（元）": "100.00"}
        _, err = self.import_rows("adjustment", [row, other])
        self.assertEqual(err, "")

    def test_amounts_in_wan(self):
        row = dict(self.QUOTA)
        row["金额（万元）"] = row.pop("金额（元）") and "0.5"
        self.import_rows("quota", [row])
        self.assertEqual(self.figures()[self.APPROVED], "0.50")

    def test_sums_are_left_out_and_checked(self):
        total = {h: "" for h in self.QUOTA}
        total.update({"部门代码": "合计", "金额（元）": "100.00"})
        out, err = self.import_rows("quota", [self.QUOTA, total])
        self.assertEqual(self.counted(out)["合计行"], 1)
        self.assertEqual(err, "")
        total["金额（元）"] = "100.01"
        _, err = self.import_rows("quota", [self.QUOTA, total])
        self.assertIn("states 100.01", err)


    def test_closed_days_take_a_row_that_says_why(self):
        self.import_rows("quota", [self.QUOTA])
        closed = {"event": {
            "eventId": "close", "subject": REPORT, "periodClosed": {
                "through": {"year": 2024, "month": 12, "day": 31}}}}
        self.server.run("append", f"--source={OFFICE}", "-",
                        stdin=json.dumps(closed) + "\n")
        changed = {**self.QUOTA, "金额（元）": "200.00"}
        more = {**self.QUOTA, "文号": "示例〔2024〕2号"}
        out, _ = self.import_rows("quota", [changed, more], code=REFUSED)
        self.assertEqual(self.counted(out)["拒绝"], 2)
        out, _ = self.import_rows("quota", [changed, more],
                                  "--correction-reason=漏记", "--approver=预算股")
        self.assertEqual(self.counted(out)["更正"], 1)
        self.assertEqual(self.counted(out)["新记录"], 1)
        self.assertEqual(self.figures()[self.APPROVED], "0.03")


class IndicatorsTest(WorkbooksTest):
    INDICATOR = {"部门代码": "115001", "年度": "2024",
                 "指标编码": "output.quantity.a", "一级指标": "产出指标",
                 "三级指标": "甲", "指标性质": "≥", "指标值": "10",
                 "计量单位": "人", "分值": "5"}
    RESULT = {"部门代码": "115001", "年度": "2024",
              "指标编码": "output.quantity.a", "截止日期": "2024-06-30",
              "实际完成值": "4", "计量单位": "人", "自评得分": ""}

    def setUp(self):
        super().setUp()
        self.register()
        self.append_the_rest()

    def score(self, kind="declared."):
        return self.figures().get(
            f"score.{kind}indicator[output.quantity.a]")

    def test_a_target_may_be_corrected_and_revised(self):
        self.import_rows("indicators", [self.INDICATOR])
        self.import_rows("results", [self.RESULT])
        self.assertEqual(self.score("rule."), "2.00")
        out, _ = self.import_rows("indicators",
                                  [{**self.INDICATOR, "指标值": "20"}])
        self.assertEqual(self.counted(out)["更正"], 1)
        self.assertEqual(self.score("rule."), "1.00")
        revision = {"部门代码": "115001", "年度": "2024",
                    "指标编码": "output.quantity.a", "调整日期": "2024-08-01",
                    "调整后指标值": "5", "计量单位": "人"}
        self.import_rows("indicators", [revision])
        self.assertEqual(self.score("rule."), "4.00")
        self.import_rows("indicators", [{**revision, "调整后指标值": ""}])
        self.assertEqual(self.score("rule."), "1.00")

    def test_a_score_comes_later_and_goes_again(self):
        self.import_rows("indicators", [self.INDICATOR])
        self.import_rows("results", [self.RESULT])
        out, _ = self.import_rows("results", [{**self.RESULT, "自评得分": "0"}])
        self.assertEqual(self.counted(out)["新记录"], 1)
        self.assertEqual(self.score(), "0.00")
        out, _ = self.import_rows("results", [self.RESULT])
        self.assertEqual(self.counted(out)["更正"], 1)
        self.assertIn(self.score(), (None, ""))

    def test_results_without_an_indicator_are_rejected_and_retried(self):
        out, err = self.import_rows("results", [self.RESULT], code=REFUSED)
        self.assertIn("the report has no such indicator", err)
        self.import_rows("indicators", [self.INDICATOR])
        out, _ = self.run_import("results",
                                 self.folder / "results.rejects.csv")
        self.assertEqual(self.counted(out)["新记录"], 1)


class BaseDataTest(WorkbooksTest):
    def test_registrations_are_replaced_not_reversed(self):
        first = {"部门代码": "901001", "部门名称": "甲"}
        self.import_rows("base-data", [first])
        second = {**first, "部门名称": "乙"}
        out, _ = self.import_rows("base-data", [second])
        self.assertEqual(self.counted(out)["更正"], 1)
        # The name before the last is a change too.
        out, _ = self.import_rows("base-data", [first])
        self.assertEqual(self.counted(out)["更正"], 1)
        names = [entry["event"]["departmentRegistered"]["name"]
                 for entry in replay(self.server)[1:]]
        self.assertEqual(names, ["甲", "乙", "甲"])

    def test_a_dry_run_sees_what_the_workbook_registers(self):
        rows = workbook_rows.office_rows()
        path = self.filled("base-data", {
            sheet: rows[sheet] for sheet in KINDS["base-data"]})
        out, _ = self.run_import("base-data", path, "--dry-run")
        self.assertNotIn("将拒绝", self.counted(out))
        self.assertEqual(len(replay(self.server)), 1)
        self.run_import("base-data", path)
        out, _ = self.run_import("base-data", path, "--dry-run")
        self.assertNotIn("将新记录", self.counted(out))

    def test_headcount_and_statements_keep_the_four_apart(self):
        self.register()
        base = {"部门代码": "115001", "年度": "2024"}
        for quota, shown in (("4", "4"), ("0", "0"), ("无", "无"),
                             ("——", "——"), ("", "")):
            self.import_rows("base-data", [
                {**base, "编制数": quota, "实际在职人数": "3"}])
            self.assertEqual(self.figures()["headcount.quota"], shown)
            self.assertEqual(self.figures()["headcount.actual"], "3")
        for value, shown in (("0", "0.00"), ("无", "无"), ("——", "——"),
                             ("", "")):
            self.import_rows("base-data", [
                {**base, "数据项": "三公经费 决算数", "填报值": value}])
            self.assertEqual(self.figures()["three_public.executed"], shown)
        for value, shown in (("0", "0.00"), ("无", "无"), ("——", "——"),
                             ("", "")):
            self.import_rows("prior-year", [
                {**base, "数据项": "三公经费 上年决算数",
                 "上年决算数（元）": value}])
            self.assertEqual(self.figures()["three_public.prior_executed"],
                             shown)

    def test_several_departments_in_one_workbook(self):
        departments = [{"部门代码": f"90100{n}", "部门名称": f"部门{n}"}
                       for n in (1, 2)]
        reports = [{"部门代码": row["部门代码"], "年度": year,
                    "资金范围": "一般公共预算", "记账来源": "accounting",
                    "表样": "zhuzhou-2024"}
                   for row in departments for year in ("2023", "2024")]
        self.run_import("base-data", self.filled(
            "base-data", {"部门": departments, "报告": reports}))
        out, _ = self.import_rows("quota", [
            {"部门代码": row["部门代码"], "年度": row["年度"],
             "资金性质": "一般公共预算", "金额（元）": "1.00"}
            for row in reports])
        self.assertEqual(self.counted(out)["新记录"], 4)
        self.assertEqual(out.count("：1 行，+1.00 元"), 4)


if __name__ == "__main__":
    main()
