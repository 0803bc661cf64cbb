#include "clients/audit/server_check.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/audit/fetch_problem.h"
#include "clients/audit/ordered_work.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/report/figure_difference.h"
#include "core/report/report_view.h"
#include "google/protobuf/util/time_util.h"

namespace daybook::audit {
namespace {

using google::protobuf::util::MessageDifferencer;
using google::protobuf::util::TimeUtil;

// Reports that are asked for at once.
constexpr size_t callers = 4;
constexpr size_t slots = 4 * callers;

// What came of one report.
struct Compared {
  absl::Status status;
  uint64_t figures = 0;
  bool other_version = false;
};

std::string PlaceOf(const v1::Report& report) {
  return absl::StrCat(report.name(), " as of ", report.as_of().year(), "-",
                      absl::Dec(report.as_of().month(), absl::kZeroPad2), "-",
                      absl::Dec(report.as_of().day(), absl::kZeroPad2));
}

// Compares the reports of one server.
class ReportComparison {
 public:
  explicit ReportComparison(const ServerCheck& check)
      : check_(check), fold_(*check.verification.reports()) {}

  absl::StatusOr<std::set<std::string>> Listed() {
    v1::ListReportsRequest request;
    request.set_parent(check_.ledger);
    request.mutable_known_at()->set_size(check_.verification.size().value());
    ASSIGN_OR_RETURN(const std::vector<v1::ReportSummary> summaries,
                     check_.client.ListReports(request));
    std::set<std::string> names;
    for (const v1::ReportSummary& summary : summaries) {
      names.insert(summary.name());
    }
    return names;
  }

  // A report that entries name, and whether the server lists it.
  Compared Compare(const std::string& name, bool is_listed) {
    Compared compared;
    const absl::StatusOr<ReportFold::State> state = fold_.MakeState(name);
    if (!state.ok()) {
      check_.findings.Add({.place = name,
                           .field = "entries",
                           .found = std::string(state.status().message()),
                           .expected = "what a report is made of"});
      return compared;
    }
    if (state->report.is_opened() != is_listed) {
      check_.findings.Add(
          {.place = name,
           .field = "listed by the server",
           .found = is_listed ? "yes" : "no",
           .expected = is_listed ? "no, as no entry opens it" : "yes"});
    }
    if (!state->report.is_opened()) return compared;
    const ResourceName& report = state->report.name();
    const absl::CivilDay last = LastDay(report.fiscal_year());
    const absl::CivilDay drawn = ReportFold::DrawnDay(check_.seed, report);
    compared.status = CompareOn(*state, drawn, compared);
    if (compared.status.ok() && drawn != last) {
      compared.status = CompareOn(*state, last, compared);
    }
    return compared;
  }

 private:
  absl::Status CompareOn(const ReportFold::State& state, absl::CivilDay day,
                         Compared& compared) {
    v1::GetReportRequest request;
    request.set_name(state.report.name().ToString());
    *request.mutable_as_of() = ToDate(day);
    request.mutable_known_at()->set_size(check_.verification.size().value());
    absl::StatusOr<v1::Report> answered = check_.client.GetReport(request);
    if (!answered.ok()) {
      if (!SaysDamage(answered.status())) return answered.status();
      check_.findings.Add({.place = request.name(),
                           .field = "answer",
                           .found = std::string(answered.status().message()),
                           .expected = "the report"});
      return absl::OkStatus();
    }
    if (answered->projection_version() != projection_version) {
      compared.other_version = true;
      return absl::OkStatus();
    }
    const ReportInput input{
        state.report, state.department, check_.verification.size(),
        check_.verification.last_recorded_time_us(), projection_version};
    const v1::Report derived = BuildReport(input, day);
    compared.figures += static_cast<uint64_t>(derived.figures_size());
    answered->clear_evidence();
    CompareReport(*answered, derived, check_.findings);
    return absl::OkStatus();
  }

