#!/usr/bin/env python3
"""Writes the sample tables of this folder. All of it is invented.

usage: make_samples.py [FOLDER]

payments.xlsx is what the integrated budget system's collector would export for
two departments, general-ledger.csv what an accounting package would for one of
them. setup.jsonl registers what they name.
"""

import json
import pathlib
import sys
import zipfile
from xml.sax.saxutils import escape

LEDGER = "ledgers/430203"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADINGS = ["PAY_CERT_ID", "PAY_CERT_NO", "MOF_DIV_CODE", "FISCAL_YEAR",
            "DEPT_CODE", "AGENCY_CODE", "BGT_ID", "PRO_CODE", "PRO_NAME",
            "PRO_CAT_CODE", "FUND_TYPE_CODE", "EXP_FUNC_CODE",
            "GOV_BGT_ECO_CODE", "DEP_BGT_ECO_CODE", "PAY_TYPE_CODE", "PAY_AMT",
            "VOU_DATE", "ACT_LQD_DATE", "USE_DES", "PAYEE_ACCT_NAME",
            "CONTRACT_NO", "IS_GOV_PUR", "UPDATE_TIME", "IS_DELETED"]
STAFF = ("43020324R000000000001", "人员经费", "R")
OFFICE_COSTS = ("43020324Y000000000001", "公用经费", "Y")
REHABILITATION = ("43020324T000000000101", "残疾人康复", "T")
EMPLOYMENT = ("43020324T000000000102", "残疾人就业", "T")


def payment(number, department, project, fund, codes, amount, day, use,
            paid=True, deleted=False, procurement=False):
    function, government, economic = codes
    return [f"PC2024{department}{number:04}", f"示例支-{number:04}", "430203",
            "2024", department, department + "001", f"ZB{department}{fund}",
            project[0], project[1], project[2], fund, function, government,
            economic, "1", amount, day, day if paid else "", use,
            "示例收款单位", "示例合同-1" if procurement else "",
            "1" if procurement else "2", f"{day} 16:30:00",
            "1" if deleted else "0"]


def payments():
    """The rows of each sheet, a department each."""
    staff = ("2081101", "50101", "30101")
    office = ("2081101", "50201", "30201")
    help_ = ("2081104", "50901", "30305")
    work = ("2081105", "50205", "30227")
    lottery = ("2296006", "50901", "30305")
    first = [
        payment(1, "901001", STAFF, "111", staff, "120000.00", "2024-01-15",
                "示例：1月工资"),
        payment(2, "901001", OFFICE_COSTS, "111", office, "3,456.78",
                "2024-02-06", "示例：办公用品"),
        payment(3, "901001", REHABILITATION, "111", help_, "50000",
                "2024-03-11", "示例：康复救助，第一批"),
        payment(4, "901001", REHABILITATION, "121", lottery, "36200.5",
                "2024-04-12", "示例：彩票公益金康复项目"),
        payment(5, "901001", EMPLOYMENT, "111", work, "18000", "2024-05-20",
                "示例：就业培训", procurement=True),
        payment(6, "901001", EMPLOYMENT, "111", work, "-2000", "2024-06-03",
                "示例：就业培训红字更正"),
        payment(7, "901001", OFFICE_COSTS, "111", office, "900", "2024-06-18",
                "示例：未支付的申请", paid=False),
        payment(8, "901001", OFFICE_COSTS, "111", office, "777.70",
                "2024-06-20", "示例：已作废", deleted=True),
    ]
    second = [
        payment(1, "901002", STAFF, "111", staff, "80000.00", "2024-01-16",
                "示例：1月工资"),
        payment(2, "901002", OFFICE_COSTS, "111", office, "1234.56",
                "2024-03-05", "示例：办公用品"),
        payment(3, "901002", REHABILITATION, "111", help_, "20000",
                "2024-12-30", "示例：跨年清算"),
    ]
    return {"示例部门一": first, "示例部门二": second}


def total(rows):
    """A row that sums what stands above it."""
    fen = sum(round(float(row[15].replace(",", "")) * 100) for row in rows)
    row = [""] * len(HEADINGS)
    row[1], row[15] = "合计", f"{fen / 100:.2f}"
    return row


def column_name(index):
    name = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        name = chr(65 + letter) + name
    return name


