#include "clients/cli/event_words.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/coordinates_text.h"
#include "clients/cli/display_width.h"
#include "clients/cli/event_rows_text.h"
#include "core/admission/references.h"
#include "core/budget/code_list.h"
#include "core/budget/money.h"
#include "core/budget/resource_name.h"
#include "core/report/bucket.h"
#include "core/report/entry_filter.h"
#include "core/report/event_row.h"

namespace daybook::cli {
namespace {

const char* AdjustmentText(v1::BudgetAdjusted::Kind kind) {
  switch (kind) {
    case v1::BudgetAdjusted::KIND_SUPPLEMENT:
      return "预算追加";
    case v1::BudgetAdjusted::KIND_REDUCTION:
      return "预算调减";
    case v1::BudgetAdjusted::KIND_REALLOCATION:
      return "预算调剂";
    case v1::BudgetAdjusted::KIND_ALLOCATION:
      return "预算下达";
    case v1::BudgetAdjusted::KIND_RECOVERY:
      return "预算收回";
    case v1::BudgetAdjusted::KIND_CARRIED_OVER_ALLOCATION:
      return "结转下达";
    default:
      return "预算调整";
  }
}

const char* NatureKey(v1::Nature nature) {
  switch (nature) {
    case v1::NATURE_BASIC:
      return "basic";
    case v1::NATURE_PERSONNEL:
      return "personnel";
    case v1::NATURE_OPERATING:
      return "operating";
    case v1::NATURE_PROJECT:
      return "project";
    default:
      return "";
  }
}

int YearOf(const v1::Event& event) {
  const auto name = ResourceName::Parse(event.subject());
  return name.ok() ? name->fiscal_year() : 0;
}

// "一般公共预算 项目支出 rehabilitation 2081105 30227".
std::string LineWords(const v1::Event& event, Language language) {
  const v1::Line* const line = LineOfEvent(event);
  if (line == nullptr || line->fund() == v1::FUND_UNSPECIFIED) return "";
  const CodeList& codes = CodeList::ForFiscalYear(YearOf(event));
  std::string words;
  const auto add = [&](absl::string_view part) {
    if (!part.empty()) absl::StrAppend(&words, words.empty() ? "" : " ", part);
  };
  const auto named = [&](CodeList::Kind kind, absl::string_view code) {
    if (code.empty()) return;
    const absl::string_view name = codes.Name(kind, code);
    add(language == Language::kChinese && !name.empty() ? name : code);
  };
  named(CodeList::Kind::kFund, FundName(line->fund()));
  named(CodeList::Kind::kNature, NatureKey(line->nature()));
  add(line->project());
  named(CodeList::Kind::kFunction, line->function_code());
  named(CodeList::Kind::kEconomic, line->economic_code());
  return words;
}

std::string KindWords(const v1::Event& event, const v1::EventRow& row,
                      Language language) {
  if (language == Language::kEnglish) {
    return absl::StrReplaceAll(row.kind(), {{"_", " "}});
  }
  if (event.has_budget_adjusted()) {
    return AdjustmentText(event.budget_adjusted().kind());
  }
  return KindText(row.kind());
}

std::string IdentityWords(const v1::EventIdentity& identity,
                          const std::string& source) {
  return absl::StrCat(identity.source().empty() ? source : identity.source(),
                      "/", identity.event_id());
}

// What the event is about, beside kind and amount.
std::vector<std::string> PartsOf(const v1::Entry& entry,
                                 const v1::EventRow& row, Language language) {
  const bool chinese = language == Language::kChinese;
  const v1::Event& event = entry.event();
  std::vector<std::string> parts;
  const auto add = [&](const char* zh, const char* en,
                       const std::string& text) {
    if (text.empty()) return;
    const char* const what = chinese ? zh : en;
    parts.push_back(absl::StrCat(what, *what == '\0' ? "" : " ", text));
  };
  add("", "", LineWords(event, language));
  add("编号", "number", absl::StrJoin(NumbersOf(event), chinese ? "、" : ", "));
  const std::string indicator = IndicatorOf(event);
  add("指标", "indicator", indicator);
  add("", "", row.statement());
  if (const auto target = TargetOf(event, entry.source())) {
    add("对应事项", "of event", IdentityWords(*target, entry.source()));
  }
  if (row.has_replaces()) {
    add("更正", "replaces", IdentityWords(row.replaces(), entry.source()));
  }
  add("理由", "because", row.reason());
  add("批准", "approved by", row.approver());
  return parts;
}

std::string Signed(const v1::FigureValue& value, const std::string& text) {
  return value.amount_fen() > 0 ? absl::StrCat("+", text) : text;
}

}  // namespace

std::string EventWords(const v1::Entry& entry,
                       const std::optional<v1::Entry>& target,
                       Language language) {
  const bool chinese = language == Language::kChinese;
  const std::string recorded = RecordedText(entry.recorded_time_us());
  if (entry.has_genesis()) {
    return absl::StrCat("#", entry.position(), chinese ? " 建账 " : " genesis ",
                        Printable(entry.genesis().origin()),
                        chinese ? "；记录于 " : "; recorded ", recorded);
  }
  const v1::Event& event = entry.event();
  const v1::EventRow row = EventRowOf(entry);
  std::string words = absl::StrCat("#", entry.position());
  if (event.has_effective_date()) {
    absl::StrAppend(&words, " ", DayText(event.effective_date()));
  }
  absl::StrAppend(&words, " ", KindWords(event, row, language));
  const v1::Entry& moving = target.has_value() ? *target : entry;
  const MoneyFacts facts = MoneyFactsOf(moving.event(), moving.source());
  if (!facts.empty()) {
    const int64_t fen = target.has_value() ? -facts[0].fen : facts[0].fen;
    absl::StrAppend(&words, " ", FormatYuan(Money(fen)),
                    chinese ? " 元" : " yuan");
  }
  for (const std::string& part : PartsOf(entry, row, language)) {
    absl::StrAppend(&words, chinese ? "，" : ", ", Printable(part));
  }
  absl::StrAppend(&words, chinese ? "；" : "; ", Printable(entry.source()), "/",
                  Printable(event.event_id()),
                  chinese ? " 记录于 " : " recorded ", recorded);
  return words;
}

std::string ChangeWords(const FigureChange& change, MoneyUnit unit,
                        Language language) {
  const bool chinese = language == Language::kChinese;
  const std::string printed_unit = FormatUnit(change.unit, unit);
  const std::string of_unit =
      printed_unit.empty() ? "" : absl::StrCat(" ", printed_unit);
  const auto text = [&](const v1::FigureValue& value) {
    const std::string printed = FormatFigureValue(value, unit);
    if (printed.empty()) return std::string(chinese ? "空" : "blank");
    return absl::StrCat(printed, of_unit);
  };
  const std::string name = chinese ? change.label : change.path;
  if (change.after.has_amount_fen()) {
    // A blank sum counts as nothing.
    v1::FigureValue delta;
    delta.set_amount_fen(change.after.amount_fen() -
                         change.before.amount_fen());
    return absl::StrCat(Printable(name), " ", Signed(delta, text(delta)),
                        chinese ? " → 本年累计 " : " → in all ",
                        text(change.after));
  }
  return absl::StrCat(Printable(name), " ", text(change.before), " → ",
                      text(change.after));
}

}  // namespace daybook::cli
