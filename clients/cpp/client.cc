#include "clients/cpp/client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/channel.h"
#include "core/base/status_macros.h"
#include "daybook/v1/admin_service.grpc.pb.h"
#include "daybook/v1/audit_service.grpc.pb.h"
#include "daybook/v1/ledger_service.grpc.pb.h"
#include "daybook/v1/report_service.grpc.pb.h"

namespace daybook::client {
namespace {

constexpr int replay_timeout_factor = 10;

// The size from which a watch goes on after `message`.
uint64_t SizeTold(const v1::WatchReportResponse& message) {
  switch (message.message_case()) {
    case v1::WatchReportResponse::kChange:
      return message.change().size();
    case v1::WatchReportResponse::kCaughtUp:
      return message.caught_up().size();
    case v1::WatchReportResponse::kFellBehind:
      return message.fell_behind().size();
    case v1::WatchReportResponse::MESSAGE_NOT_SET:
      break;
  }
  return 0;
}

}  // namespace

struct Client::Impl {
  std::string address;
  ClientOptions options;
  std::unique_ptr<v1::LedgerService::Stub> ledger;
  std::unique_ptr<v1::ReportService::Stub> report;
  std::unique_ptr<v1::AuditService::Stub> audit;
  std::unique_ptr<v1::AdminService::Stub> admin;

  absl::Status ToStatus(const grpc::Status& status) const {
    return client::ToStatus(status, address);
  }

  void SetDeadline(grpc::ClientContext& context, int factor = 1) const {
    context.set_deadline(std::chrono::system_clock::now() +
                         absl::ToChronoMicroseconds(options.timeout * factor));
  }

  template <typename Response, typename Stub, typename Request, typename Method>
  absl::StatusOr<Response> Call(Stub& stub, Method method,
                                const Request& request) const {
    grpc::ClientContext context;
    SetDeadline(context);
    Response response;
    RETURN_IF_ERROR(ToStatus((stub.*method)(&context, request, &response)));
    return response;
  }

  template <typename Response, typename Request, typename Method>
  absl::Status ReportPages(Request& request, Method method,
                           Visit<Response> visit) const {
    return Pages<Response>(*report, method, request, visit);
  }