def write_xlsx(path, sheets):
    """Writes {sheet: rows}; numbers are ints and floats, all else is text."""
    relations, names = "", ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        def add(name, text):
            # The same bytes at any time of the day.
            file.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)),
                          '<?xml version="1.0" encoding="UTF-8"?>\n' + text,
                          zipfile.ZIP_DEFLATED)
        for number, (sheet, rows) in enumerate(sheets.items(), 1):
            names += (f'<sheet name="{escape(sheet)}" sheetId="{number}" '
                      f'r:id="r{number}"/>')
            relations += (f'<Relationship Id="r{number}" Type="{OFFICE}/'
                          f'worksheet" Target="worksheets/s{number}.xml"/>')
            body = ""
            for at, row in enumerate(rows, 1):
                body += f'<row r="{at}">'
                for index, value in enumerate(row):
                    cell = f'r="{column_name(index)}{at}"'
                    if isinstance(value, (int, float)):
                        body += f"<c {cell}><v>{value}</v></c>"
                    elif value != "":
                        body += (f'<c {cell} t="inlineStr"><is><t '
                                 f'xml:space="preserve">{escape(value)}'
                                 "</t></is></c>")
                body += "</row>"
            add(f"xl/worksheets/s{number}.xml",
                f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>'
                "</worksheet>")
        types = "".join(
            f'<Override PartName="/xl/worksheets/s{number}.xml" ContentType="'
            "application/vnd.openxmlformats-officedocument.spreadsheetml."
            'worksheet+xml"/>' for number in range(1, len(sheets) + 1))
        add("[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/><Default '
            'Extension="xml" ContentType="application/xml"/><Override '
            'PartName="/xl/workbook.xml" ContentType="application/vnd.'
            "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
            f'"/>{types}</Types>')
        add("_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>")
        add("xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}'
            "</sheets></workbook>")
        add("xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>')


def payment_sheets():
    return {sheet: [["支付凭证（示意数据，并非真实支出）"], HEADINGS, *rows,
                    total(rows)] for sheet, rows in payments().items()}


def general_ledger():
    """Lines of the export: titles, rows, sums, and much that is not spending."""
    return """\
示例单位　总账凭证明细（示意数据，并非真实支出）
"期间：2024年01月—2024年03月","单位：元"

账套,年度,期间,凭证日期,凭证字,凭证号,分录号,摘要,科目编码,科目名称,借方金额,贷方金额,功能分类,部门经济分类,项目,资金性质,记账,制单
001,2024,0,2024-01-01,,,,期初余额,,,,,,,,,,
001,2024,1,2024-01-15,记,1,1,示例：1月工资,5001010101,业务活动费用_工资,"120,000.00",,,,,,是,示例制单人
001,2024,1,2024-01-15,记,1,2,示例：1月工资,4001010101,财政拨款收入,,"120,000.00",,,,,是,示例制单人
001,2024,1,2024-01-15,记,1,3,示例：1月工资,710101010101,行政支出_基本支出_人员经费,"120,000.00",,2081101 行政运行,30101 基本工资,,一般公共预算资金,是,示例制单人
,,,,,,,本月合计,,,"240,000.00","120,000.00",,,,,,
,,,,,,,本年累计,,,"240,000.00","120,000.00",,,,,,
001,2024,2,2024/2/6,记,1,1,"示例：办公用品
（含打印纸）",710101010201,行政支出_基本支出_公用经费,"￥3,456.78",,2081101 行政运行,30201 办公费,,一般公共预算资金,是,示例制单人
001,2024,2,2024年2月20日,记,2,1,示例：康复救助,7101010201,行政支出_项目支出,５０，０００．００,,2081104 残疾人康复,30305 生活补助,残疾人康复,一般公共预算资金,是,示例制单人
001,2024,2,45345,记,3,1,示例：未记账,710101010201,行政支出_基本支出_公用经费,100.00,,2081101 行政运行,30201 办公费,,一般公共预算资金,否,示例制单人
,,,,,,,本月合计,,,"53,556.78",0.00,,,,,,
,,,,,,,本年累计,,,"293,556.78","120,000.00",,,,,,
001,2024,3,20240311,记,1,1,示例：彩票公益金项目,7101010202,行政支出_项目支出,36200.5,,2296006,30305 生活补助,残疾人康复,政府性基金预算资金,是,示例制单人
001,2024,3,2024-03-12,记,2,1,示例：红字冲销多记,7101010201,行政支出_项目支出,"(1,000.00)",,2081104 残疾人康复,30305 生活补助,残疾人康复,一般公共预算资金,是,示例制单人
001,2024,3,2024-03-13,记,3,1,示例：退回,710101010201,行政支出_基本支出_公用经费,,56.78,2081101 行政运行,30201 办公费,,一般公共预算资金,是,示例制单人
,,,,,,,本月合计,,,"35,200.50",56.78,,,,,,
,,,,,,,本年累计,,,"328,757.28","120,056.78",,,,,,
001,2024,13,2024-12-31,结,1,1,示例：年末结转,7101010201,行政支出_项目支出,,"49,000.00",2081104 残疾人康复,30305 生活补助,残疾人康复,一般公共预算资金,是,示例制单人
,,,,,,,总　计,,,"328,757.28","169,056.78",,,,,,
审核：示例　　制表：示例
"""


def setup():
    """What must be registered before the tables are imported."""
    events = []
    for code, name, book in (("901001", "示例部门一", "accounting"),
                             ("901002", "示例部门二", "integrated-budget")):
        department = f"{LEDGER}/departments/{code}"
        events.append({"eventId": f"department-{code}", "subject": department,
                       "departmentRegistered": {"name": name}})
        for key, title in (("rehabilitation", "残疾人康复"),
                           ("employment", "残疾人就业")):
            events.append({
                "eventId": f"project-{code}-{key}", "subject": department,
                "projectRegistered": {"key": key, "name": title,
                                      "category": "CATEGORY_TARGETED"}})
        events.append({
            "eventId": f"report-{code}-2024",
            "subject": f"{department}/reports/2024",
            "reportOpened": {"funds": ["FUND_GENERAL", "FUND_GOVERNMENT_FUND"],
                             "bookSource": book, "form": "zhuzhou-2024"}})
    return "".join(json.dumps({"event": event}, ensure_ascii=False) + "\n"
                   for event in events)


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else (
        pathlib.Path(__file__).parent)
    write_xlsx(folder / "payments.xlsx", payment_sheets())
    (folder / "general-ledger.csv").write_bytes(
        general_ledger().replace("\n", "\r\n").encode("gb18030"))
    (folder / "setup.jsonl").write_text(setup(), encoding="utf-8")


if __name__ == "__main__":
    main()
