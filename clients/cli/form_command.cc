#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/import_parts.h"
#include "clients/cli/import_text.h"
#include "clients/cpp/client.h"
#include "clients/import/form_import.h"
#include "clients/import/sheet_form.h"
#include "clients/import/template_workbook.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

using importer::FormImportOptions;
using importer::FormImportResult;
using importer::Tally;

absl::Status OnlyOfVouchers(const CommandLine& line) {
  for (const char* const flag : {"mapping", "snapshot", "confirm-deletions"}) {
    if (!line.Has(flag)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "--", flag, " goes with --kind=voucher; the sheets of --kind=",
        line.Text("kind"), " have headings of their own"));
  }
  return absl::OkStatus();
}

FormImportOptions OptionsOf(const CommandLine& line, Streams& streams) {
  FormImportOptions options;
  options.path = line.argument(0);
  options.form = importer::FindWorkbookForm(line.Text("kind"));
  options.server = line.server();
  options.source = line.Text("source");
  options.rejects_path = line.Text("rejects");
  options.dry_run = line.Has("dry-run");
  options.correction = CorrectionOf(line);
  if (streams.progress) {
    options.progress = [&streams](int64_t done, int64_t total) {
      streams.err << "\r" << done << " / " << total << " 行" << std::flush;
    };
  }
  return options;
}

void PrintWarnings(const std::string& path, const FormImportResult& result,
                   Streams& streams) {
  for (const std::string& note : result.notes) {
    streams.err << path << ": " << note << "\n";
  }
  for (const std::string& mismatch : result.mismatches) {
    streams.err << path << ": warning: " << mismatch << "\n";
  }
  PrintReasons(path, result.reasons, result.summary.of(Tally::kRejected).rows,
               streams);
}

absl::StatusOr<FiguresNow> ReadFigures(client::Client& client,
                                       const FormImportResult& result) {
  FiguresNow now;
  for (const auto& [name, effect] : result.effect.reports()) {
    if (effect.figures.empty()) continue;
    // A report that is only about to be opened has none.
    absl::StatusOr<std::map<std::string, int64_t>> figures =
        ReadFiguresNow(client, name, effect);
    if (absl::IsNotFound(figures.status())) continue;
    RETURN_IF_ERROR(figures.status());
    now[name] = *std::move(figures);
  }
  return now;
}

absl::Status WriteTemplateCommand(const CommandLine& line, Streams& streams) {
  const std::string kind = line.Text("kind");
  const std::string path = line.Text("output", kind + ".xlsx");
  RETURN_IF_ERROR(
      importer::WriteTemplate(*importer::FindWorkbookForm(kind), path));
  streams.out << "wrote " << path << "\n";
  return absl::OkStatus();
}

}  // namespace

absl::Status ImportFormCommand(const CommandLine& line, Streams& streams) {
  RETURN_IF_ERROR(OnlyOfVouchers(line));
  FormImportOptions options = OptionsOf(line, streams);
  ASSIGN_OR_RETURN(options.ledger, LedgerOf(line, ""));
  client::Client client(line.server());
  const absl::StatusOr<FormImportResult> result =
      importer::ImportForm(client, options);
  if (streams.progress) streams.err << "\r\033[K";
  if (!result.ok()) return ExplainInterrupted(result.status());
  PrintWarnings(options.path, *result, streams);
  // Rows of words have no amounts.
  const bool money =
      options.form->sheets.front().Find(importer::Field::kAmount) != nullptr;
  streams.out << ImportSummaryText(
      result->summary, options.dry_run,
      money ? SummaryOf::kMoneyForm : SummaryOf::kForm);
  FiguresNow now;
  if (options.dry_run) {
    ASSIGN_OR_RETURN(now, ReadFigures(client, *result));
  }
  streams.out << ImportEffectText(result->effect, now);
  streams.out << (options.dry_run ? "\n试算：没有记录任何内容\n"
                                  : "\n再次导入同一表格不会重复记录\n");
  return RejectedStatus(result->summary.of(Tally::kRejected).rows,
                        options.dry_run, result->rejects_path);
}

std::vector<Command> TemplateCommands() {
  return {
      {"template",
       "",
       "Writes a blank workbook to be filled in and imported.",
       {{"kind", Flag::Kind::kChoice, "", "what its rows are", ImportKinds(),
         true},
        {"output", Flag::Kind::kText, "FILE.xlsx",
         "where it goes; else KIND.xlsx. A file that exists is left alone"}},
       0,
       WriteTemplateCommand},
  };
}

}  // namespace daybook::cli
