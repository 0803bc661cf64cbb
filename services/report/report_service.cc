#include "services/report/report_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/resource_name.h"
#include "core/merkle/tree.h"
#include "core/report/figures_digest.h"
#include "core/report/report_view.h"
#include "services/grpc/authorize.h"
#include "services/grpc/grpc_status.h"
#include "services/grpc/page_token.h"
#include "services/grpc/request_check.h"
#include "services/report/compare_reports.h"
#include "services/report/explain_figure.h"
#include "services/report/late_adjustments.h"
#include "services/report/one_generation.h"
#include "services/report/report_place.h"
#include "services/report/report_timeline.h"
#include "services/report/trace_event.h"
#include "services/report/watch_report.h"

namespace daybook::services {
namespace {

// Reports that are looked for at once.
constexpr size_t names_max = 100;

// The longest that a call waits for `min_size`.
constexpr absl::Duration wait_max = absl::Seconds(60);

struct ReportQuestion {
  ResourceName name;
  absl::CivilDay as_of;
  AskedSize size;
  bool with_evidence = false;
};

struct ListQuestion {
  ResourceName parent;
  // Absent: each report's own default.
  std::optional<absl::CivilDay> as_of;
  size_t page_size = 0;
  AskedSize size;
  // What must be the same for all pages.
  std::string identity;
  // Name of the last report of the page before; empty for the first page.
  std::string after;
  // That the page before was read from.
  uint64_t generation = 0;
};

absl::StatusOr<ReportQuestion> ParseGet(const v1::GetReportRequest& request,
                                        absl::Time now) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ReportQuestion question;
  ASSIGN_OR_RETURN(question.name, ParseReportName(request.name()));
  ASSIGN_OR_RETURN(
      question.as_of,
      ResolveAsOf(question.name.fiscal_year(),
                  request.has_as_of() ? &request.as_of() : nullptr, now));
  ASSIGN_OR_RETURN(question.size, ParseSize(request));
  question.with_evidence = request.include_evidence();
  return question;
}

absl::StatusOr<ListQuestion> ParseList(const v1::ListReportsRequest& request) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ListQuestion question;
  const auto parent = ResourceName::Parse(request.parent());
  if (!parent.ok() || parent->kind() == ResourceName::Kind::kReport) {
    return absl::InvalidArgumentError(absl::StrCat(
        "parent: ",
        parent.ok() ? "a report holds no reports; name its department or ledger"
                    : parent.status().message()));
  }
  question.parent = *parent;
  question.identity = absl::StrCat("ListReports ", parent->ToString());
  if (request.has_as_of()) {
    const absl::StatusOr<absl::CivilDay> day = ToCivilDay(request.as_of());
    if (!day.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("as_of: ", day.status().message()));
    }
    question.as_of = *day;
    absl::StrAppend(&question.identity, " ", FormatDay(*day));
  }
  ASSIGN_OR_RETURN(question.size, ParseSize(request));
  if (request.has_known_at()) {
    absl::StrAppend(&question.identity, " ",
                    request.known_at().ShortDebugString());
  }
  ASSIGN_OR_RETURN(question.page_size, ParsePageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string place,
                   ParsePageToken(question.identity, request.page_token()));
  if (place.empty()) return question;
  // All pages are as known when the first was, of one projection version.
  const std::vector<std::string> parts =
      absl::StrSplit(place, absl::MaxSplits(' ', 2));
  uint64_t size = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &question.generation) ||
      !absl::SimpleAtoi(parts[1], &size)) {
    return OtherToken();
  }
  question.size = {{LogSize(size), std::nullopt}};
  question.after = parts[2];
  return question;
}

// Ties the report to the tree of its size.
absl::Status AddEvidence(const LedgerEngine& engine, v1::Report& report) {
  ASSIGN_OR_RETURN(const merkle::TreeHead head,
                   engine.tree().HeadAt(LogSize(report.size())));
  v1::ReportEvidence& evidence = *report.mutable_evidence();
  evidence.set_origin(engine.genesis().origin());
  evidence.set_root(std::string(head.root.bytes()));
  evidence.set_figures_digest(FiguresDigest(report));
  return absl::OkStatus();
}

