#include "services/report/watch_report.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/report/figure_difference.h"
#include "core/report/figure_list.h"
#include "core/report/figures.h"
#include "services/grpc/request_check.h"
#include "services/report/event_rows.h"
#include "services/report/one_generation.h"
#include "services/report/report_place.h"

namespace daybook::services {
namespace {

// Entries that one message tells of, and lists.
constexpr size_t entries_max = 1'000;
constexpr size_t listed_max = 100;

// How often an idle watch looks whether it is stopped.
constexpr absl::Duration idle_wait = absl::Milliseconds(250);

class Watch {
 public:
  Watch(LedgerEngine& engine, ResourceName name, absl::CivilDay as_of)
      : engine_(engine), name_(std::move(name)), as_of_(as_of) {}

  // Learns the report as known at the size that the caller knows. One that did
  // not exist by then has no figures; one that does not exist now is an error.
  absl::Status Begin(LogSize from) {
    size_ = from;
    RETURN_IF_ERROR(
        engine_.ReadReport(name_, std::nullopt, [](const ReportInput&) {}));
    return LearnKnown();
  }

  // Tells the next piece, or a mark, or waits; false when the caller hung up.
  absl::StatusOr<bool> Step(
      absl::FunctionRef<bool(const v1::WatchReportResponse&)> tell) {
    const LogSize tip = engine_.size();
    ASSIGN_OR_RETURN(const LogSize changed, engine_.LastChange(name_));
    if (changed <= size_) {
      size_ = std::max(size_, tip);
      if (!caught_up_) {
        caught_up_ = true;
        return tell(Mark(true));
      }
      engine_.WaitForSize(LogSize(size_.value() + 1), absl::Now() + idle_wait)
          .IgnoreError();
      return true;
    }
    ASSIGN_OR_RETURN(
        const ReportChanges changes, ReadOneGeneration(engine_, [&] {
          return engine_.history().Changes(name_, size_, tip, entries_max);
        }));
    if (changes.positions.empty()) {
      // What changed is not visible at the tip yet.
      size_ = changes.size;
      return true;
    }
    if (caught_up_ && changes.size < tip) {
      caught_up_ = false;
      if (!tell(Mark(false))) return false;
    }
    ASSIGN_OR_RETURN(
        const v1::WatchReportResponse message,
        ReadOneGeneration(engine_, [&] { return Change(changes); }));
    size_ = changes.size;
    figures_ = std::move(next_figures_);
    return tell(message);
  }

 private:
  absl::Status ReadFigures(LogSize size, std::vector<v1::Figure>& figures) {
    return engine_.ReadReport(name_, size, [&](const ReportInput& input) {
      figures = ListFigures(Figures(input.report, input.department, as_of_));
      recorded_time_us_ = input.recorded_time_us;
    });
  }

  // The figures at the size up to where everything was told.
  absl::Status LearnKnown() {
    generation_ = engine_.generation();
    figures_.clear();
    const absl::Status read = ReadFigures(size_, figures_);
    return absl::IsNotFound(read) ? absl::OkStatus() : read;
  }

  v1::WatchReportResponse Mark(bool caught_up) const {
    v1::WatchReportResponse message;
    v1::WatchMark& mark = caught_up ? *message.mutable_caught_up()
                                    : *message.mutable_fell_behind();
    mark.set_size(size_.value());
    mark.set_ledger_size(engine_.size().value());
    return message;
  }

  absl::StatusOr<v1::WatchReportResponse> Change(const ReportChanges& changes) {
    if (generation_ != engine_.generation()) RETURN_IF_ERROR(LearnKnown());
    RETURN_IF_ERROR(ReadFigures(changes.size, next_figures_));
    v1::WatchReportResponse message;
    v1::ReportChange& change = *message.mutable_change();
    change.set_size(changes.size.value());
    change.set_recorded_time_us(recorded_time_us_);
    change.set_events_total(changes.positions.size());
    const PinnedPlace place{name_, as_of_, changes.size};
    EventRows rows(engine_.history(), place);
    for (const Position position : changes.positions) {
      if (static_cast<size_t>(change.events_size()) == listed_max) break;
      ASSIGN_OR_RETURN(*change.add_events(), rows.Row(position));
    }
    for (v1::FigureDifference& difference :
         DifferencesOf(figures_, next_figures_)) {
      *change.add_figures() = std::move(difference);
    }
    return message;
  }

  LedgerEngine& engine_;
  const ResourceName name_;
  const absl::CivilDay as_of_;
  // Up to where everything was told.
  LogSize size_{0};
  std::vector<v1::Figure> figures_;
  // The generation that they were read from.
  uint64_t generation_ = 0;
  std::vector<v1::Figure> next_figures_;
  int64_t recorded_time_us_ = 0;
  bool caught_up_ = false;
};

}  // namespace

absl::Status WatchReport(
    LedgerEngine& engine, const v1::WatchReportRequest& request,
    absl::FunctionRef<bool(const v1::WatchReportResponse&)> tell,
    absl::FunctionRef<bool()> stopped) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ASSIGN_OR_RETURN(ResourceName name, ParseReportName(request.name()));
  // At the end of the year every clock gives its last day.
  ASSIGN_OR_RETURN(const absl::CivilDay as_of,
                   ResolveAsOf(name.fiscal_year(),
                               request.has_as_of() ? &request.as_of() : nullptr,
                               absl::InfiniteFuture()));
  const LogSize size = engine.size();
  if (request.from_size() > size.value()) {
    return absl::OutOfRangeError(
        absl::StrCat("from_size: ", engine.ledger(), " has ", size.value(),
                     " entries; give 1 to ", size.value(), ", or 0 for now"));
  }
  Watch watch(engine, std::move(name), as_of);
  RETURN_IF_ERROR(watch.Begin(
      request.from_size() == 0 ? size : LogSize(request.from_size())));
  while (!stopped()) {
    ASSIGN_OR_RETURN(const bool goes_on, watch.Step(tell));
    if (!goes_on) break;
  }
  return absl::OkStatus();
}

}  // namespace daybook::services
