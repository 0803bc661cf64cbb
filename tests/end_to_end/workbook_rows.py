"""The example's events as an office would write them into its workbooks: for
each sheet of `daybook template` the rows, by heading."""

import json

from programs import EXAMPLES

FUNDS = {"FUND_GENERAL": "一般公共预算", "FUND_GOVERNMENT_FUND": "政府性基金预算"}
NATURES = {"NATURE_BASIC": "基本支出", "NATURE_PERSONNEL": "人员经费",
           "NATURE_OPERATING": "公用经费", "NATURE_PROJECT": "项目支出"}
ADJUSTMENTS = {"KIND_SUPPLEMENT": "追加", "KIND_REDUCTION": "调减",
               "KIND_ALLOCATION": "下达"}
OPERATORS = {"OPERATOR_AT_LEAST": "≥", "OPERATOR_AT_MOST": "≤",
             "OPERATOR_QUALITATIVE": "定性", "OPERATOR_NOT_APPLICABLE": "无"}
LEVELS = {"output": "产出指标", "benefit": "效益指标",
          "satisfaction": "满意度指标", "cost": "成本指标"}
MODES = {"MODE_CUMULATIVE": "累计", "MODE_INCREMENT": "新增"}
QUALIFIERS = {"QUALIFIER_EXACT": "确数", "QUALIFIER_AT_LEAST": "余",
              "QUALIFIER_ABOUT": "约"}
STATEMENTS = {"STATEMENT_ZERO": "0", "STATEMENT_NONE": "无",
              "STATEMENT_NOT_APPLICABLE": "——"}
METHODS = {"PAYMENT_METHOD_DIRECT": "直接支付",
           "PAYMENT_METHOD_AUTHORISED": "授权支付"}
# What no sheet holds; it is appended as events.
NOT_IN_SHEETS = ("policyAdopted", "narrativeSectionRecorded")
ENVELOPE = ("eventId", "subject", "effectiveDate", "documentDate",
            "sourceRecordedTime", "replaces")


def events(name):
    lines = (EXAMPLES / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in lines.splitlines()]


def payload_of(event):
    return next(field for field in event if field not in ENVELOPE)


def yuan(fen):
    sign, fen = ("-" if int(fen) < 0 else ""), abs(int(fen))
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def date_text(date):
    return ("" if date is None else
            f"{date['year']}-{date['month']:02d}-{date['day']:02d}")


def decimal_text(decimal):
    if decimal is None:
        return ""
    digits, scale = str(decimal.get("unscaled", 0)), decimal.get("scale", 0)
    return f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits


def measured(value):
    """(text, unit)."""
    if value is None:
        return "", ""
    if "quantity" in value:
        quantity = value["quantity"]
        return decimal_text(quantity["value"]), quantity.get("unit", "")
    return value.get("word", value.get("figure", "")), ""


def line_cells(line):
    return {"资金性质": FUNDS[line["fund"]],
            "支出性质": NATURES.get(line.get("nature"), ""),
            "项目代号": line.get("project", ""),
            "功能分类科目": line.get("functionCode", ""),
            "部门经济分类科目": line.get("economicCode", ""),
            "政府经济分类科目": line.get("governmentEconomicCode", "")}


def yes(flag):
    return "是" if flag else ""


def sheet_row(event):
    """(sheet, cells of its payload), the department and dates left out."""
    name = payload_of(event)
    said = event[name]
    if name == "departmentRegistered":
        return "部门", {"部门名称": said["name"]}
    if name == "projectRegistered":
        return "项目", {"项目代号": said["key"], "项目名称": said["name"],
                        "别名": "；".join(said["aliases"]),
                        "项目类别": "特定目标类",
                        "上级项目": said["parentProgramme"]}
    if name == "reportOpened":
        return "报告", {"资金范围": "；".join(FUNDS[f] for f in said["funds"]),
                        "记账来源": said["bookSource"], "表样": said["form"]}
    if name == "headcountRecorded":
        return "人员情况", {"编制数": said["quota"],
                            "实际在职人数": said["actual"],
                            "在职在编": said["permanent"],
                            "无固期人员": said["contract"]}
    if name == "figureStated":
        return "零与无", {"数据项": said["figure"],
                          "填报值": STATEMENTS[said["statement"]]}
    if name == "priorYearFigureStated":
        return "上年决算数", {"数据项": said["figure"],
                              "上年决算数（元）": yuan(said["amountFen"])}
    return money_row(name, said) or performance_row(name, said)


