#include "clients/cli/report_folder.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/admission/references.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/report/bucket.h"
#include "core/report/figure_label.h"
#include "core/report/figures.h"
#include "core/report/posting.h"

namespace daybook::cli {
namespace {

LineFilter::NatureRow RowOf(v1::Nature nature) {
  switch (nature) {
    case v1::NATURE_BASIC:
      return LineFilter::NatureRow::kBasic;
    case v1::NATURE_PERSONNEL:
      return LineFilter::NatureRow::kPersonnel;
    case v1::NATURE_OPERATING:
      return LineFilter::NatureRow::kOperating;
    case v1::NATURE_PROJECT:
      return LineFilter::NatureRow::kProject;
    default:
      return LineFilter::NatureRow::kAny;
  }
}

// The measures that an event of this kind moves, its own first.
std::vector<Measure> MeasuresOf(MoneyKind kind) {
  switch (kind) {
    case MoneyKind::kApproved:
      return {Measure::kApproved, Measure::kAdjusted, Measure::kExecutionRate};
    case MoneyKind::kAdjustment:
    case MoneyKind::kRecovery:
    case MoneyKind::kCarriedOverAllocation:
      return {Measure::kAdjustment, Measure::kAdjusted,
              Measure::kExecutionRate};
    case MoneyKind::kIncome:
      return {Measure::kIncome};
    case MoneyKind::kOpeningCarryover:
      return {Measure::kOpeningCarryover};
    case MoneyKind::kClosingCarryover:
      return {Measure::kClosingCarryover};
    case MoneyKind::kExecuted:
      return {Measure::kExecuted, Measure::kExecutionRate};
    case MoneyKind::kAdvance:
      return {Measure::kAdvances};
    case MoneyKind::kPriorRefund:
      return {Measure::kPriorRefunded};
    case MoneyKind::kApprovedOfWhich:
    case MoneyKind::kLate:
      break;
  }
  return {};
}

void AddPath(const std::string& text, std::vector<FigurePath>& paths) {
  const auto path = FigurePath::Parse(text);
  if (path.ok()) paths.push_back(*path);
}

void AddMoneyPaths(const Bucket& bucket, std::vector<FigurePath>& paths) {
  const std::vector<Measure> measures = MeasuresOf(bucket.kind);
  if (measures.empty()) return;
  LineFilter own;
  own.fund = bucket.line.fund();
  own.nature = RowOf(bucket.line.nature());
  if (own.nature == LineFilter::NatureRow::kProject) {
    own.project = bucket.line.project();
  }
  LineFilter nature = own;
  nature.project.clear();
  LineFilter fund;
  fund.fund = bucket.line.fund();
  for (const LineFilter& lines : {own, nature, fund, LineFilter()}) {
    FigurePath path;
    path.lines = lines;
    for (const Measure measure : measures) {
      path.measure = measure;
      // The sums and rates of single rows would be more than one reads.
      if (measure == measures.front() || !lines.fund.has_value()) {
        paths.push_back(path);
      }
    }
  }
  AddPath("score.execution", paths);
}

// The figures that the event may change, those nearest to it first.
absl::StatusOr<std::vector<FigurePath>> PathsOf(const v1::Event& event,
                                                const std::string& source) {
  std::vector<FigurePath> paths;
  for (const MoneyFact& fact : MoneyFactsOf(event, source)) {
    ASSIGN_OR_RETURN(const Bucket bucket, ParseBucketKey(fact.bucket_key));
    AddMoneyPaths(bucket, paths);
  }
  if (event.has_activity_recorded()) {
    AddPath(
        absl::StrCat("activity[", event.activity_recorded().activity(), "]"),
        paths);
  } else if (event.has_headcount_recorded()) {
    for (const char* name : {"quota", "actual", "permanent", "contract"}) {
      AddPath(absl::StrCat("headcount.", name), paths);
    }
  } else if (event.has_prior_year_figure_stated()) {
    AddPath(event.prior_year_figure_stated().figure(), paths);
  } else if (event.has_figure_stated()) {
    AddPath(event.figure_stated().figure(), paths);
  } else if (event.has_indicator_assessed()) {
    const std::string& row = event.indicator_assessed().row();
    AddPath(absl::StrCat("score.indicator[", row, "]"), paths);
    AddPath(absl::StrCat("score.", row), paths);
  } else if (const std::string id = IndicatorOf(event); !id.empty()) {
    AddPath(absl::StrCat("score.indicator[", id, "]"), paths);
  }
  AddPath("score.total", paths);
  AddPath("score.grade", paths);
  std::vector<FigurePath> once;
  std::vector<std::string> seen;
  for (FigurePath& path : paths) {
    std::string text = path.ToString();
    if (std::find(seen.begin(), seen.end(), text) != seen.end()) continue;
    seen.push_back(std::move(text));
    once.push_back(std::move(path));
  }
  return once;
}

}  // namespace

absl::Status ReportFolder::Apply(const v1::Entry& entry) {
  RETURN_IF_ERROR(FindTarget(entry));
  return Fold(entry);
}

absl::StatusOr<std::vector<FigureChange>> ReportFolder::Explain(
    const v1::Entry& entry) {
  RETURN_IF_ERROR(FindTarget(entry));
  std::vector<FigureChange> changes;
  if (entry.event().subject() != report_.name().ToString()) {
    RETURN_IF_ERROR(Fold(entry));
    return changes;
  }
  const v1::Entry& moving = target_.has_value() ? *target_ : entry;
  ASSIGN_OR_RETURN(const std::vector<FigurePath> paths,
                   PathsOf(moving.event(), moving.source()));
  std::vector<v1::FigureValue> before = Values(paths);
  RETURN_IF_ERROR(Fold(entry));
  std::vector<v1::FigureValue> after = Values(paths);
  const Figures figures(report_, department_,
                        LastDay(report_.name().fiscal_year()));
  for (size_t i = 0; i < paths.size(); ++i) {
    if (before[i].SerializeAsString() == after[i].SerializeAsString()) continue;
    changes.push_back({paths[i].ToString(), FigureLabel(figures, paths[i]),
                       figures.Unit(paths[i]), std::move(before[i]),
                       std::move(after[i])});
  }
  return changes;
}

absl::Status ReportFolder::FindTarget(const v1::Entry& entry) {
  target_.reset();
  if (!entry.event().has_reversal() ||
      entry.event().subject() != report_.name().ToString()) {
    return absl::OkStatus();
  }
  const auto named = TargetOf(entry.event(), entry.source());
  ASSIGN_OR_RETURN(target_, find_event_(*named));
  if (target_.has_value()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      "position ", entry.position(), " reverses ", named->source(), "/",
      named->event_id(), ", which is not recorded before it"));
}

