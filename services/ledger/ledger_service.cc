#include "services/ledger/ledger_service.h"

#include <limits>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/admission/well_formed.h"
#include "core/base/status_macros.h"
#include "services/engine/source_rows.h"
#include "services/grpc/authorize.h"
#include "services/grpc/find_ledger.h"
#include "services/grpc/grpc_status.h"
#include "services/grpc/page_token.h"
#include "services/grpc/request_check.h"
#include "services/ledger/publication.h"
#include "services/ledger/source_progress.h"

namespace daybook::services {
namespace {

// The events themselves are checked one by one where they are decided.
absl::StatusOr<AppendCommand> ParseAppend(
    const v1::AppendEventsRequest& request, const Principal& writer) {
  RETURN_IF_ERROR(CheckKnownFields(request, Depth::kEnvelope));
  AppendCommand command;
  command.principal = writer.name;
  command.source = request.source();
  *command.inputs = request.inputs();
  if (request.has_expected_size()) {
    command.expected_size = LogSize(request.expected_size());
  }
  command.validate_only = request.validate_only();
  ASSIGN_OR_RETURN(const bool published,
                   AsksForPublication(request.ack_level(), "ack_level"));
  if (published) command.events_limit = published_events_max;
  return command;
}

// Adds the proof of what was recorded, where it is asked for, or why there is
// none.
void AddPublication(const LedgerEngine& ledger, Publishers& publishers,
                    const std::vector<Position>& positions,
                    v1::AppendEventsResponse& response) {
  const auto publish = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string ledger_id,
                     ParseLedgerName(ledger.ledger()));
    ASSIGN_OR_RETURN(Publisher* const publisher, publishers.Find(ledger_id));
    ASSIGN_OR_RETURN(*response.mutable_publication(),
                     Publish(ledger, *publisher, positions));
    return absl::OkStatus();
  };
  const absl::Status published = publish();
  if (published.ok()) return;
  response.clear_publication();
  *response.mutable_unpublished() = ToErrorStatus(published);
}

v1::AppendRefused ToAppendRefused(AppendOutcome outcome) {
  v1::AppendRefused refused;
  refused.set_refused_total(outcome.refused_total);
  for (v1::Refusal& refusal : outcome.refusals) {
    *refused.add_refusals() = std::move(refusal);
  }
  return refused;
}

v1::AppendEventsResponse ToResponse(AppendOutcome outcome) {
  v1::AppendEventsResponse response;
  response.set_size(outcome.size.value());
  for (v1::AppendResult& result : outcome.results) {
    *response.add_results() = std::move(result);
  }
  for (v1::Refusal& refusal : outcome.refusals) {
    *response.add_refusals() = std::move(refusal);
  }
  return response;
}

absl::Status CheckSourceName(const std::string& source) {
  const std::vector<v1::Problem> problems = CheckSource(source);
  if (problems.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("source: \"", problems[0].value(),
                   "\": ", problems[0].message(), "; ", problems[0].remedy()));
}

absl::StatusOr<v1::ListSourcesResponse> SourcesPage(
    const LedgerEngine& ledger, const v1::ListSourcesRequest& request,
    absl::Time now) {
  const std::string question = absl::StrCat("sources of ", ledger.ledger());
  ASSIGN_OR_RETURN(const size_t page_size, ParsePageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after,
                   ParsePageToken(question, request.page_token()));
  ASSIGN_OR_RETURN(auto sources, ledger.ReadSources(after, page_size + 1));
  const bool more = sources.size() > page_size;
  if (more) sources.pop_back();
  v1::ListSourcesResponse page;
  for (v1::SourceProgress& progress : sources) {
    AddTimes(now, progress);
    *page.add_sources() = std::move(progress);
  }
  if (more) {
    page.set_next_page_token(
        MakePageToken(question, page.sources().rbegin()->source()));
  }
  return page;
}

