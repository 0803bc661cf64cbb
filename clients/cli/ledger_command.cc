#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "clients/cli/commands.h"
#include "clients/cli/csv.h"
#include "clients/cli/json.h"
#include "clients/cli/table.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

absl::Status Create(const CommandLine& line, Streams& streams) {
  v1::CreateLedgerRequest request;
  request.set_ledger_id(
      std::string(absl::StripPrefix(line.argument(0), "ledgers/")));
  request.set_origin(line.Text("origin"));
  ASSIGN_OR_RETURN(const v1::Ledger ledger,
                   client::Client(line.server()).CreateLedger(request));
  streams.out << "created " << ledger.name() << ", origin " << ledger.origin()
              << "\n";
  return absl::OkStatus();
}

// Damage is worse than what passes; so is what an older server does not tell.
absl::StatusCode WorseOf(absl::StatusCode code, const v1::Ledger& ledger) {
  const auto other = static_cast<absl::StatusCode>(ledger.problem_code());
  if (other == absl::StatusCode::kOk) return absl::StatusCode::kDataLoss;
  return code == absl::StatusCode::kOk || other == absl::StatusCode::kDataLoss
             ? other
             : code;
}

absl::Status List(const CommandLine& line, Streams& streams) {
  ASSIGN_OR_RETURN(const std::vector<v1::Ledger> ledgers,
                   client::Client(line.server()).ListLedgers());
  const std::string format = line.Text("format", "text");
  if (format == "json") {
    for (const v1::Ledger& ledger : ledgers) {
      streams.out << ToJsonLine(ledger) << "\n";
    }
    return absl::OkStatus();
  }
  Table table({{"ledger"}, {"origin"}, {"size", Table::Align::kRight}});
  if (format == "csv") streams.out << CsvRow({"ledger", "origin", "size"});
  std::vector<std::string> unreadable;
  absl::StatusCode code = absl::StatusCode::kOk;
  for (const v1::Ledger& ledger : ledgers) {
    const bool readable = ledger.problem().empty();
    if (!readable) {
      unreadable.push_back(absl::StrCat(ledger.name(), ": ", ledger.problem()));
      code = WorseOf(code, ledger);
    }
    const std::vector<std::string> row = {
        ledger.name(), ledger.origin(),
        readable ? absl::StrCat(ledger.size()) : ""};
    if (format == "csv") {
      streams.out << CsvRow(row);
    } else {
      table.AddRow(row);
    }
  }
  if (format == "text") streams.out << table.ToString();
  if (unreadable.empty()) return absl::OkStatus();
  return absl::Status(code, absl::StrCat("can not be opened: ",
                                         absl::StrJoin(unreadable, "; ")));
}

}  // namespace

std::vector<Command> LedgerCommands() {
  return {
      {"ledger create",
       "LEDGER",
       "Creates a ledger, such as 430203, with its genesis entry.",
       {{"origin", Flag::Kind::kText, "NAME",
         "name of its log in checkpoints; can never be changed"}},
       1,
       Create},
      {"ledger list",
       "",
       "Lists the ledgers of the server.",
       {{"format",
         Flag::Kind::kChoice,
         "",
         "how to print",
         {"text", "json", "csv"}}},
       0,
       List},
  };
}

}  // namespace daybook::cli