  const ServerCheck& check_;
  const ReportFold& fold_;
};

// Compares one source as listed with what the entries say.
void CompareSource(const v1::SourceProgress& listed, const SourceCount& counted,
                   Findings& findings) {
  const std::string place = absl::StrCat("source ", listed.source());
  const auto add = [&](const char* field, std::string found,
                       std::string expected) {
    findings.Add({.place = place,
                  .field = field,
                  .found = std::move(found),
                  .expected = std::move(expected)});
  };
  const uint64_t own = counted.created - counted.by_server;
  if (listed.created() != counted.created && listed.created() != own) {
    add("created", absl::StrCat(listed.created()), absl::StrCat(own));
  }
  // The server's own entries may or may not count as written by a source.
  if (counted.by_server > 0) return;
  const v1::SourceProgress::LastEvent& last = listed.last_event();
  if (last.position() != counted.last_position) {
    add("last_event.position", absl::StrCat(last.position()),
        absl::StrCat(counted.last_position));
  }
  if (last.event_id() != counted.last_event_id) {
    add("last_event.event_id", last.event_id(), counted.last_event_id);
  }
  const int64_t recorded =
      TimeUtil::TimestampToMicroseconds(last.recorded_time());
  if (recorded != counted.last_recorded_time_us) {
    add("last_event.recorded_time", absl::StrCat(recorded, " us"),
        absl::StrCat(counted.last_recorded_time_us, " us"));
  }
}

}  // namespace

absl::StatusOr<std::vector<KeptCheckpoint>> ReadServerCheckpoints(
    client::Client& client, const std::string& ledger, Findings& findings) {
  v1::ListCheckpointsRequest request;
  request.set_ledger(ledger);
  constexpr int page_size = 1'000;
  request.set_page_size(page_size);
  ASSIGN_OR_RETURN(const std::vector<v1::Checkpoint> checkpoints,
                   client.ListCheckpoints(request));
  std::vector<KeptCheckpoint> kept;
  for (const v1::Checkpoint& checkpoint : checkpoints) {
    const std::string place =
        absl::StrCat("the server's checkpoint of size ", checkpoint.size());
    absl::StatusOr<KeptCheckpoint> parsed = ParseKept(place, checkpoint.note());
    if (!parsed.ok()) {
      findings.AddFile(place, parsed.status());
    } else if (parsed->said.head.size.value() != checkpoint.size()) {
      findings.Add({.place = place,
                    .field = "size",
                    .found = absl::StrCat(checkpoint.size()),
                    .expected = absl::StrCat(parsed->said.head.size.value(),
                                             " of its note")});
    } else {
      kept.push_back(*std::move(parsed));
    }
  }
  return kept;
}

absl::Status CompareReports(const ServerCheck& check, ServerChecked& checked,
                            std::vector<std::string>& limits) {
  if (check.verification.reports() == nullptr) return absl::OkStatus();
  ReportComparison comparison(check);
  ASSIGN_OR_RETURN(std::set<std::string> listed, comparison.Listed());
  const std::vector<std::string> names =
      check.verification.reports()->Reports();
  bool other_version = false;
  OrderedWork<Compared> work(callers, slots);
  RETURN_IF_ERROR(work.Run(
      0, names.size(),
      [&](uint64_t index, Compared& slot) {
        slot = comparison.Compare(names[index], listed.contains(names[index]));
      },
      [&](Compared& slot) {
        ++checked.reports;
        checked.figures += slot.figures;
        other_version = other_version || slot.other_version;
        if (check.progress) {
          check.progress("reports", checked.reports, names.size());
        }
        return slot.status;
      }));
  for (const std::string& name : names) listed.erase(name);
  for (const std::string& name : listed) {
    check.findings.Add({.place = name,
                        .field = "listed by the server",
                        .found = "yes",
                        .expected = "no, as no entry is about it"});
  }
  if (other_version) {
    limits.push_back(absl::StrCat(
        "reports: the server's projection version is not this program's, ",
        projection_version, "; use the daybook of the server's release"));
  }
  return absl::OkStatus();
}

absl::Status CompareSources(const ServerCheck& check, ServerChecked& checked,
                            std::vector<std::string>& limits) {
  if (check.verification.first_read() > 0) return absl::OkStatus();
  v1::ListSourcesRequest request;
  request.set_ledger(check.ledger);
  constexpr int page_size = 1'000;
  request.set_page_size(page_size);
  ASSIGN_OR_RETURN(const std::vector<v1::SourceProgress> sources,
                   check.client.ListSources(request));
  std::map<std::string, SourceCount> counted = check.verification.sources();
  uint64_t grown = 0;
  for (const v1::SourceProgress& listed : sources) {
    const auto found = counted.find(listed.source());
    const SourceCount count =
        found == counted.end() ? SourceCount() : found->second;
    if (found != counted.end()) counted.erase(found);
    if (listed.has_last_event() &&
        listed.last_event().position() >= check.verification.size().value()) {
      ++grown;
      continue;
    }
    if (listed.created() == 0 && count.created == 0) continue;
    ++checked.sources;
    CompareSource(listed, count, check.findings);
  }
  for (const auto& [name, count] : counted) {
    if (count.created == count.by_server) continue;
    check.findings.Add(
        {.place = absl::StrCat("source ", name),
         .field = "listed by the server",
         .found = "no",
         .expected = absl::StrCat("yes, with ", count.created, " events")});
  }
  if (grown > 0) {
    limits.push_back(absl::StrCat(
        "sources: ", grown,
        " have written since the checkpoint and were not compared"));
  }
  return absl::OkStatus();
}

absl::Status Scrub(const ServerCheck& check, ServerChecked& checked,
                   std::vector<std::string>& limits) {
  v1::ScrubStorageRequest request;
  request.set_ledger(check.ledger);
  const absl::Status status = check.client.ScrubStorage(
      request, [&](const v1::ScrubStorageResponse& message) {
        checked.scrubbed_bytes = message.read_bytes();
        for (const v1::StorageDamage& damage : message.damages()) {
          check.findings.Add({.place = damage.place(),
                              .field = "storage",
                              .found = damage.problem(),
                              .expected = "what was written"});
        }
        if (check.progress) {
          check.progress("bytes stored", message.read_bytes(),
                         message.total_bytes());
        }
        return absl::OkStatus();
      });
  if (absl::IsResourceExhausted(status) || absl::IsUnimplemented(status)) {
    limits.push_back(absl::StrCat("storage: the server did not scrub it: ",
                                  status.message()));
    return absl::OkStatus();
  }
  return status;
}

void CompareReport(const v1::Report& answered, const v1::Report& derived,
                   Findings& findings) {
  if (answered.SerializeAsString() == derived.SerializeAsString()) return;
  const std::string place = PlaceOf(derived);
  const std::vector<v1::Figure> before(answered.figures().begin(),
                                       answered.figures().end());
  const std::vector<v1::Figure> after(derived.figures().begin(),
                                      derived.figures().end());
  const std::vector<v1::FigureDifference> figures =
      DifferencesOf(before, after);
  for (const v1::FigureDifference& figure : figures) {
    findings.Add({.place = place,
                  .field = figure.path(),
                  .found = figure.before().ShortDebugString(),
                  .expected = figure.after().ShortDebugString()});
  }
  // All else, and of figures what is beside their values.
  v1::Report answered_rest = answered;
  v1::Report derived_rest = derived;
  if (!figures.empty()) {
    answered_rest.clear_figures();
    derived_rest.clear_figures();
  }
  std::string text;
  MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&text);
  if (differencer.Compare(derived_rest, answered_rest)) return;
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    findings.Add({.place = place,
                  .field = "report, derived -> answered",
                  .found = std::string(line),
                  .expected = "no difference"});
  }
}

}  // namespace daybook::audit