absl::Status ReportFolder::Fold(const v1::Entry& entry) {
  const v1::Event& event = entry.event();
  const v1::Entry* const target = target_.has_value() ? &*target_ : nullptr;
  if (event.subject() == report_.name().DepartmentString()) {
    ASSIGN_OR_RETURN(const Posting posting, PostingOf(entry, target, false));
    return posting.stated.has_value() ? department_.Apply(*posting.stated)
                                      : absl::OkStatus();
  }
  if (event.subject() != report_.name().ToString()) return absl::OkStatus();
  const auto day = ToCivilDay(event.effective_date());
  const bool is_late = report_.closed_through().has_value() &&
                       (ChangesEveryDay(event) ||
                        (day.ok() && *report_.closed_through() >= *day));
  ASSIGN_OR_RETURN(const Posting posting, PostingOf(entry, target, is_late));
  return report_.Apply(posting);
}

// Blank before the report was opened.
std::vector<v1::FigureValue> ReportFolder::Values(
    const std::vector<FigurePath>& paths) const {
  std::vector<v1::FigureValue> values(paths.size());
  if (!report_.is_opened()) return values;
  const Figures figures(report_, department_,
                        LastDay(report_.name().fiscal_year()));
  for (size_t i = 0; i < paths.size(); ++i) {
    values[i] = figures.Value(paths[i]);
  }
  return values;
}

}  // namespace daybook::cli
