#include <unistd.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/commands.h"
#include "clients/cli/import_parts.h"
#include "clients/cli/import_text.h"
#include "clients/cpp/client.h"
#include "clients/import/mapping.h"
#include "clients/import/recorded_keys.h"
#include "clients/import/sheet_scanner.h"
#include "clients/import/template_mapping.h"
#include "clients/import/voucher_import.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"

namespace daybook::cli {
namespace {

using importer::ImportVouchers;
using importer::VoucherImportOptions;
using importer::VoucherImportResult;
using importer::YuanText;

absl::Status Together(const CommandLine& line) {
  if (line.Has("correction-reason") != line.Has("approver")) {
    return absl::InvalidArgumentError(
        "--correction-reason and --approver go together: a late adjustment "
        "says why, and who approved it");
  }
  if (line.Has("confirm-deletions") && !line.Has("snapshot")) {
    return absl::InvalidArgumentError(
        "--confirm-deletions goes with --snapshot=FROM..TO");
  }
  return absl::OkStatus();
}

absl::StatusOr<importer::SnapshotPeriod> ParsePeriod(const std::string& text) {
  const std::vector<std::string> days = absl::StrSplit(text, "..");
  if (days.size() == 2) {
    const absl::StatusOr<absl::CivilDay> from = ParseDay(days[0]);
    const absl::StatusOr<absl::CivilDay> to = ParseDay(days[1]);
    if (from.ok() && to.ok() && *from <= *to) {
      return importer::SnapshotPeriod{*from, *to};
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--snapshot=", text,
                   ": no period; write it like 2024-03-01..2024-03-31"));
}

// One run of the command.
class VoucherCommand {
 public:
  VoucherCommand(const CommandLine& line, Streams& streams)
      : line_(line), streams_(streams), client_(line.server()) {}

  absl::Status Run() {
    RETURN_IF_ERROR(Prepare());
    const absl::StatusOr<VoucherImportResult> result =
        ImportVouchers(client_, options_);
    if (streams_.progress) streams_.err << "\r\033[K";
    if (!result.ok()) return ExplainInterrupted(result.status());
    PrintWarnings(*result);
    streams_.out << ImportSummaryText(result->summary, options_.dry_run);
    FiguresNow now;
    if (options_.dry_run) {
      ASSIGN_OR_RETURN(now, ReadFigures(*result));
    }
    streams_.out << ImportEffectText(result->effect, now);
    return Conclude(*result);
  }

 private:
  absl::Status Prepare() {
    // Without a mapping it is the table that `template` writes.
    ASSIGN_OR_RETURN(options_.mapping,
                     line_.Has("mapping")
                         ? importer::ReadVoucherMapping(line_.Text("mapping"))
                         : importer::TemplateVoucherMapping());
    ASSIGN_OR_RETURN(options_.ledger,
                     LedgerOf(line_, options_.mapping.ledger()));
    options_.server = line_.server();
    options_.path = line_.argument(0);
    options_.source = line_.Text("source");
    options_.rejects_path = line_.Text("rejects");
    options_.dry_run = line_.Has("dry-run");
    options_.correction = CorrectionOf(line_);
    if (line_.Has("snapshot")) {
      ASSIGN_OR_RETURN(options_.snapshot, ParsePeriod(line_.Text("snapshot")));
    }
    if (streams_.progress) {
      options_.progress = [this](int64_t done, int64_t total) {
        streams_.err << "\r" << done << " / " << total << " 行" << std::flush;
      };
    }
    options_.confirm = [this](int64_t rows, Int128 fen) {
      return Confirm(rows, fen);
    };
    return absl::OkStatus();
  }

  bool Confirm(int64_t rows, Int128 fen) {
    if (streams_.progress) streams_.err << "\r\033[K";
    streams_.err << line_.Text("snapshot") << " 内有 " << rows
                 << " 笔已记录的凭证不在表中，合计 " << YuanText(fen)
                 << " 元。\n";
    const std::optional<uint64_t> stated = line_.Number("confirm-deletions");
    if (stated.has_value()) return *stated == static_cast<uint64_t>(rows);
    if (!streams_.progress || isatty(STDIN_FILENO) == 0) return false;
    streams_.err << "全部冲销？[y/N] " << std::flush;
    std::string answer;
    std::getline(streams_.in, answer);
    return answer == "y" || answer == "Y";
  }

