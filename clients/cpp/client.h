// Client: calls a Daybook server from C++.
//
//   daybook::client::Client client("127.0.0.1:7400");
//   daybook::v1::AppendEventsRequest request;
//   request.set_ledger("ledgers/430203");
//   request.set_source("accounting");
//   *request.add_inputs() = input;
//   const auto answer = client.AppendEvents(request);
//   if (!answer.ok()) {
//     for (const auto& refusal : Refusals(answer.status()).refusals()) ...
//   }
//
// Connects at the first call, over loopback or a network that is trusted: there
// is no encryption yet. Every call but a watch has a deadline, so that none
// waits for ever.
//
// Thread safety: all methods may be called from any thread.

#ifndef DAYBOOK_CLIENTS_CPP_CLIENT_H_
#define DAYBOOK_CLIENTS_CPP_CLIENT_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daybook/v1/admin_service.pb.h"
#include "daybook/v1/audit_service.pb.h"
#include "daybook/v1/ledger_service.pb.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook::client {

struct ClientOptions {
  // How long one call may take; a replay, from one message to the next is not
  // limited, the whole is by ten times this.
  absl::Duration timeout = absl::Seconds(60);

  // How often in a row WatchReport tries to go on when the server went away,
  // and how long it waits before the first of these tries; each time twice as
  // long, at most `watch_wait_max`.
  int watch_tries_max = 8;
  absl::Duration watch_wait = absl::Milliseconds(250);
  absl::Duration watch_wait_max = absl::Seconds(8);
};

class Client {
 public:
  // Where the server listens when nobody says otherwise.
  static constexpr const char* default_address = "127.0.0.1:7400";

  // Longest AppendEventsRequest, in bytes: the 16 MiB of events that the server
  // takes, and what wraps them.
  static constexpr size_t append_bytes_max = size_t{17} << 20;

  // `address` is HOST:PORT.
  explicit Client(const std::string& address, ClientOptions options = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The calls of the services. Errors are those that each rpc documents, and
  // UNAVAILABLE naming the address when no server answers there.
  absl::StatusOr<v1::AppendEventsResponse> AppendEvents(
      const v1::AppendEventsRequest& request);
  absl::StatusOr<v1::Report> GetReport(const v1::GetReportRequest& request);
  absl::StatusOr<v1::StoredEntry> GetEvent(const v1::GetEventRequest& request);
  absl::StatusOr<v1::Ledger> CreateLedger(
      const v1::CreateLedgerRequest& request);
  absl::StatusOr<v1::Checkpoint> GetCheckpoint(
      const v1::GetCheckpointRequest& request);
  absl::StatusOr<v1::InclusionProof> GetInclusionProof(
      const v1::GetInclusionProofRequest& request);
  absl::StatusOr<v1::GetTileResponse> GetTile(
      const v1::GetTileRequest& request);

  absl::StatusOr<v1::RotateKeyResponse> RotateKey(
      const v1::RotateKeyRequest& request);

  absl::StatusOr<v1::ExplainFigureResponse> ExplainFigure(
      const v1::ExplainFigureRequest& request);
  absl::StatusOr<v1::TraceEventResponse> TraceEvent(
      const v1::TraceEventRequest& request);

  // One page after the other, from `request.page_token` on. Stops at the first
  // status of `visit` that is not OK and returns it. A page that leads to
  // itself is DATA_LOSS.
  template <typename Page>
  using Visit = absl::FunctionRef<absl::Status(const Page&)>;
  absl::Status ExplainFigurePages(v1::ExplainFigureRequest request,
                                  Visit<v1::ExplainFigureResponse> visit);
  absl::Status CompareReports(v1::CompareReportsRequest request,
                              Visit<v1::CompareReportsResponse> visit);
  absl::Status GetReportTimeline(v1::GetReportTimelineRequest request,
                                 Visit<v1::GetReportTimelineResponse> visit);
  absl::Status ListLateAdjustments(
      v1::ListLateAdjustmentsRequest request,
      Visit<v1::ListLateAdjustmentsResponse> visit);

  // Calls `visit` for each message until it answers false, which is OK. When
  // the server goes away after it told something, watches again from the last
  // size told, so that nothing is missed or told twice; UNAVAILABLE once it
  // stayed away for `watch_tries_max` tries, or never answered.
  absl::Status WatchReport(
      v1::WatchReportRequest request,
      absl::FunctionRef<bool(const v1::WatchReportResponse&)> visit);

  // All pages together.
  absl::StatusOr<std::vector<v1::Ledger>> ListLedgers();
  absl::StatusOr<std::vector<v1::SourceProgress>> ListSources(
      v1::ListSourcesRequest request);
  // Newest first. Where more were refused in the meantime they are not in it.
  absl::StatusOr<std::vector<v1::KeptRefusal>> ListRefusals(
      v1::ListRefusalsRequest request);
  absl::StatusOr<std::vector<v1::ReportSummary>> ListReports(
      v1::ListReportsRequest request);

  // All pages together, newest first.
  absl::StatusOr<std::vector<v1::Checkpoint>> ListCheckpoints(
      v1::ListCheckpointsRequest request);

  // Calls `visit` for each message in order; stops at the first status that is
  // not OK and returns it. Without a deadline: it takes what the disk takes.
  absl::Status ScrubStorage(const v1::ScrubStorageRequest& request,
                            Visit<v1::ScrubStorageResponse> visit);

  // One page after the other, as ExplainFigurePages.
  absl::Status FindEntries(v1::FindEntriesRequest request,
                           Visit<v1::FindEntriesResponse> visit);

  // Calls `visit` for each entry in order; stops at the first status that is
  // not OK and returns it.
  absl::Status ReplayEvents(
      const v1::ReplayEventsRequest& request,
      absl::FunctionRef<absl::Status(const v1::StoredEntry&)> visit);

 private:
  struct Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace daybook::client

#endif  // DAYBOOK_CLIENTS_CPP_CLIENT_H_
