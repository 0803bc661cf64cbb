#include "services/grpc/find_ledger.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"

namespace daybook::services {

absl::StatusOr<std::string> ParseLedgerName(absl::string_view name) {
  const absl::StatusOr<ResourceName> parsed =
      ResourceName::Parse(name, ResourceName::Kind::kLedger);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("ledger: ", parsed.status().message()));
  }
  return parsed->ledger();
}

absl::StatusOr<LedgerEngine*> FindLedger(LedgerRegistry& ledgers,
                                         absl::string_view name) {
  ASSIGN_OR_RETURN(const std::string ledger_id, ParseLedgerName(name));
  return ledgers.Find(ledger_id);
}

}  // namespace daybook::services
