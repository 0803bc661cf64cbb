#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

absl::Status RotateKey(const CommandLine& line, Streams& streams) {
  const std::string ledger = line.argument(0);
  v1::RotateKeyRequest request;
  request.set_ledger(absl::StartsWith(ledger, "ledgers/")
                         ? ledger
                         : absl::StrCat("ledgers/", ledger));
  request.set_reason(line.Text("reason"));
  ASSIGN_OR_RETURN(const v1::RotateKeyResponse rotated,
                   client::Client(line.server()).RotateKey(request));
  streams.out << request.ledger() << " is signed by " << rotated.verifier_key()
              << " from position " << rotated.position() << " on\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> AdminCommands() {
  return {
      {"admin rotate-key",
       "LEDGER",
       "Has the ledger signed by its next key, which daybookd keygen --next "
       "made.",
       {{"reason", Flag::Kind::kText, "TEXT", "why", {}, true}},
       1,
       RotateKey},
  };
}

}  // namespace daybook::cli