  template <typename Response, typename Stub, typename Request, typename Method>
  absl::Status Pages(Stub& stub, Method method, Request& request,
                     Visit<Response> visit) const {
    while (true) {
      ASSIGN_OR_RETURN(const Response page,
                       Call<Response>(stub, method, request));
      RETURN_IF_ERROR(visit(page));
      if (page.next_page_token().empty()) return absl::OkStatus();
      if (page.next_page_token() == request.page_token()) {
        return absl::DataLossError(
            absl::StrCat(address, " answers the same page again and again"));
      }
      request.set_page_token(page.next_page_token());
    }
  }
};

Client::Client(const std::string& address, ClientOptions options)
    : impl_(std::make_unique<Impl>()) {
  impl_->address = address;
  impl_->options = options;
  const std::shared_ptr<grpc::Channel> channel = ConnectTo(address);
  impl_->ledger = v1::LedgerService::NewStub(channel);
  impl_->report = v1::ReportService::NewStub(channel);
  impl_->audit = v1::AuditService::NewStub(channel);
  impl_->admin = v1::AdminService::NewStub(channel);
}

Client::~Client() = default;

absl::StatusOr<v1::AppendEventsResponse> Client::AppendEvents(
    const v1::AppendEventsRequest& request) {
  // gRPC would refuse it too, but without saying what to do.
  const size_t bytes = request.ByteSizeLong();
  if (bytes > append_bytes_max) {
    return absl::ResourceExhaustedError(
        absl::StrCat("inputs: the request has ", bytes, " bytes, at most ",
                     append_bytes_max, "; send fewer events at once"));
  }
  return impl_->Call<v1::AppendEventsResponse>(
      *impl_->ledger, &v1::LedgerService::Stub::AppendEvents, request);
}

absl::StatusOr<v1::Report> Client::GetReport(
    const v1::GetReportRequest& request) {
  return impl_->Call<v1::Report>(*impl_->report,
                                 &v1::ReportService::Stub::GetReport, request);
}

absl::StatusOr<v1::ExplainFigureResponse> Client::ExplainFigure(
    const v1::ExplainFigureRequest& request) {
  return impl_->Call<v1::ExplainFigureResponse>(
      *impl_->report, &v1::ReportService::Stub::ExplainFigure, request);
}

absl::StatusOr<v1::TraceEventResponse> Client::TraceEvent(
    const v1::TraceEventRequest& request) {
  return impl_->Call<v1::TraceEventResponse>(
      *impl_->report, &v1::ReportService::Stub::TraceEvent, request);
}

absl::Status Client::ExplainFigurePages(
    v1::ExplainFigureRequest request, Visit<v1::ExplainFigureResponse> visit) {
  return impl_->ReportPages<v1::ExplainFigureResponse>(
      request, &v1::ReportService::Stub::ExplainFigure, visit);
}

absl::Status Client::CompareReports(v1::CompareReportsRequest request,
                                    Visit<v1::CompareReportsResponse> visit) {
  return impl_->ReportPages<v1::CompareReportsResponse>(
      request, &v1::ReportService::Stub::CompareReports, visit);
}

absl::Status Client::GetReportTimeline(
    v1::GetReportTimelineRequest request,
    Visit<v1::GetReportTimelineResponse> visit) {
  return impl_->ReportPages<v1::GetReportTimelineResponse>(
      request, &v1::ReportService::Stub::GetReportTimeline, visit);
}

absl::Status Client::ListLateAdjustments(
    v1::ListLateAdjustmentsRequest request,
    Visit<v1::ListLateAdjustmentsResponse> visit) {
  return impl_->ReportPages<v1::ListLateAdjustmentsResponse>(
      request, &v1::ReportService::Stub::ListLateAdjustments, visit);
}

absl::Status Client::WatchReport(
    v1::WatchReportRequest request,
    absl::FunctionRef<bool(const v1::WatchReportResponse&)> visit) {
  const ClientOptions& options = impl_->options;
  bool told = false;
  int tries = 0;
  absl::Duration wait = options.watch_wait;
  while (true) {
    grpc::ClientContext context;
    const std::unique_ptr<grpc::ClientReader<v1::WatchReportResponse>> reader =
        impl_->report->WatchReport(&context, request);
    v1::WatchReportResponse message;
    while (reader->Read(&message)) {
      told = true;
      tries = 0;
      wait = options.watch_wait;
      request.set_from_size(std::max(request.from_size(), SizeTold(message)));
      if (visit(message)) continue;
      context.TryCancel();
      static_cast<void>(reader->Finish());
      return absl::OkStatus();
    }
    const absl::Status status = impl_->ToStatus(reader->Finish());
    if (!told || !absl::IsUnavailable(status) ||
        tries == options.watch_tries_max) {
      return status;
    }
    ++tries;
    absl::SleepFor(wait);
    wait = std::min(wait * 2, options.watch_wait_max);
  }
}

absl::StatusOr<v1::StoredEntry> Client::GetEvent(
    const v1::GetEventRequest& request) {
  return impl_->Call<v1::StoredEntry>(
      *impl_->audit, &v1::AuditService::Stub::GetEvent, request);
}

absl::StatusOr<v1::Ledger> Client::CreateLedger(
    const v1::CreateLedgerRequest& request) {
  return impl_->Call<v1::Ledger>(
      *impl_->admin, &v1::AdminService::Stub::CreateLedger, request);
}

absl::StatusOr<v1::RotateKeyResponse> Client::RotateKey(
    const v1::RotateKeyRequest& request) {
  return impl_->Call<v1::RotateKeyResponse>(
      *impl_->admin, &v1::AdminService::Stub::RotateKey, request);
}

absl::StatusOr<v1::Checkpoint> Client::GetCheckpoint(
    const v1::GetCheckpointRequest& request) {
  return impl_->Call<v1::Checkpoint>(
      *impl_->audit, &v1::AuditService::Stub::GetCheckpoint, request);
}

absl::StatusOr<v1::InclusionProof> Client::GetInclusionProof(
    const v1::GetInclusionProofRequest& request) {
  return impl_->Call<v1::InclusionProof>(
      *impl_->audit, &v1::AuditService::Stub::GetInclusionProof, request);
}

absl::StatusOr<v1::GetTileResponse> Client::GetTile(
    const v1::GetTileRequest& request) {
  return impl_->Call<v1::GetTileResponse>(
      *impl_->audit, &v1::AuditService::Stub::GetTile, request);
}

absl::StatusOr<std::vector<v1::Checkpoint>> Client::ListCheckpoints(
    v1::ListCheckpointsRequest request) {
  std::vector<v1::Checkpoint> checkpoints;
  do {
    ASSIGN_OR_RETURN(
        v1::ListCheckpointsResponse page,
        impl_->Call<v1::ListCheckpointsResponse>(
            *impl_->audit, &v1::AuditService::Stub::ListCheckpoints, request));
    for (v1::Checkpoint& checkpoint : *page.mutable_checkpoints()) {
      checkpoints.push_back(std::move(checkpoint));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return checkpoints;
}

absl::Status Client::ScrubStorage(const v1::ScrubStorageRequest& request,
                                  Visit<v1::ScrubStorageResponse> visit) {
  grpc::ClientContext context;
  const std::unique_ptr<grpc::ClientReader<v1::ScrubStorageResponse>> reader =
      impl_->audit->ScrubStorage(&context, request);
  v1::ScrubStorageResponse message;
  while (reader->Read(&message)) {
    absl::Status visited = visit(message);
    if (visited.ok()) continue;
    context.TryCancel();
    static_cast<void>(reader->Finish());
    return visited;
  }
  return impl_->ToStatus(reader->Finish());
}

absl::StatusOr<std::vector<v1::SourceProgress>> Client::ListSources(
    v1::ListSourcesRequest request) {
  std::vector<v1::SourceProgress> sources;
  do {
    ASSIGN_OR_RETURN(
        v1::ListSourcesResponse page,
        impl_->Call<v1::ListSourcesResponse>(
            *impl_->ledger, &v1::LedgerService::Stub::ListSources, request));
    for (v1::SourceProgress& source : *page.mutable_sources()) {
      sources.push_back(std::move(source));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return sources;
}

absl::StatusOr<std::vector<v1::KeptRefusal>> Client::ListRefusals(
    v1::ListRefusalsRequest request) {
  std::vector<v1::KeptRefusal> refusals;
  do {
    ASSIGN_OR_RETURN(
        v1::ListRefusalsResponse page,
        impl_->Call<v1::ListRefusalsResponse>(
            *impl_->ledger, &v1::LedgerService::Stub::ListRefusals, request));
    for (v1::KeptRefusal& refusal : *page.mutable_refusals()) {
      refusals.push_back(std::move(refusal));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return refusals;
}

absl::StatusOr<std::vector<v1::Ledger>> Client::ListLedgers() {
  std::vector<v1::Ledger> ledgers;
  v1::ListLedgersRequest request;
  do {
    ASSIGN_OR_RETURN(
        v1::ListLedgersResponse page,
        impl_->Call<v1::ListLedgersResponse>(
            *impl_->admin, &v1::AdminService::Stub::ListLedgers, request));
    for (v1::Ledger& ledger : *page.mutable_ledgers()) {
      ledgers.push_back(std::move(ledger));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return ledgers;
}

absl::StatusOr<std::vector<v1::ReportSummary>> Client::ListReports(
    v1::ListReportsRequest request) {
  std::vector<v1::ReportSummary> reports;
  do {
    ASSIGN_OR_RETURN(
        v1::ListReportsResponse page,
        impl_->Call<v1::ListReportsResponse>(
            *impl_->report, &v1::ReportService::Stub::ListReports, request));
    for (v1::ReportSummary& report : *page.mutable_reports()) {
      reports.push_back(std::move(report));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return reports;
}

absl::Status Client::FindEntries(v1::FindEntriesRequest request,
                                 Visit<v1::FindEntriesResponse> visit) {
  return impl_->Pages<v1::FindEntriesResponse>(
      *impl_->audit, &v1::AuditService::Stub::FindEntries, request, visit);
}

absl::Status Client::ReplayEvents(
    const v1::ReplayEventsRequest& request,
    absl::FunctionRef<absl::Status(const v1::StoredEntry&)> visit) {
  grpc::ClientContext context;
  impl_->SetDeadline(context, replay_timeout_factor);
  const std::unique_ptr<grpc::ClientReader<v1::StoredEntry>> reader =
      impl_->audit->ReplayEvents(&context, request);
  v1::StoredEntry entry;
  while (reader->Read(&entry)) {
    absl::Status visited = visit(entry);
    if (visited.ok()) continue;
    context.TryCancel();
    static_cast<void>(reader->Finish());
    return visited;
  }
  return impl_->ToStatus(reader->Finish());
}

}  // namespace daybook::client
