#include "clients/cli/import_text.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/table.h"
#include "clients/import/sheet_scanner.h"

namespace daybook::cli {
namespace {

using importer::ImportEffect;
using importer::ImportSummary;
using importer::RowCount;
using importer::Tally;
using importer::YuanText;

struct TallyLabel {
  Tally tally;
  const char* label;
  // What it would be called before it is done.
  const char* dry_label;
  // Sums and titles have no amount of their own.
  bool amount;
};

constexpr TallyLabel labels[] = {
    {Tally::kTitle, "标题与附注", "标题与附注", false},
    {Tally::kHeader, "表头", "表头", false},
    {Tally::kBlank, "空行", "空行", false},
    {Tally::kSubtotal, "合计行", "合计行", false},
    {Tally::kFiltered, "映射不取", "映射不取", true},
    {Tally::kCreated, "新记录", "将新记录", true},
    {Tally::kReplayed, "已记录过", "已记录过", true},
    {Tally::kCorrected, "更正", "将更正", true},
    {Tally::kDeleted, "冲销（上游已删除）", "将冲销（上游已删除）", true},
    {Tally::kAbsent, "已删除或为零，账上无", "已删除或为零，账上无", true},
    {Tally::kRejected, "拒绝", "将拒绝", true},
};

// What differs in sheets that an office fills in; null where nothing does.
const char* FormLabel(Tally tally, bool dry_run) {
  switch (tally) {
    case Tally::kFiltered:
      return "示例行";
    case Tally::kDeleted:
      return dry_run ? "将撤回（现为空白）" : "撤回（现为空白）";
    case Tally::kAbsent:
      return "空白，账上无";
    default:
      return nullptr;
  }
}

}  // namespace

std::string ImportSummaryText(const ImportSummary& summary, bool dry_run,
                              SummaryOf of) {
  const bool money = of != SummaryOf::kForm;
  std::vector<Table::Column> columns = {{"行", Table::Align::kLeft},
                                        {"行数", Table::Align::kRight}};
  if (money) columns.push_back({"金额(元)", Table::Align::kRight});
  Table table(std::move(columns));
  const auto add = [&](const char* label, const RowCount& count, bool amount) {
    std::vector<std::string> cells = {label, absl::StrCat(count.rows)};
    if (money) cells.push_back(amount ? YuanText(count.fen) : "");
    table.AddRow(std::move(cells));
  };
  for (const TallyLabel& label : labels) {
    const RowCount& count = summary.of(label.tally);
    if (count.rows == 0) continue;
    const char* const form_label =
        of == SummaryOf::kVouchers ? nullptr : FormLabel(label.tally, dry_run);
    add(form_label != nullptr ? form_label
        : dry_run             ? label.dry_label
                              : label.label,
        count, label.amount);
  }
  table.AddRule();
  add("读入", summary.read(), true);
  return table.ToString();
}

std::string ImportEffectText(const ImportEffect& effect,
                             const FiguresNow& now) {
  std::string text;
  for (const auto& [name, report] : effect.reports()) {
    absl::StrAppend(&text, "\n", name, "：", report.rows, " 行");
    if (!report.figures.empty()) {
      absl::StrAppend(&text, "，", report.fen > 0 ? "+" : "",
                      YuanText(report.fen), " 元");
    }
    absl::StrAppend(&text, "\n");
    const auto known = now.find(name);
    if (known == now.end()) continue;
    Table table({{"数据项", Table::Align::kLeft},
                 {"现在(元)", Table::Align::kRight},
                 {"变动(元)", Table::Align::kRight},
                 {"之后(元)", Table::Align::kRight}});
    for (const auto& [path, fen] : report.figures) {
      const auto found = known->second.find(path);
      const int64_t before = found == known->second.end() ? 0 : found->second;
      table.AddRow({path, found == known->second.end() ? "" : YuanText(before),
                    absl::StrCat(fen > 0 ? "+" : "", YuanText(fen)),
                    YuanText(before + fen)});
    }
    absl::StrAppend(&text, table.ToString());
  }
  return text;
}

}  // namespace daybook::cli
