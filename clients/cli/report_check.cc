#include "clients/cli/report_check.h"

#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "clients/audit/report_replay.h"
#include "clients/cli/display_width.h"
#include "core/base/status_macros.h"
#include "core/budget/figure_path.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/form.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/report/bucket.h"
#include "core/report/event_row.h"
#include "core/report/explain.h"
#include "core/report/figures.h"
#include "core/report/figures_digest.h"
#include "core/report/report_view.h"

namespace daybook::cli {
namespace {

using Answer = ReportVerdict::Answer;

// Whether a failure to read tells something about the log, so that it is an
// answer.
bool SaysSomething(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsDataLoss(status) ||
         absl::IsInvalidArgument(status) || absl::IsOutOfRange(status) ||
         absl::IsFailedPrecondition(status);
}

// What of a figure's events is looked for.
struct Wanted {
  FigureEvents events;
  // By key of the bucket, with the sign that it counts with.
  std::map<std::string, int> buckets;
  std::set<Position> statements;
};

class ReportChecker {
 public:
  ReportChecker(const PrintedFile& file, audit::Fetcher& fetcher,
                const std::optional<checkpoint::VerifierKey>& key)
      : file_(file),
        printed_(file.evidence.report),
        fetcher_(fetcher),
        key_(key) {}

  absl::StatusOr<ReportVerdict> Check() {
    const absl::Status checked = Run();
    if (checked.ok()) return std::move(verdict_);
    if (!SaysSomething(checked)) return checked;
    verdict_.answer = Answer::kCannotTell;
    verdict_.reason = std::string(checked.message());
    verdict_.differences = {};
    return std::move(verdict_);
  }

 private:
  // Errors that say something mean that it can not be told.
  absl::Status Run() {
    RETURN_IF_ERROR(CheckVersions());
    ASSIGN_OR_RETURN(name_, ResourceName::Parse(printed_.name(),
                                                ResourceName::Kind::kReport));
    ASSIGN_OR_RETURN(as_of_, ToCivilDay(printed_.as_of()));
    ASSIGN_OR_RETURN(const checkpoint::Checkpoint checkpoint, ReadCheckpoint());
    if (printed_.size() == 0 || as_of_.year() != name_.fiscal_year()) {
      return DoesNotFollow("no report has such coordinates");
    }
    audit::ReportReplay replay(fetcher_, name_, LogSize(printed_.size()),
                               checkpoint.head.size);
    RETURN_IF_ERROR(replay.Survey());
    RETURN_IF_ERROR(CheckLog(checkpoint, replay));
    absl::StatusOr<audit::ReportReplay::State> state =
        replay.Fold([](const v1::Entry&, const Posting&) {});
    RETURN_IF_ERROR(state.status());
    if (!state->report.is_opened()) {
      return DoesNotFollow(absl::StrCat("the log holds no report ",
                                        name_.ToString(), " at size ",
                                        printed_.size()));
    }
    const std::string& form = state->report.opened().form();
    if (Form::Find(form) == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("the report has the form ", Printable(form),
                       ", which this program does not have; use a later one"));
    }
    return Compare(replay, *state);
  }

  absl::Status CheckVersions() const {
    if (file_.evidence.layout != report_layout) {
      return absl::FailedPreconditionError(
          absl::StrCat("it is laid out by version ", file_.evidence.layout,
                       ", and this program knows ", report_layout,
                       "; use the version that wrote it, or a later one"));
    }
    if (printed_.projection_version() != projection_version) {
      return absl::FailedPreconditionError(absl::StrCat(
          "its figures are of projection version ",
          printed_.projection_version(), ", and this program knows ",
          projection_version, "; use the version that wrote it"));
    }
    return absl::OkStatus();
  }

  // What it says; without a key nobody has checked that.
  absl::StatusOr<checkpoint::Checkpoint> Open(
      const checkpoint::Note& note) const {
    if (!key_.has_value()) return checkpoint::ParseCheckpoint(note.text);
    absl::StatusOr<checkpoint::OpenedCheckpoint> opened =
        checkpoint::OpenCheckpoint(note, *key_, {});
    if (opened.ok()) return std::move(opened->checkpoint);
    return absl::FailedPreconditionError(
        absl::StrCat("the log's checkpoint: ", opened.status().message()));
  }

  absl::StatusOr<checkpoint::Checkpoint> ReadCheckpoint() {
    const absl::StatusOr<std::string> bytes = fetcher_.Read("checkpoint");
    if (!bytes.ok() && SaysSomething(bytes.status())) {
      return absl::FailedPreconditionError(absl::StrCat(
          "there is no checkpoint of the log: ", bytes.status().message()));
    }
    RETURN_IF_ERROR(bytes.status());
    ASSIGN_OR_RETURN(const checkpoint::Note note,
                     checkpoint::ParseNote(*bytes));
    ASSIGN_OR_RETURN(checkpoint::Checkpoint said, Open(note));
    verdict_.checkpoint_size = said.head.size;
    if (said.head.size.value() < printed_.size()) {
      return absl::OutOfRangeError(
          absl::StrCat("the report is of size ", printed_.size(),
                       ", and the log has a checkpoint of ",
                       said.head.size.value(), " entries; get a later one"));
    }
    return said;
  }

