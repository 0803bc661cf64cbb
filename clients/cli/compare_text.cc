#include "clients/cli/compare_text.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/coordinates_text.h"
#include "clients/cli/display_width.h"
#include "clients/cli/event_rows_text.h"
#include "clients/cli/table.h"
#include "core/base/decimal.h"

namespace daybook::cli {
namespace {

using Align = Table::Align;

std::string LabelOf(const v1::FigureDifference& figure) {
  return figure.label().empty() ? figure.path() : figure.label();
}

// Figures that differ by the same events.
struct Cause {
  std::vector<const v1::FigureDifference*> figures;
};

// In the order of the first figure of each.
std::vector<Cause> CausesOf(
    const std::vector<v1::FigureDifference>& differences) {
  std::vector<Cause> causes;
  std::map<std::string, size_t> known;
  for (const v1::FigureDifference& figure : differences) {
    if (figure.events().empty()) continue;
    std::string key = figure.has_more_events() ? "more" : "";
    for (v1::EventRow row : figure.events()) {
      row.clear_leaf();
      absl::StrAppend(&key, row.SerializeAsString());
    }
    const auto [place, inserted] = known.emplace(key, causes.size());
    if (inserted) causes.emplace_back();
    causes[place->second].figures.push_back(&figure);
  }
  return causes;
}

std::string CauseText(const Cause& cause) {
  std::string out = "\n";
  for (const v1::FigureDifference* figure : cause.figures) {
    absl::StrAppend(
        &out, Printable(absl::StrCat(LabelOf(*figure), " ", figure->path())),
        "\n");
  }
  EventTable table(EventTable::Shows::kSides);
  for (const v1::EventRow& row : cause.figures.front()->events()) {
    table.AddRow(row);
  }
  return absl::StrCat(out, table.TakeRows(),
                      cause.figures.front()->has_more_events()
                          ? "还有更多事项：daybook report explain 加两侧坐标"
                            "列出全部\n"
                          : "");
}

}  // namespace

std::string DifferenceText(const v1::FigureValue& before,
                           const v1::FigureValue& after, MoneyUnit unit) {
  v1::FigureValue difference;
  if (before.has_amount_fen() && after.has_amount_fen()) {
    int64_t fen = 0;
    if (__builtin_sub_overflow(after.amount_fen(), before.amount_fen(), &fen)) {
      return "";
    }
    difference.set_amount_fen(fen);
    return absl::StrCat(fen > 0 ? "+" : "",
                        FormatFigureValue(difference, unit));
  }
  if (!before.has_number() || !after.has_number()) return "";
  const uint32_t scale =
      std::max(before.number().scale(), after.number().scale());
  if (scale > Decimal::scale_max) return "";
  const auto sum =
      Decimal(after.number().unscaled(), after.number().scale())
          .Plus(Decimal(-before.number().unscaled(), before.number().scale()));
  if (!sum.ok()) return "";
  return absl::StrCat(sum->unscaled() > 0 ? "+" : "", sum->ToString());
}

std::string CompareText(const v1::CompareReportsResponse& page,
                        const std::vector<v1::FigureDifference>& differences,
                        MoneyUnit unit) {
  std::string out = absl::StrCat(
      "前：", Printable(page.before().name()), "\n    ",
      CoordinatesText(page.before()), "\n后：", Printable(page.after().name()),
      "\n    ", CoordinatesText(page.after()), "\n\n");
  if (differences.empty()) {
    return absl::StrCat(out, "没有不同的数据项\n");
  }
  Table table({{"数据项"},
               {"路径"},
               {"前", Align::kRight},
               {"后", Align::kRight},
               {"差额", Align::kRight},
               {"单位"}});
  for (const v1::FigureDifference& figure : differences) {
    table.AddRow({LabelOf(figure), figure.path(),
                  FormatFigureValue(figure.before(), unit),
                  FormatFigureValue(figure.after(), unit),
                  DifferenceText(figure.before(), figure.after(), unit),
                  FormatUnit(figure.unit(), unit)});
  }
  absl::StrAppend(&out, table.ToString(), "\n共 ", differences.size(),
                  " 个数据项不同\n");
  for (const Cause& cause : CausesOf(differences)) {
    absl::StrAppend(&out, CauseText(cause));
  }
  return out;
}

std::string ChangeText(const v1::ReportChange& change, MoneyUnit unit) {
  std::string out;
  for (const v1::EventRow& row : change.events()) {
    std::string line = absl::StrCat("#", row.position(), "  ",
                                    RecordedText(row.recorded_time_us()));
    for (const std::string& part :
         {DayText(row.effective_date()), KindText(row.kind()),
          row.document_number().empty() ? row.event_id()
                                        : row.document_number(),
          row.amount_fen() != 0 && row.statement().empty()
              ? absl::StrCat(AmountText(row), " 元")
              : AmountText(row),
          absl::StrCat(row.source()), RelationText(row), ReasonText(row)}) {
      if (!part.empty()) absl::StrAppend(&line, "  ", part);
    }
    absl::StrAppend(&out, Printable(line), "\n");
  }
  const auto shown = static_cast<uint64_t>(change.events_size());
  if (change.events_total() > shown) {
    absl::StrAppend(&out, "…  另有 ", change.events_total() - shown,
                    " 个事项未列\n");
  }
  for (const v1::FigureDifference& figure : change.figures()) {
    const auto value = [&](const v1::FigureValue& v) {
      const std::string text = FormatFigureValue(v, unit);
      return text.empty() ? "（空）" : text;
    };
    absl::StrAppend(
        &out,
        Printable(absl::StrCat(
            "  ", figure.path(), " ", figure.label(), "  ",
            value(figure.before()), " → ", value(figure.after()),
            figure.unit().empty() ? "" : " ", FormatUnit(figure.unit(), unit))),
        "\n");
  }
  return out;
}

}  // namespace daybook::cli