absl::StatusOr<v1::Report> Get(LedgerEngine& engine,
                               const ReportQuestion& question,
                               absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::optional<LogSize> known_at,
                   AwaitSize(engine, question.size, deadline));
  v1::Report report;
  RETURN_IF_ERROR(
      engine.ReadReport(question.name, known_at, [&](const ReportInput& input) {
        report = BuildReport(input, question.as_of);
      }));
  if (question.with_evidence) RETURN_IF_ERROR(AddEvidence(engine, report));
  return report;
}

absl::StatusOr<v1::ListReportsResponse> List(LedgerEngine& engine,
                                             const ListQuestion& question,
                                             const CallTimes& times) {
  ASSIGN_OR_RETURN(const std::optional<LogSize> known_at,
                   AwaitSize(engine, question.size, times.deadline));
  const LogSize size = known_at.value_or(engine.size());
  const uint64_t generation = engine.generation();
  if (!question.after.empty() && question.generation != generation) {
    return OtherToken();
  }
  v1::ListReportsResponse page;
  page.set_size(size.value());
  std::string after = question.after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<std::string> names,
                     engine.ListReports(question.parent, after, names_max));
    for (const std::string& name : names) {
      ASSIGN_OR_RETURN(const ResourceName report,
                       ResourceName::Parse(name, ResourceName::Kind::kReport));
      const int year = report.fiscal_year();
      if (question.as_of && question.as_of->year() != year) continue;
      if (static_cast<size_t>(page.reports_size()) == question.page_size) {
        page.set_next_page_token(MakePageToken(
            question.identity, absl::StrCat(generation, " ", size.value(), " ",
                                            page.reports().rbegin()->name())));
        return page;
      }
      const absl::Status read =
          engine.ReadReport(report, size, [&](const ReportInput& input) {
            *page.add_reports() = BuildSummary(
                input, question.as_of.value_or(DefaultAsOf(year, times.now)));
          });
      // It was opened later.
      if (!absl::IsNotFound(read)) RETURN_IF_ERROR(read);
    }
    if (names.size() < names_max) return page;
    after = names.back();
  }
}

}  // namespace

grpc::Status ReportService::GetReport(grpc::ServerContext* context,
                                      const v1::GetReportRequest* request,
                                      v1::Report* response) {
  const absl::StatusOr<Principal> reader = Authorize(*context);
  if (!reader.ok()) return ToGrpcStatus(reader.status());

  const absl::StatusOr<ReportQuestion> question =
      ParseGet(*request, clock_.Now());
  if (!question.ok()) return ToGrpcStatus(question.status());

  const absl::StatusOr<LedgerEngine*> engine =
      ledgers_.Find(question->name.ledger());
  if (!engine.ok()) return ToGrpcStatus(engine.status());

  absl::StatusOr<v1::Report> report =
      Get(**engine, *question, TimesOf(*context).deadline);
  if (!report.ok()) return ToGrpcStatus(report.status());
  *response = *std::move(report);
  return grpc::Status::OK;
}

grpc::Status ReportService::ListReports(grpc::ServerContext* context,
                                        const v1::ListReportsRequest* request,
                                        v1::ListReportsResponse* response) {
  const absl::StatusOr<Principal> reader = Authorize(*context);
  if (!reader.ok()) return ToGrpcStatus(reader.status());

  const absl::StatusOr<ListQuestion> question = ParseList(*request);
  if (!question.ok()) return ToGrpcStatus(question.status());

  const absl::StatusOr<LedgerEngine*> engine =
      ledgers_.Find(question->parent.ledger());
  if (!engine.ok()) return ToGrpcStatus(engine.status());

  absl::StatusOr<v1::ListReportsResponse> page = ReadOneGeneration(
      **engine, [&] { return List(**engine, *question, TimesOf(*context)); });
  if (!page.ok()) return ToGrpcStatus(page.status());
  *response = *std::move(page);
  return grpc::Status::OK;
}

CallTimes ReportService::TimesOf(const grpc::ServerContext& context) const {
  return {clock_.Now(), std::min(absl::FromChrono(context.deadline()),
                                 absl::Now() + wait_max)};
}

