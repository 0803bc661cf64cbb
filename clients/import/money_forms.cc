// The forms of money: vouchers, quotas, adjustments, carry-over and income.

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/import/sheet_form_parts.h"
#include "daybook/v1/budget_events.pb.h"
#include "daybook/v1/values.pb.h"

namespace daybook::importer {
namespace {

using Format = Column::Format;

}  // namespace

Column DepartmentColumn() {
  return {
      Field::kDepartment,
      "部门代码",
      true,
      Format::kCode,
      absl::StrCat(kExampleMark, "115001"),
      "部门在账本中的代码，字母、数字和“-”，最多32位。以“示例”开头的行只作示范"
      "，导入时跳过，可以保留也可以删除"};
}

Column FiscalYearColumn() {
  return {Field::kFiscalYear, "年度", true,
          Format::kCode,      "2024", "预算年度，四位数字"};
}

Column SequenceColumn() {
  return {Field::kSequence,
          "序号",
          false,
          Format::kCode,
          "",
          "只在两行的其他标识列全部相同时填写，用来区分它们，如 1、2；填后不要"
          "再改"};
}

Column ProjectColumn() {
  return {
      Field::kProject,
      "项目代号",
      false,
      Format::kCode,
      "rehabilitation",
      "登记项目时起的代号，小写字母、数字和下划线；见 base-data 的“项目”表"};
}

Column DocumentDateColumn() {
  return {
      Field::kDocumentDate, "文件日期",   false,
      Format::kDate,        "2024-01-19", "文件上的日期；只作显示，不影响统计"};
}

Column DocumentNumberColumn() {
  return {Field::kDocumentNumber,
          "文号",
          false,
          Format::kText,
          "株芦财预〔2024〕1号",
          "批复或调整文件的文号，最多128字节"};
}

Column EffectiveDateColumn(const std::string& heading,
                           const std::string& fallback,
                           const std::string& example) {
  return {
      Field::kEffectiveDate,
      heading,
      fallback.empty(),
      Format::kDate,
      example,
      fallback.empty()
          ? "这件事发生或生效的日期，须在本年度内"
          : absl::StrCat("这件事所说的日期，须在本年度内；空白即", fallback)};
}

Column AmountColumn(const std::string& heading, const std::string& example,
                    const std::string& note) {
  return {Field::kAmount,
          heading,
          true,
          Format::kAmount,
          example,
          absl::StrCat(note,
                       "。以元填写，最多两位小数；把表头改为“万元”即按万元"
                       "读取，最多六位小数")};
}

Column YesNoColumn(Field field, const std::string& heading,
                   const std::string& note) {
  return {field,
          heading,
          false,
          Format::kText,
          "否",
          note,
          {{"是", kYes}, {"否", 0}}};
}

std::vector<Column> LineColumns() {
  return {
      {Field::kFund,
       "资金性质",
       true,
       Format::kText,
       "一般公共预算",
       "资金从哪里来",
       {{"一般公共预算", v1::FUND_GENERAL},
        {"政府性基金预算", v1::FUND_GOVERNMENT_FUND},
        {"国有资本经营预算", v1::FUND_STATE_CAPITAL},
        {"社会保险基金预算", v1::FUND_SOCIAL_INSURANCE},
        {"财政专户管理资金", v1::FUND_SPECIAL_ACCOUNT},
        {"其他资金", v1::FUND_OTHER}}},
      {Field::kNature,
       "支出性质",
       false,
       Format::kText,
       "项目支出",
       "钱用于什么；空白即不分，只计入资金性质的合计",
       {{"基本支出", v1::NATURE_BASIC},
        {"人员经费", v1::NATURE_PERSONNEL},
        {"公用经费", v1::NATURE_OPERATING},
        {"项目支出", v1::NATURE_PROJECT}}},
      ProjectColumn(),
      {Field::kFunctionCode, "功能分类科目", false, Format::kCode, "2081104",
       "支出功能分类科目编码，3、5或7位"},
      {Field::kEconomicCode, "部门经济分类科目", false, Format::kCode, "",
       "部门预算支出经济分类科目编码，3或5位"},
      {Field::kGovernmentEconomicCode, "政府经济分类科目", false, Format::kCode,
       "", "政府预算支出经济分类科目编码，3或5位"},
      {Field::kSourceRow,
       "资金来源",
       false,
       Format::kText,
       "",
       "项目自评表中的资金行",
       {{"当年财政拨款", v1::SOURCE_ROW_CURRENT},
        {"上年结转资金", v1::SOURCE_ROW_CARRIED_OVER},
        {"上级财政资金", v1::SOURCE_ROW_HIGHER_LEVEL},
        {"本级财政资金", v1::SOURCE_ROW_OWN_LEVEL},
        {"单位资金", v1::SOURCE_ROW_UNIT},
        {"其他资金", v1::SOURCE_ROW_OTHER}}},
      {Field::kUnit, "预算单位", false, Format::kCode, "",
       "部门下属预算单位的代码"},
      {Field::kQuota, "指标编号", false, Format::kCode, "",
       "用款额度指标的编号（不是绩效指标），最多64字节"},
  };
}

std::vector<Column> Joined(std::vector<std::vector<Column>> parts) {
  std::vector<Column> all;
  for (std::vector<Column>& part : parts) {
    for (Column& column : part) all.push_back(std::move(column));
  }
  return all;
}

WorkbookForm VoucherForm() {
  return {
      "voucher",
      "支出凭证",
      {{"支出凭证", "voucher", "每行一笔支出凭证的一条分录",
        Joined({{DepartmentColumn(),
                 FiscalYearColumn(),
                 EffectiveDateColumn("凭证日期", "", "2024-03-15"),
                 {Field::kVoucherNumber, "凭证号", true, Format::kCode,
                  "2024-03-0012",
                  "凭证字号，在部门和年度内不重复（每月重新编号时带上月份）"},
                 {Field::kVoucherLine, "分录号", false, Format::kCode, "1",
                  "一张凭证有多行时区分各行"}},
                LineColumns(),
                {AmountColumn("金额（元）", "12800.00", "支出为正，红字为负"),
                 {Field::kPaymentMethod,
                  "支付方式",
                  false,
                  Format::kText,
                  "直接支付",
                  "国库怎样付款",
                  {{"直接支付", v1::ExpenditureRecorded::PAYMENT_METHOD_DIRECT},
                   {"授权支付",
                    v1::ExpenditureRecorded::PAYMENT_METHOD_AUTHORISED}}},
                 YesNoColumn(Field::kProcurement, "政府采购", "是否政府采购"),
                 {Field::kContractNumber, "合同号", false, Format::kCode, "",
                  "合同编号，最多64字节"},
                 {Field::kPayee, "收款人", false, Format::kText, "示例康复机构",
                  "个人信息：与记录分开保存，可依申请删除"},
                 {Field::kSummary, "摘要", false, Format::kText, "康复训练补助",
                  "个人信息：与记录分开保存，可依申请删除"},
                 {Field::kPreparer, "制单人", false, Format::kText, "",
                  "个人信息：与记录分开保存，可依申请删除"}}})}}};
}

WorkbookForm QuotaForm() {
  return {
      "quota",
      "年初预算",
      {{"年初预算", "quota", "每行一条年初批复的预算或指标",
        Joined(
            {{DepartmentColumn(), FiscalYearColumn()},
             LineColumns(),
             {AmountColumn(
                  "金额（元）", "2015000.00",
                  "年初批复数。空白即不填报；0、无、——分别按“零”、“没有”、“不"
                  "适用”记录"),
              YesNoColumn(Field::kOfWhich, "其中",
                          "是：金额已包含在另一行里，只说明其中一部分的用途，仅"
                          "计入专项行（如三公经费）"),
              YesNoColumn(Field::kProcurement, "政府采购", "是否政府采购"),
              DocumentNumberColumn(), DocumentDateColumn(),
              EffectiveDateColumn("生效日期", "1月1日", ""),
              SequenceColumn()}})}}};
}

WorkbookForm AdjustmentForm() {
  using Kind = v1::BudgetAdjusted;
  return {"adjustment",
          "预算调整",
          {{"预算调整", "adjustment", "每行一条年中的预算调整",
            Joined({{DepartmentColumn(),
                     FiscalYearColumn(),
                     EffectiveDateColumn("调整日期", "", "2024-08-30"),
                     {Field::kAdjustmentKind,
                      "调整类型",
                      true,
                      Format::kText,
                      "调减",
                      "追加、下达、结转下达填正数；调减、收回填负数；调剂一正一"
                      "负，须填"
                      "调剂编号",
                      {{"追加", Kind::KIND_SUPPLEMENT},
                       {"调减", Kind::KIND_REDUCTION},
                       {"调剂", Kind::KIND_REALLOCATION},
                       {"下达", Kind::KIND_ALLOCATION},
                       {"收回", Kind::KIND_RECOVERY},
                       {"结转下达", Kind::KIND_CARRIED_OVER_ALLOCATION}}}},
                    LineColumns(),
                    {AmountColumn("金额（元）", "-520000.00",
                                  "带符号的调整金额，不能为0；空白即不填报"),
                     {Field::kTransfer, "调剂编号", false, Format::kCode, "",
                      "调剂的调出行和调入行填同一编号，最多64字节；调剂必填"},
                     {Field::kReason, "调整原因", false, Format::kText,
                      "项目进度放缓，年中调减", "最多1024字节"},
                     DocumentNumberColumn(),
                     DocumentDateColumn(),
                     SequenceColumn()}})}}};
}

WorkbookForm CarryoverForm() {
  return {"carryover",
          "结转结余",
          {{"结转结余", "carryover", "每行一笔年初或年末的结转和结余",
            Joined({{DepartmentColumn(),
                     FiscalYearColumn(),
                     {Field::kCarryoverEnd,
                      "时点",
                      true,
                      Format::kText,
                      "年初",
                      "年初：上年结转来的；年末：结转到下年的",
                      {{"年初", kOpening}, {"年末", kClosing}}}},
                    LineColumns(),
                    {AmountColumn(
                         "金额（元）", "36000.00",
                         "空白即不填报；0、无、——分别按“零”、“没有”、“不适用”记"
                         "录"),
                     DocumentDateColumn(), SequenceColumn()}})}}};
}

WorkbookForm IncomeForm() {
  return {"income",
          "财政拨款收入",
          {{"财政拨款收入", "income", "每行一笔到账的财政拨款",
            Joined({{DepartmentColumn(), FiscalYearColumn(),
                     EffectiveDateColumn("到账日期", "", "2024-01-08")},
                    LineColumns(),
                    {AmountColumn(
                         "金额（元）", "1513000.00",
                         "收到为正，更正为负。空白即不填报；0、无、——分别按“零"
                         "”、“没有”、“不适用”记录"),
                     DocumentDateColumn(), SequenceColumn()}})}}};
}

}  // namespace daybook::importer
