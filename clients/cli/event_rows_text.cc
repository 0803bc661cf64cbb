#include "clients/cli/event_rows_text.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/coordinates_text.h"
#include "core/budget/money.h"

namespace daybook::cli {
namespace {

constexpr std::pair<const char*, const char*> kinds[] = {
    {"department_registered", "部门登记"},
    {"project_registered", "项目登记"},
    {"report_opened", "开立报告"},
    {"policy_adopted", "评分规则"},
    {"budget_approved", "年初预算"},
    {"budget_adjusted", "预算调整"},
    {"income_received", "收入"},
    {"carryover_opened", "年初结转"},
    {"carryover_closed", "年末结转"},
    {"expenditure_recorded", "支出"},
    {"refund_received", "退回"},
    {"advance_paid", "暂付"},
    {"advance_cleared", "暂付核销"},
    {"reversal", "冲销"},
    {"indicator_set", "指标"},
    {"indicator_revised", "目标调整"},
    {"indicator_result_recorded", "指标结果"},
    {"indicator_assessed", "自评分"},
    {"activity_recorded", "履职情况"},
    {"headcount_recorded", "人员情况"},
    {"prior_year_figure_stated", "上年决算"},
    {"figure_stated", "数据说明"},
    {"narrative_section_recorded", "报告正文"},
    {"report_published", "发布"},
    {"personal_data_erased", "删除个人信息"},
    {"key_rotated", "更换签名密钥"},
    {"period_closed", "结账"},
    {"period_reopened", "反结账"},
};

std::string SideText(v1::EventRow::Side side) {
  switch (side) {
    case v1::EventRow::SIDE_BEFORE:
      return "前";
    case v1::EventRow::SIDE_AFTER:
      return "后";
    default:
      return "";
  }
}

std::string WriterText(const v1::EventRow& row) {
  return absl::StrCat(row.source(), row.principal().empty() ? "" : "（",
                      row.principal(), row.principal().empty() ? "" : "）");
}

// The document date only where it differs.
std::string DatesText(const v1::EventRow& row) {
  std::string text = DayText(row.effective_date());
  if (row.has_document_date()) {
    absl::StrAppend(&text, "（单据 ", DayText(row.document_date()), "）");
  }
  return text;
}

std::vector<Table::Column> ColumnsOf(EventTable::Shows shows) {
  std::vector<Table::Column> columns = {{"序号", Table::Align::kRight}};
  if (shows == EventTable::Shows::kSides) columns.push_back({"侧"});
  if (shows == EventTable::Shows::kRecorded) columns.push_back({"记录于"});
  columns.push_back({"业务日期"});
  columns.push_back({"凭证/文号"});
  columns.push_back({"事项"});
  columns.push_back({"金额(元)/内容", Table::Align::kRight});
  if (shows == EventTable::Shows::kLeaves) {
    columns.push_back({"归入"});
  } else {
    columns.push_back({"来源（操作主体）"});
  }
  columns.push_back({"关联"});
  columns.push_back({"理由（批准）"});
  return columns;
}

}  // namespace

std::string KindText(const std::string& kind) {
  for (const auto& [name, text] : kinds) {
    if (kind == name) return text;
  }
  return kind;
}

std::string RelationText(const v1::EventRow& row) {
  std::string text;
  const auto add = [&](const std::string& part) {
    absl::StrAppend(&text, text.empty() ? "" : "，", part);
  };
  if (row.has_cancels()) add(absl::StrCat("冲销 #", row.cancels()));
  if (row.has_cancelled_by()) {
    add(absl::StrCat("已被 #", row.cancelled_by(), " 冲销"));
  }
  if (row.has_replaces()) {
    const std::string& source = row.replaces().source();
    add(absl::StrCat("更正 ", source.empty() ? row.source() : source, "/",
                     row.replaces().event_id()));
  }
  return text;
}

std::string AmountText(const v1::EventRow& row) {
  // No event moves 0: it moves no money at all.
  if (!row.statement().empty() || row.amount_fen() == 0) {
    return row.statement();
  }
  return FormatYuan(Money(row.amount_fen()));
}

std::string ReasonText(const v1::EventRow& row) {
  if (row.approver().empty()) return row.reason();
  return absl::StrCat(row.reason(), "（批准：", row.approver(), "）");
}

EventTable::EventTable(Shows shows) : shows_(shows), table_(ColumnsOf(shows)) {}

void EventTable::AddRow(const v1::EventRow& row) {
  std::vector<std::string> cells = {absl::StrCat("#", row.position())};
  if (shows_ == Shows::kSides) cells.push_back(SideText(row.side()));
  if (shows_ == Shows::kRecorded) {
    cells.push_back(RecordedText(row.recorded_time_us()));
  }
  cells.push_back(DatesText(row));
  cells.push_back(row.document_number().empty() ? row.event_id()
                                                : row.document_number());
  cells.push_back(KindText(row.kind()));
  cells.push_back(AmountText(row));
  if (shows_ == Shows::kLeaves) {
    cells.push_back(row.leaf() == 0 ? "" : absl::StrCat("[", row.leaf(), "]"));
  } else {
    cells.push_back(WriterText(row));
  }
  cells.push_back(RelationText(row));
  cells.push_back(ReasonText(row));
  table_.AddRow(std::move(cells));
}

}  // namespace daybook::cli