template <typename Response, typename Read>
grpc::Status ReportService::Answer(const grpc::ServerContext& context,
                                   const std::string& name, Response* response,
                                   Read read) {
  const absl::StatusOr<Principal> reader = Authorize(context);
  if (!reader.ok()) return ToGrpcStatus(reader.status());

  const absl::StatusOr<ResourceName> report = ParseReportName(name);
  if (!report.ok()) return ToGrpcStatus(report.status());

  const absl::StatusOr<LedgerEngine*> engine = ledgers_.Find(report->ledger());
  if (!engine.ok()) return ToGrpcStatus(engine.status());

  absl::StatusOr<Response> answer =
      ReadOneGeneration(**engine, [&] { return read(**engine); });
  if (!answer.ok()) return ToGrpcStatus(answer.status());
  *response = *std::move(answer);
  return grpc::Status::OK;
}

grpc::Status ReportService::GetReportTimeline(
    grpc::ServerContext* context, const v1::GetReportTimelineRequest* request,
    v1::GetReportTimelineResponse* response) {
  return Answer(*context, request->name(), response, [&](LedgerEngine& engine) {
    return services::GetReportTimeline(engine, *request, TimesOf(*context));
  });
}

grpc::Status ReportService::ExplainFigure(
    grpc::ServerContext* context, const v1::ExplainFigureRequest* request,
    v1::ExplainFigureResponse* response) {
  return Answer(*context, request->coordinates().name(), response,
                [&](LedgerEngine& engine) {
                  return services::ExplainFigure(engine, *request,
                                                 TimesOf(*context));
                });
}

grpc::Status ReportService::TraceEvent(grpc::ServerContext* context,
                                       const v1::TraceEventRequest* request,
                                       v1::TraceEventResponse* response) {
  return Answer(*context, request->coordinates().name(), response,
                [&](LedgerEngine& engine) {
                  return services::TraceEvent(engine, *request,
                                              TimesOf(*context));
                });
}

grpc::Status ReportService::CompareReports(
    grpc::ServerContext* context, const v1::CompareReportsRequest* request,
    v1::CompareReportsResponse* response) {
  const absl::StatusOr<ResourceName> after =
      ParseReportName(request->after().name());
  if (!after.ok()) return ToGrpcStatus(after.status());
  return Answer(
      *context, request->before().name(), response,
      [&](LedgerEngine& engine) -> absl::StatusOr<v1::CompareReportsResponse> {
        if (after->LedgerString() != engine.ledger()) {
          return absl::InvalidArgumentError(
              "after.name: a report of another ledger; compare reports of one");
        }
        return services::CompareReports(engine, *request, TimesOf(*context));
      });
}

grpc::Status ReportService::ListLateAdjustments(
    grpc::ServerContext* context, const v1::ListLateAdjustmentsRequest* request,
    v1::ListLateAdjustmentsResponse* response) {
  return Answer(*context, request->coordinates().name(), response,
                [&](LedgerEngine& engine) {
                  return services::ListLateAdjustments(engine, *request,
                                                       TimesOf(*context));
                });
}

grpc::Status ReportService::WatchReport(
    grpc::ServerContext* context, const v1::WatchReportRequest* request,
    grpc::ServerWriter<v1::WatchReportResponse>* writer) {
  const absl::StatusOr<Principal> reader = Authorize(*context);
  if (!reader.ok()) return ToGrpcStatus(reader.status());

  const absl::StatusOr<ResourceName> report = ParseReportName(request->name());
  if (!report.ok()) return ToGrpcStatus(report.status());

  const absl::StatusOr<LedgerEngine*> engine = ledgers_.Find(report->ledger());
  if (!engine.ok()) return ToGrpcStatus(engine.status());

  const absl::Cleanup leave = [this] { --watches_; };
  if (++watches_ > watches_max) {
    return ToGrpcStatus(absl::ResourceExhaustedError(
        absl::StrCat(watches_max,
                     " callers watch already, as many as the server takes; "
                     "end a watch, or retry later")));
  }
  const absl::Status watched = services::WatchReport(
      **engine, *request,
      [&](const v1::WatchReportResponse& message) {
        return writer->Write(message);
      },
      [&] { return stopping_.load() || context->IsCancelled(); });
  if (!watched.ok() || !stopping_.load()) return ToGrpcStatus(watched);
  return ToGrpcStatus(absl::UnavailableError(
      "the server is going down; watch again from the last size"));
}

}  // namespace daybook::services
