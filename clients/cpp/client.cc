#include "clients/cpp/client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cpp/refusals.h"
#include "core/base/status_macros.h"
#include "daybook/v1/admin_service.grpc.pb.h"
#include "daybook/v1/audit_service.grpc.pb.h"
#include "daybook/v1/ledger_service.grpc.pb.h"
#include "daybook/v1/report_service.grpc.pb.h"

namespace daybook::client {
namespace {

// A report with much text, or a page of reports; the server's own messages are
// smaller.
constexpr int receive_bytes_max = 64 << 20;
constexpr int replay_timeout_factor = 10;

// gRPC's own words for a connection that never was, and for one that ended
// during a call. A server that answers UNAVAILABLE itself says neither.
constexpr const char* never_connected[] = {"failed to connect",
                                           "DNS resolution failed"};
constexpr const char* broke_off[] = {"Socket closed", "Connection reset",
                                     "Broken pipe"};

template <size_t kCount>
bool SaysOneOf(const std::string& message, const char* const (&words)[kCount]) {
  for (const char* word : words) {
    if (message.find(word) != std::string::npos) return true;
  }
  return false;
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
    if (status.ok()) return absl::OkStatus();
    const bool unavailable =
        status.error_code() == grpc::StatusCode::UNAVAILABLE;
    if (unavailable && SaysOneOf(status.error_message(), never_connected)) {
      return absl::UnavailableError(absl::StrCat(
          "no Daybook server answers at ", address,
          "; start one with daybookd --data_dir=DIR, or name another with "
          "--server=HOST:PORT"));
    }
    if (unavailable && SaysOneOf(status.error_message(), broke_off)) {
      return absl::UnavailableError(
          absl::StrCat("the connection to ", address,
                       " broke before the answer came; whether the call took "
                       "effect is unknown"));
    }
    if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
      return absl::DeadlineExceededError(
          absl::StrCat(address,
                       " did not answer in time; whether the call took effect "
                       "is unknown"));
    }
    absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                        status.error_message());
    AttachDetails(status.error_details(), result);
    return result;
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
};

Client::Client(const std::string& address, ClientOptions options)
    : impl_(std::make_unique<Impl>()) {
  impl_->address = address;
  impl_->options = options;
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(receive_bytes_max);
  // A proxy of the environment is for the web; it can not reach loopback.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  const std::shared_ptr<grpc::Channel> channel = grpc::CreateCustomChannel(
      address, grpc::InsecureChannelCredentials(), arguments);
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
