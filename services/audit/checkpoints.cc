#include "services/audit/checkpoints.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/strong_int.h"
#include "services/grpc/find_ledger.h"
#include "services/grpc/page_token.h"
#include "services/grpc/request_check.h"

namespace daybook::services {

absl::StatusOr<v1::Checkpoint> GetCheckpoint(
    Publishers& publishers, const v1::GetCheckpointRequest& request,
    absl::Time deadline) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ASSIGN_OR_RETURN(const std::string ledger_id,
                   ParseLedgerName(request.ledger()));
  ASSIGN_OR_RETURN(Publisher* const publisher, publishers.Find(ledger_id));
  if (request.min_size() == 0) return publisher->Newest();
  return publisher->Await(LogSize(request.min_size()), deadline);
}

absl::StatusOr<v1::ListCheckpointsResponse> ListCheckpoints(
    Publishers& publishers, const v1::ListCheckpointsRequest& request) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ASSIGN_OR_RETURN(const std::string ledger_id,
                   ParseLedgerName(request.ledger()));
  const std::string question =
      absl::StrCat("checkpoints of ", request.ledger());
  ASSIGN_OR_RETURN(const size_t page_size, ParsePageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string token,
                   ParsePageToken(question, request.page_token()));
  ASSIGN_OR_RETURN(const Publisher* const publisher,
                   publishers.Find(ledger_id));
  uint64_t before = std::numeric_limits<uint64_t>::max();
  if (!token.empty() && !absl::SimpleAtoi(token, &before)) {
    return absl::InvalidArgumentError(
        "page_token: it is of no page of this list; give the token of the page "
        "before, or none");
  }
  // One more than a page tells whether there is another.
  ASSIGN_OR_RETURN(std::vector<v1::Checkpoint> found,
                   publisher->List(LogSize(before), page_size + 1));
  const bool more = found.size() > page_size;
  if (more) found.pop_back();
  v1::ListCheckpointsResponse page;
  for (v1::Checkpoint& checkpoint : found) {
    *page.add_checkpoints() = std::move(checkpoint);
  }
  if (more) {
    page.set_next_page_token(MakePageToken(
        question, absl::StrCat(page.checkpoints().rbegin()->size())));
  }
  return page;
}

}  // namespace daybook::services
