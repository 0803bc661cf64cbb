#include "clients/cli/explain_text.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/coordinates_text.h"
#include "clients/cli/display_width.h"
#include "clients/cli/event_rows_text.h"
#include "clients/cli/table.h"
#include "core/budget/money.h"

namespace daybook::cli {
namespace {

using Align = Table::Align;

const char* ExplanationKindText(v1::Explanation::Kind kind) {
  switch (kind) {
    case v1::Explanation::KIND_EVENTS:
      return "事项之和";
    case v1::Explanation::KIND_STATED:
      return "陈述";
    case v1::Explanation::KIND_ADDITION:
      return "合计";
    case v1::Explanation::KIND_PERCENTAGE:
      return "相除";
    case v1::Explanation::KIND_RULE:
      return "规则";
    case v1::Explanation::KIND_FIRST_OF:
      return "先有者";
    case v1::Explanation::KIND_NOTHING:
      return "无事项";
    default:
      return "";
  }
}

std::string LabelOf(const v1::Figure& figure) {
  return figure.label().empty() ? figure.path() : figure.label();
}

class TreePrinter {
 public:
  TreePrinter(const v1::ExplainFigureResponse& page, MoneyUnit unit)
      : page_(page), unit_(unit) {}

  std::string Print() {
    Add(page_.explanation(), "", "");
    return absl::StrCat(table_.ToString(), formulas_);
  }

 private:
  // `head` stands before the node itself, `below` before what is under it.
  void Add(const v1::Explanation& node, const std::string& head,
           const std::string& below) {
    const v1::Figure& figure = node.figure();
    const std::string value = FormatFigureValue(figure.value(), unit_);
    table_.AddRow({head + LabelOf(figure), figure.path(), value,
                   value.empty() ? "" : FormatUnit(figure.unit(), unit_),
                   ExplanationKindText(node.kind()), EventsOf(node)});
    const bool root = &node == &page_.explanation();
    if (!node.formula().empty() &&
        (root || node.kind() == v1::Explanation::KIND_RULE)) {
      absl::StrAppend(&formulas_, formulas_.empty() ? "\n公式\n" : "", "  ",
                      Printable(figure.path()), " = ",
                      Printable(node.formula()), "\n");
    }
    for (int i = 0; i < node.terms_size(); ++i) {
      const v1::ExplanationTerm& term = node.terms(i);
      const bool last = i + 1 == node.terms_size();
      Add(term.explanation(),
          absl::StrCat(below, last ? "└─ " : "├─ ",
                       term.sign() < 0 ? "- " : ""),
          absl::StrCat(below, last ? "   " : "│  "));
    }
  }

  std::string EventsOf(const v1::Explanation& node) const {
    if (node.leaf() < 1 ||
        node.leaf() > static_cast<uint32_t>(page_.leaves_size())) {
      return "";
    }
    const v1::Leaf& leaf = page_.leaves(static_cast<int>(node.leaf()) - 1);
    return absl::StrCat("[", node.leaf(), "] ", leaf.total_events(), " 笔");
  }

  const v1::ExplainFigureResponse& page_;
  const MoneyUnit unit_;
  Table table_{{{"数据项"},
                {"路径"},
                {"数值", Align::kRight},
                {"单位"},
                {"算法"},
                {"事项"}}};
  std::string formulas_;
};

}  // namespace

std::string ExplainText(const v1::ExplainFigureResponse& page, MoneyUnit unit) {
  const v1::Figure& figure = page.explanation().figure();
  std::string value = FormatFigureValue(figure.value(), unit);
  if (value.empty()) {
    value = "（空）";
  } else if (!figure.unit().empty()) {
    absl::StrAppend(&value, " ", FormatUnit(figure.unit(), unit));
  }
  return absl::StrCat(Printable(absl::StrCat(LabelOf(figure), "：", value)),
                      "\n", Printable(page.coordinates().name()), "\n",
                      CoordinatesText(page.coordinates()), "\n\n",
                      TreePrinter(page, unit).Print());
}

std::string CheckedText(const v1::ExplainFigureResponse& last_page,
                        int64_t rows, bool complete) {
  int64_t events = 0;
  int64_t events_total = 0;
  std::string sums;
  for (int i = 0; i < last_page.leaves_size(); ++i) {
    const v1::Leaf& leaf = last_page.leaves(i);
    events += leaf.events_after();
    events_total += leaf.total_events();
    const std::string sum =
        leaf.fen_after() == 0 && (leaf.total_fen() == 0 || !complete)
            ? ""
            : absl::StrCat("，合计 ", FormatYuan(Money(leaf.fen_after())),
                           " 元");
    if (last_page.leaves_size() == 1) {
      sums = sum;
    } else if (complete || leaf.events_after() != 0 || !sum.empty()) {
      absl::StrAppend(&sums, "\n  [", i + 1, "] ", Printable(leaf.figure()),
                      "：", leaf.events_after(), " 笔", sum);
    }
  }
  const std::string what = absl::StrCat(
      events, " 笔", rows == events ? "" : absl::StrCat("（", rows, " 行）"));
  const bool one_leaf = last_page.leaves_size() == 1;
  const std::string one = one_leaf ? sums : "";
  const std::string several = one_leaf ? "" : sums;
  if (complete) {
    return absl::StrCat(
        "核对：", what, one,
        last_page.has_compared_with() ? "，与差额相符" : "，与图表相符",
        several, "\n");
  }
  return absl::StrCat("核对：前 ", what, one, "，与分页结转相符；全部 ",
                      events_total, " 笔，用 --all 列出并核对", several, "\n");
}

std::string TraceText(const v1::TraceEventResponse& trace, MoneyUnit unit) {
  const v1::EventRow& event = trace.event();
  EventTable row(EventTable::Shows::kRecorded);
  row.AddRow(event);
  std::string out = absl::StrCat(
      "事项 ", Printable(absl::StrCat(event.source(), "/", event.event_id())),
      "\n", Printable(trace.coordinates().name()), "\n",
      CoordinatesText(trace.coordinates()), "\n\n", row.TakeRows(), "\n");
  if (trace.figures().empty()) {
    return absl::StrCat(out, "不归入任何数据项\n");
  }
  Table table(
      {{"数据项"}, {"路径"}, {"数值", Align::kRight}, {"单位"}, {"经由"}});
  for (const v1::FigureUse& use : trace.figures()) {
    const v1::Figure& figure = use.figure();
    table.AddRow({LabelOf(figure), figure.path(),
                  FormatFigureValue(figure.value(), unit),
                  FormatUnit(figure.unit(), unit),
                  absl::StrJoin(use.leaves(), "，")});
  }
  return absl::StrCat(out, "归入 ", trace.figures_size(), " 个数据项\n\n",
                      table.ToString());
}

}  // namespace daybook::cli