absl::StatusOr<v1::ListRefusalsResponse> RefusalsPage(
    const LedgerEngine& ledger, const v1::ListRefusalsRequest& request) {
  RETURN_IF_ERROR(CheckSourceName(request.source()));
  const std::string question =
      absl::StrCat("refusals of ", request.source(), " in ", ledger.ledger());
  ASSIGN_OR_RETURN(const size_t page_size, ParsePageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string token,
                   ParsePageToken(question, request.page_token()));
  ASSIGN_OR_RETURN(const v1::SourceProgress progress,
                   ledger.ReadProgress(request.source()));
  uint64_t limit = std::numeric_limits<uint64_t>::max();
  if (!token.empty() && !absl::SimpleAtoi(token, &limit)) {
    return absl::InvalidArgumentError(
        "page_token: it is of no page of this list; give the token of the page "
        "before, or none");
  }
  ASSIGN_OR_RETURN(auto refusals,
                   ledger.ReadRefusals(request.source(), limit, page_size + 1));
  const bool more = refusals.size() > page_size;
  if (more) refusals.pop_back();
  v1::ListRefusalsResponse page;
  page.set_refused_total(RefusedTotal(progress));
  for (v1::KeptRefusal& refusal : refusals) {
    *page.add_refusals() = std::move(refusal);
  }
  if (more) {
    page.set_next_page_token(MakePageToken(
        question, absl::StrCat(page.refusals().rbegin()->number())));
  }
  return page;
}

}  // namespace

template <typename Request, typename Response, typename Read>
grpc::Status LedgerService::Answer(const grpc::ServerContext& context,
                                   const Request& request, Response* response,
                                   Read read) {
  const auto answer = [&]() -> absl::Status {
    RETURN_IF_ERROR(Authorize(context).status());
    RETURN_IF_ERROR(CheckKnownFields(request));
    ASSIGN_OR_RETURN(LedgerEngine* const ledger,
                     FindLedger(ledgers_, request.ledger()));
    ASSIGN_OR_RETURN(*response, read(*ledger));
    return absl::OkStatus();
  };
  return ToGrpcStatus(answer());
}

grpc::ServerBidiReactor<v1::StreamEventsRequest, v1::StreamEventsResponse>*
LedgerService::StreamEvents(grpc::CallbackServerContext* context) {
  return new EventStream(*context, ledgers_, publishers_, clock_, streams_);
}

grpc::Status LedgerService::GetSourceProgress(
    grpc::ServerContext* context, const v1::GetSourceProgressRequest* request,
    v1::SourceProgress* response) {
  return Answer(
      *context, *request, response,
      [&](LedgerEngine& ledger) -> absl::StatusOr<v1::SourceProgress> {
        RETURN_IF_ERROR(CheckSourceName(request->source()));
        ASSIGN_OR_RETURN(v1::SourceProgress progress,
                         ledger.ReadProgress(request->source()));
        AddTimes(clock_.Now(), progress);
        return progress;
      });
}

grpc::Status LedgerService::ListSources(grpc::ServerContext* context,
                                        const v1::ListSourcesRequest* request,
                                        v1::ListSourcesResponse* response) {
  return Answer(*context, *request, response, [&](LedgerEngine& ledger) {
    return SourcesPage(ledger, *request, clock_.Now());
  });
}

grpc::Status LedgerService::ListRefusals(grpc::ServerContext* context,
                                         const v1::ListRefusalsRequest* request,
                                         v1::ListRefusalsResponse* response) {
  return Answer(*context, *request, response, [&](LedgerEngine& ledger) {
    return RefusalsPage(ledger, *request);
  });
}

grpc::Status LedgerService::AppendEvents(grpc::ServerContext* context,
                                         const v1::AppendEventsRequest* request,
                                         v1::AppendEventsResponse* response) {
  const absl::StatusOr<Principal> writer = Authorize(*context);
  if (!writer.ok()) return ToGrpcStatus(writer.status());

  absl::StatusOr<AppendCommand> command = ParseAppend(*request, *writer);
  if (!command.ok()) return ToGrpcStatus(command.status());

  const absl::StatusOr<LedgerEngine*> ledger =
      FindLedger(ledgers_, request->ledger());
  if (!ledger.ok()) return ToGrpcStatus(ledger.status());

  absl::StatusOr<AppendOutcome> outcome =
      (*ledger)->Append(*std::move(command));
  if (!outcome.ok()) return ToGrpcStatus(outcome.status());

  if (outcome->refused_total > 0 && !request->validate_only()) {
    return ToRefusedStatus(ToAppendRefused(*std::move(outcome)));
  }
  std::vector<Position> recorded;
  if (request->ack_level() == v1::ACK_LEVEL_PUBLISHED) {
    recorded = RecordedPositions(*outcome);
  }
  *response = ToResponse(*std::move(outcome));
  if (!recorded.empty()) {
    AddPublication(**ledger, publishers_, recorded, *response);
  }
  return grpc::Status::OK;
}

}  // namespace daybook::services