def money_row(name, said):
    if name not in ("budgetApproved", "budgetAdjusted", "incomeReceived"):
        return None
    cells = {**line_cells(said["line"]), "金额（元）": yuan(said["amountFen"]),
             "文号": said.get("documentNumber", "")}
    if name == "budgetApproved":
        return "年初预算", {**cells, "其中": yes(said.get("ofWhich")),
                            "政府采购": yes(said.get("procurement"))}
    if name == "budgetAdjusted":
        return "预算调整", {**cells, "调整类型": ADJUSTMENTS[said["kind"]],
                            "调整原因": said.get("reason", "")}
    del cells["文号"]
    return "财政拨款收入", cells


def performance_row(name, said):
    if name == "indicatorSet":
        target, unit = measured(said.get("target"))
        return "绩效指标", {
            "指标编码": said["indicator"], "一级指标": LEVELS[said["level"]],
            "二级指标": said["level2"], "三级指标": said["name"],
            "指标性质": OPERATORS[said["operator"]],
            "印出符号": said.get("printedOperator", ""), "指标值": target,
            "计量单位": unit, "分值": decimal_text(said.get("weight"))}
    if name == "indicatorResultRecorded":
        value, unit = measured(said["value"])
        return "指标完成情况", {
            "指标编码": said["indicator"], "填报方式": MODES[said["mode"]],
            "实际完成值": value, "计量单位": unit,
            "完成程度（%）": decimal_text(said.get("attainmentPercent"))}
    if name == "indicatorAssessed":
        row = {"execution": "预算执行", "total": "总分"}
        return "指标完成情况", {
            "指标编码": row.get(said["row"], said["row"]),
            "自评得分": decimal_text(said["declaredScore"]),
            "偏差原因及改进措施": said.get("deviationReason", "")}
    assert name == "activityRecorded", name
    return "履职活动", {
        "活动编码": said["activity"], "内容": said["label"],
        "数量": decimal_text(said["quantity"]["value"]),
        "计量单位": said["quantity"].get("unit", ""),
        "精确度": QUALIFIERS[said["qualifier"]],
        "项目代号": said.get("project", "")}


DATE_HEADINGS = {"年初预算": "生效日期", "预算调整": "调整日期",
                 "财政拨款收入": "到账日期", "绩效指标": "设定日期",
                 "指标完成情况": "截止日期", "履职活动": "日期",
                 "人员情况": "截止日期", "零与无": "截止日期"}


def merged(rows):
    """Result and score of the same indicator and day stand in one row."""
    kept = {}
    for row in rows:
        place = kept.setdefault((row["指标编码"], row["截止日期"]), {})
        place.update({heading: cell for heading, cell in row.items() if cell})
    return list(kept.values())


def office_rows():
    """{sheet: rows} of all that the sheets hold."""
    sheets = {}
    for item in events("budget-office"):
        event = item["event"]
        if payload_of(event) in NOT_IN_SHEETS:
            continue
        sheet, cells = sheet_row(event)
        parts = event["subject"].split("/")
        cells = {"部门代码": parts[3], **cells}
        if len(parts) == 6:
            cells["年度"] = parts[5]
        if sheet in DATE_HEADINGS:
            cells[DATE_HEADINGS[sheet]] = date_text(event["effectiveDate"])
        if "documentDate" in event:
            cells["文件日期"] = date_text(event["documentDate"])
        sheets.setdefault(sheet, []).append(cells)
    sheets["指标完成情况"] = merged(sheets["指标完成情况"])
    # The form's zeros of carry-over are amounts of 0 of its own sheet.
    sheets["结转结余"] = [
        {"部门代码": "115001", "年度": "2024", "时点": end, "资金性质": fund,
         "支出性质": nature, "金额（元）": "0", "文件日期": "2025-10-10"}
        for end, fund, nature in (("年初", "政府性基金预算", ""),
                                  ("年末", "政府性基金预算", ""),
                                  ("年末", "一般公共预算", "项目支出"))]
    sheets["零与无"] = [row for row in sheets["零与无"]
                        if not row["数据项"].endswith("carryover")]
    return sheets


def voucher_rows():
    """The vouchers that hold in the end: what was reversed is left out."""
    books = events("accounting")
    gone = {item["event"]["reversal"]["targetEventId"] for item in books
            if "reversal" in item["event"]}
    rows = []
    for item in books:
        event, personal = item["event"], item.get("personalData", {})
        if "reversal" in event or event["eventId"] in gone:
            continue
        spent = event["expenditureRecorded"]
        rows.append({
            "部门代码": "115001", "年度": "2024",
            "凭证日期": date_text(event["effectiveDate"]),
            "凭证号": spent["voucherNumber"], **line_cells(spent["line"]),
            "金额（元）": yuan(spent["amountFen"]),
            "支付方式": METHODS[spent["paymentMethod"]],
            "政府采购": yes(spent.get("procurement")),
            "合同号": spent.get("contractNumber", ""),
            "收款人": personal.get("payee", ""),
            "摘要": personal.get("summary", "")})
    return rows
