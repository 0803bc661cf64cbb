#include "clients/import/template_mapping.h"

#include "clients/import/mapping.h"
#include "clients/import/sheet_form.h"

namespace daybook::importer {
namespace {

// Headings and words are those of VoucherForm().
constexpr const char* mapping = R"(
title: "daybook template --kind=voucher"
key { column: "部门代码" }
key { column: "年度" }
key { column: "凭证号" }
key { column: "分录号" optional: true }
drop { column: "部门代码" prefix: "示例" }
department { column: "部门代码" }
fiscal_year { column: "年度" }
effective_date { column: "凭证日期" }
amount { unit: YUAN column: "金额（元）" }
fund {
  column: "资金性质"
  listed_only: true
  translate { from: "一般公共预算" to: "general" }
  translate { from: "政府性基金预算" to: "government_fund" }
  translate { from: "国有资本经营预算" to: "state_capital" }
  translate { from: "社会保险基金预算" to: "social_insurance" }
  translate { from: "财政专户管理资金" to: "special_account" }
  translate { from: "其他资金" to: "other" }
}
nature {
  column: "支出性质"
  optional: true
  listed_only: true
  translate { from: "基本支出" to: "basic" }
  translate { from: "人员经费" to: "personnel" }
  translate { from: "公用经费" to: "operating" }
  translate { from: "项目支出" to: "project" }
}
project { column: "项目代号" optional: true }
function_code { column: "功能分类科目" optional: true }
economic_code { column: "部门经济分类科目" optional: true }
government_economic_code { column: "政府经济分类科目" optional: true }
source_row {
  column: "资金来源"
  optional: true
  listed_only: true
  translate { from: "当年财政拨款" to: "current" }
  translate { from: "上年结转资金" to: "carried_over" }
  translate { from: "上级财政资金" to: "higher_level" }
  translate { from: "本级财政资金" to: "own_level" }
  translate { from: "单位资金" to: "unit" }
  translate { from: "其他资金" to: "other" }
}
unit { column: "预算单位" optional: true }
quota_id { column: "指标编号" optional: true }
voucher_number { column: "凭证号" }
payment_method {
  column: "支付方式"
  optional: true
  listed_only: true
  translate { from: "直接支付" to: "direct" }
  translate { from: "授权支付" to: "authorised" }
}
procurement {
  column: "政府采购"
  optional: true
  listed_only: true
  translate { from: "是" to: "yes" }
  translate { from: "否" to: "no" }
}
contract_number { column: "合同号" optional: true }
payee { column: "收款人" optional: true }
summary { column: "摘要" optional: true }
preparer { column: "制单人" optional: true }
)";

}  // namespace

absl::StatusOr<internal::VoucherMapping> TemplateVoucherMapping() {
  return ParseVoucherMapping(mapping, "the mapping of the template");
}

}  // namespace daybook::importer