  // Whether this is the log that the report names, and the one that is signed.
  absl::Status CheckLog(const checkpoint::Checkpoint& checkpoint,
                        const audit::ReportReplay& replay) {
    if (replay.whole_root() != checkpoint.head.root ||
        replay.genesis().origin() != checkpoint.origin) {
      return absl::DataLossError(absl::StrCat(
          "the entries do not give the root of the log's checkpoint of ",
          checkpoint.head.size.value(),
          "; daybook audit verify says what is wrong with them"));
    }
    if (replay.root().bytes() == printed_.evidence().root()) {
      return absl::OkStatus();
    }
    if (printed_.evidence().origin() != checkpoint.origin) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the report is of the log ", Printable(printed_.evidence().origin()),
          ", and this is ", Printable(checkpoint.origin)));
    }
    if (key_.has_value()) return absl::OkStatus();
    return absl::FailedPreconditionError(
        "the report names another root than these entries have, and without "
        "--vkey it can not be told who is right");
  }

  absl::Status DoesNotFollow(std::string reason) {
    verdict_.answer = Answer::kDoesNotFollow;
    verdict_.reason = std::move(reason);
    return absl::OkStatus();
  }

  absl::Status Compare(audit::ReportReplay& replay,
                       const audit::ReportReplay::State& state) {
    v1::Report report =
        BuildReport({state.report, state.department, LogSize(printed_.size()),
                     state.recorded_time_us},
                    as_of_);
    v1::ReportEvidence& evidence = *report.mutable_evidence();
    evidence.set_origin(replay.genesis().origin());
    evidence.set_root(std::string(replay.root().bytes()));
    evidence.set_figures_digest(FiguresDigest(report));
    verdict_.differences = CompareSheets(
        file_.sheets, ExpectedSheets(file_, report),
        file_.format == ReportFormat::kXlsx ? CellsEqual::kByValue
                                            : CellsEqual::kExactly);
    if (verdict_.differences.total == 0) {
      if (key_.has_value()) {
        verdict_.answer = Answer::kFollows;
        return absl::OkStatus();
      }
      return absl::FailedPreconditionError(
          "its figures follow from these entries, but without --vkey nobody "
          "vouches for them");
    }
    verdict_.answer = Answer::kDoesNotFollow;
    const absl::Status listed = ListEvents(replay, state);
    return SaysSomething(listed) ? absl::OkStatus() : listed;
  }

  absl::Status ListEvents(audit::ReportReplay& replay,
                          const audit::ReportReplay::State& state) {
    const Figures figures(state.report, state.department, as_of_);
    std::vector<Wanted> wanted;
    std::set<std::string> seen;
    for (const PrintedDifference& difference : verdict_.differences.first) {
      if (!seen.insert(difference.figure).second) continue;
      Wanted figure = WantedOf(figures, difference.figure);
      if (figure.buckets.empty() && figure.statements.empty()) continue;
      if (wanted.size() == explained_figures_max) break;
      wanted.push_back(std::move(figure));
    }
    if (wanted.empty()) return absl::OkStatus();
    const auto last_day = static_cast<DayOfYear>(absl::GetYearDay(as_of_));
    RETURN_IF_ERROR(
        replay
            .Fold([&](const v1::Entry& entry, const Posting& posting) {
              for (Wanted& figure : wanted) {
                AddRows(entry, posting, last_day, figure);
              }
            })
            .status());
    for (Wanted& figure : wanted) {
      verdict_.events.push_back(std::move(figure.events));
    }
    return absl::OkStatus();
  }

  // What makes the figure that a cell shows.
  Wanted WantedOf(const Figures& figures, const std::string& shown) const {
    Wanted wanted;
    wanted.events.figure = shown;
    absl::string_view section = shown;
    if (absl::ConsumePrefix(&section, "section[") &&
        absl::ConsumeSuffix(&section, "]")) {
      const auto& narrative = figures.report().narrative();
      const auto timeline = narrative.find(std::string(section));
      if (timeline == narrative.end()) return wanted;
      const auto held = timeline->second.HeldAt(as_of_);
      if (held.value != nullptr) wanted.statements.insert(held.place.second);
      return wanted;
    }
    std::string text = shown;
    if (absl::StartsWith(shown, "indicator[")) {
      text = absl::StrCat("score.rule.", shown.substr(0, shown.find(']') + 1));
    }
    const absl::StatusOr<FigurePath> path = FigurePath::Parse(text);
    if (!path.ok()) return wanted;
    const Explained explained = Explain(figures, *path);
    for (const ExplainedLeaf& leaf : explained.leaves) {
      for (const uint32_t bucket : leaf.buckets) {
        const BucketState& known = figures.report().money()[bucket];
        wanted.buckets.emplace(BucketKey(known.bucket), leaf.sign);
      }
      wanted.statements.insert(leaf.statements.begin(), leaf.statements.end());
    }
    return wanted;
  }

  static void AddRows(const v1::Entry& entry, const Posting& posting,
                      DayOfYear last_day, Wanted& wanted) {
    const auto add = [&](int64_t fen) {
      if (++wanted.events.total > figure_events_max) return;
      v1::EventRow row = EventRowOf(entry);
      row.set_amount_fen(fen);
      wanted.events.rows.push_back(std::move(row));
    };
    for (const MoneyPosting& money : posting.money) {
      const auto bucket = wanted.buckets.find(money.bucket_key);
      if (bucket == wanted.buckets.end() || money.row.day > last_day) continue;
      add(bucket->second * money.row.delta.fen);
    }
    if (wanted.statements.contains(posting.position)) add(0);
  }

  const PrintedFile& file_;
  const v1::Report& printed_;
  audit::Fetcher& fetcher_;
  const std::optional<checkpoint::VerifierKey>& key_;
  ResourceName name_;
  absl::CivilDay as_of_;
  ReportVerdict verdict_;
};

}  // namespace

absl::StatusOr<ReportVerdict> CheckReport(
    const PrintedFile& file, audit::Fetcher& fetcher,
    const std::optional<checkpoint::VerifierKey>& key) {
  return ReportChecker(file, fetcher, key).Check();
}

}  // namespace daybook::cli
