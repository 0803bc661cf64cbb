#include "clients/cli/import_parts.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/import/sheet_form.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/resource_name.h"

namespace daybook::cli {

absl::StatusOr<std::string> LedgerOf(const CommandLine& line,
                                     const std::string& mapping) {
  std::string ledger = line.Has("ledger") ? line.Text("ledger") : mapping;
  ledger = std::string(absl::StripPrefix(ledger, "ledgers/"));
  if (IsResourceId(ledger)) return ledger;
  return absl::InvalidArgumentError(
      ledger.empty() ? "which ledger is unknown; name it with --ledger=430203, "
                       "or in the mapping"
                     : absl::StrCat("ledger '", ledger,
                                    "': no code of a ledger; write it like "
                                    "430203"));
}

std::optional<v1::Correction> CorrectionOf(const CommandLine& line) {
  if (!line.Has("correction-reason")) return std::nullopt;
  v1::Correction correction;
  correction.set_reason(line.Text("correction-reason"));
  correction.set_approver(line.Text("approver"));
  return correction;
}

void PrintReasons(const std::string& path,
                  const std::vector<std::string>& reasons, int64_t rejected,
                  Streams& streams) {
  for (const std::string& reason : reasons) {
    streams.err << path << ": " << reason << "\n";
  }
  const auto shown = static_cast<int64_t>(reasons.size());
  if (rejected > shown) {
    streams.err << "and " << rejected - shown << " more rows\n";
  }
}

absl::StatusOr<std::map<std::string, int64_t>> ReadFiguresNow(
    client::Client& client, const std::string& report,
    const importer::ImportEffect::Report& effect) {
  v1::GetReportRequest request;
  request.set_name(report);
  ASSIGN_OR_RETURN(const ResourceName name, ResourceName::Parse(report));
  *request.mutable_as_of() = ToDate(LastDay(name.fiscal_year()));
  ASSIGN_OR_RETURN(const v1::Report answer, client.GetReport(request));
  std::map<std::string, int64_t> figures;
  for (const v1::Figure& figure : answer.figures()) {
    if (figure.value().has_amount_fen() &&
        effect.figures.contains(figure.path())) {
      figures[figure.path()] = figure.value().amount_fen();
    }
  }
  return figures;
}

absl::Status RejectedStatus(int64_t rejected, bool dry_run,
                            const std::string& rejects_path) {
  if (rejected == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      dry_run ? absl::StrCat(rejected, " rows would be rejected")
              : absl::StrCat(rejected, " rows were rejected; mend them in ",
                             rejects_path,
                             " and import that file, the others are done"));
}

absl::Status ExplainInterrupted(const absl::Status& status) {
  if (!absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) {
    return status;
  }
  return absl::Status(
      status.code(),
      absl::StrCat(status.message(),
                   "; import the table again: it goes on where it was, and "
                   "nothing is recorded twice"));
}

std::vector<std::string> ImportKinds() {
  std::vector<std::string> kinds;
  for (const importer::WorkbookForm& form : importer::WorkbookForms()) {
    kinds.push_back(form.kind);
  }
  return kinds;
}

}  // namespace daybook::cli
