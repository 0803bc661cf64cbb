#include "clients/audit/server_fetcher.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace daybook::audit {

absl::StatusOr<std::string> ServerFetcher::Read(const std::string& path) {
  if (path == "checkpoint") {
    v1::GetCheckpointRequest request;
    request.set_ledger(ledger_);
    request.set_min_size(wanted_.value());
    absl::StatusOr<v1::Checkpoint> checkpoint = client_.GetCheckpoint(request);
    if (absl::IsOutOfRange(checkpoint.status())) {
      request.clear_min_size();
      checkpoint = client_.GetCheckpoint(request);
    }
    RETURN_IF_ERROR(checkpoint.status());
    return std::move(*checkpoint->mutable_note());
  }
  if (!absl::StartsWith(path, "tile/")) {
    return absl::NotFoundError(
        absl::StrCat("a server gives out no file ", path));
  }
  v1::GetTileRequest request;
  request.set_ledger(ledger_);
  request.set_path(path);
  ASSIGN_OR_RETURN(v1::GetTileResponse response, client_.GetTile(request));
  return std::move(*response.mutable_content());
}

}  // namespace daybook::audit
