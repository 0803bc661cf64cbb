#include "clients/cli/history_text.h"

#include "absl/strings/str_cat.h"
#include "clients/cli/coordinates_text.h"
#include "clients/cli/csv.h"
#include "clients/cli/display_width.h"
#include "core/budget/figure_path.h"

namespace daybook::cli {
namespace {

bool IsPlainFormRow(const v1::Figure& figure) {
  if (!figure.in_form()) return false;
  const absl::StatusOr<FigurePath> path = FigurePath::Parse(figure.path());
  return path.ok() && path->family == FigurePath::Family::kMoney &&
         path->lines.IsPlainRow();
}

}  // namespace

void KeepFigures(const std::set<std::string>& paths,
                 v1::GetReportTimelineResponse& page) {
  v1::GetReportTimelineResponse kept = page;
  kept.clear_points();
  for (const v1::TimelinePoint& point : page.points()) {
    v1::TimelinePoint some;
    *some.mutable_date() = point.date();
    for (const v1::Figure& figure : point.figures()) {
      if (paths.empty() ? IsPlainFormRow(figure)
                        : paths.contains(figure.path())) {
        *some.add_figures() = figure;
      }
    }
    if (!some.figures().empty()) *kept.add_points() = std::move(some);
  }
  page = std::move(kept);
}

Table TimelineTable() {
  return Table({{"日期"},
                {"路径"},
                {"数据项"},
                {"数值", Table::Align::kRight},
                {"单位"}});
}

void AddTimeline(const v1::GetReportTimelineResponse& page, MoneyUnit unit,
                 Table& table) {
  for (const v1::TimelinePoint& point : page.points()) {
    const bool first_day = point.date().month() == 1 && point.date().day() == 1;
    std::string day = DayText(point.date());
    for (const v1::Figure& figure : point.figures()) {
      const std::string value = FormatFigureValue(figure.value(), unit);
      if (value.empty() && first_day) continue;
      table.AddRow({day, figure.path(), figure.label(),
                    value.empty() ? "（空）" : value,
                    value.empty() ? "" : FormatUnit(figure.unit(), unit)});
      day.clear();
    }
  }
}

std::string TimelineCsv(const v1::GetReportTimelineResponse& page,
                        MoneyUnit unit) {
  std::string csv;
  for (const v1::TimelinePoint& point : page.points()) {
    for (const v1::Figure& figure : point.figures()) {
      csv += CsvRow({DayText(point.date()), figure.path(), figure.label(),
                     FormatFigureValue(figure.value(), unit),
                     FormatUnit(figure.unit(), unit)});
    }
  }
  return csv;
}

std::string ClosingText(const v1::Report& report) {
  std::string out;
  if (report.has_closed_through()) {
    absl::StrAppend(&out, "已结账至 ", DayText(report.closed_through()), "\n");
  }
  if (report.late_adjustments() > 0) {
    absl::StrAppend(&out, "结账后调整 ", report.late_adjustments(),
                    " 笔：daybook report late ", Printable(report.name()),
                    "\n");
  }
  for (const v1::Publication& publication : report.publications()) {
    const v1::ReportPublished& published = publication.published();
    absl::StrAppend(&out, "已发布 #", publication.position(), "：截至 ",
                    DayText(published.as_of()), "，账本大小 ", published.size(),
                    published.document_number().empty() ? "" : "，",
                    Printable(published.document_number()), "\n");
  }
  return out;
}

}  // namespace daybook::cli