  void PrintWarnings(const VoucherImportResult& result) {
    for (const std::string& note : result.notes) {
      streams_.err << options_.path << ": left out: " << note << "\n";
    }
    for (const std::string& mismatch : result.mismatches) {
      streams_.err << options_.path << ": warning: " << mismatch << "\n";
    }
    if (result.mismatches_total > result.mismatches.size()) {
      streams_.err << "and "
                   << result.mismatches_total - result.mismatches.size()
                   << " more sums\n";
    }
    PrintReasons(options_.path, result.reasons,
                 result.summary.of(importer::Tally::kRejected).rows, streams_);
    for (const std::string& refused : result.absent_refused) {
      streams_.err << options_.path << ": absent " << refused << "\n";
    }
  }

  // The figures that change, as they are now. Of a report that counts another
  // source as executed there are none: its figures stay.
  absl::StatusOr<FiguresNow> ReadFigures(const VoucherImportResult& result) {
    FiguresNow now;
    for (const auto& [name, effect] : result.effect.reports()) {
      ASSIGN_OR_RETURN(const std::string book,
                       importer::BookSourceOf(client_, name));
      if (book != options_.source) {
        streams_.err << name << ": counts " << book << " as executed; what "
                     << options_.source
                     << " states are control facts, and its figures stay\n";
        continue;
      }
      ASSIGN_OR_RETURN(now[name], ReadFiguresNow(client_, name, effect));
    }
    return now;
  }

  absl::Status Conclude(const VoucherImportResult& result) {
    if (result.absent.rows > 0) {
      streams_.out << "\n快照 " << line_.Text("snapshot") << "：表中没有的 "
                   << result.absent.rows << " 笔，合计 "
                   << YuanText(result.absent.fen) << " 元，"
                   << (options_.dry_run ? "将冲销 " : "冲销 ")
                   << result.absent_reversed << " 笔\n";
    }
    if (options_.dry_run) {
      streams_.out << "\n试算：没有记录任何内容\n";
    } else {
      streams_.out << "\n再次导入同一表格不会重复记录\n";
    }
    RETURN_IF_ERROR(
        RejectedStatus(result.summary.of(importer::Tally::kRejected).rows,
                       options_.dry_run, result.rejects_path));
    if (!result.absent_refused.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat(result.absent_refused.size(),
                       " absent vouchers can not be reversed"));
    }
    if (result.absent.rows > result.absent_reversed && !options_.dry_run) {
      return absl::FailedPreconditionError(absl::StrCat(
          result.absent.rows - result.absent_reversed,
          " absent vouchers were left as they are; once checked, repeat with "
          "--confirm-deletions=",
          result.absent.rows));
    }
    return absl::OkStatus();
  }

  const CommandLine& line_;
  Streams& streams_;
  client::Client client_;
  VoucherImportOptions options_;
};

absl::Status Import(const CommandLine& line, Streams& streams) {
  return line.Text("kind") == "voucher" ? VoucherCommand(line, streams).Run()
                                        : ImportFormCommand(line, streams);
}

}  // namespace

std::vector<Command> ImportCommands() {
  using Kind = Flag::Kind;
  return {
      {"import",
       "FILE.csv|FILE.xlsx",
       "Records the rows of a table that an office holds.",
       {{"kind", Kind::kChoice, "", "what the rows are", ImportKinds(), true},
        {"source",
         Kind::kText,
         "NAME",
         "the system that states them, such as accounting",
         {},
         true},
        {"mapping", Kind::kText, "FILE",
         "what the columns of vouchers mean; else they are those of the "
         "template. docs/import.md explains it"},
        {"ledger", Kind::kText, "LEDGER",
         "the ledger, such as 430203; else the mapping's"},
        {"dry-run", Kind::kSwitch, "",
         "show what would change, record nothing"},
        {"rejects", Kind::kText, "FILE",
         "where rejected rows go; else FILE.rejects beside the table"},
        {"correction-reason", Kind::kText, "TEXT",
         "why days that are closed are changed"},
        {"approver", Kind::kText, "OFFICE", "who approved that"},
        {"snapshot", Kind::kText, "FROM..TO",
         "the table is all there is of these days: reverse what it lacks"},
        {"confirm-deletions", Kind::kNumber, "N",
         "reverse the absent vouchers when there are just N"}},
       1,
       Import,
       0,
       Together},
  };
}

}  // namespace daybook::cli
