#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/audit/directory_fetcher.h"
#include "clients/audit/server_fetcher.h"
#include "clients/cli/audit_parts.h"
#include "clients/cli/commands.h"
#include "clients/cli/coordinates_text.h"
#include "clients/cli/display_width.h"
#include "clients/cli/event_rows_text.h"
#include "clients/cli/report_check.h"
#include "clients/cli/report_file.h"
#include "clients/cli/run.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/budget/resource_name.h"
#include "core/checkpoint/verifier_key.h"

namespace daybook::cli {
namespace {

using Answer = ReportVerdict::Answer;

// As many differences are printed.
constexpr size_t printed_differences_max = 50;
// Of one text.
constexpr size_t text_bytes_max = 300;

// Where the log is read from.
struct Log {
  std::unique_ptr<client::Client> client;
  std::unique_ptr<audit::Fetcher> fetcher;
};

absl::StatusOr<Log> OpenLog(const CommandLine& line, const PrintedFile& file) {
  Log log;
  if (line.Has("export")) {
    const std::string folder = line.Text("export");
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
      return absl::NotFoundError(
          absl::StrCat("--export=", folder, ": there is no such folder"));
    }
    log.fetcher = std::make_unique<audit::DirectoryFetcher>(folder);
    return log;
  }
  ASSIGN_OR_RETURN(const ResourceName name,
                   ResourceName::Parse(file.evidence.report.name()));
  log.client = std::make_unique<client::Client>(line.server());
  log.fetcher = std::make_unique<audit::ServerFetcher>(
      *log.client, name.LedgerString(), LogSize(file.evidence.report.size()));
  return log;
}

std::string Quoted(const std::string& text) {
  if (text.empty()) return "（空）";
  const std::string shown = Shortened(text, text_bytes_max);
  return Printable(shown.size() < text.size() ? shown + "…" : shown);
}

void PrintDifference(const PrintedDifference& difference, Streams& streams) {
  streams.out << "  " << Printable(difference.sheet);
  if (difference.row > 0) streams.out << " 第 " << difference.row << " 行";
  if (!difference.label.empty()) {
    streams.out << "，" << Quoted(difference.label);
  }
  if (!difference.figure.empty()) {
    streams.out << "，" << Printable(difference.figure);
  }
  streams.out << "：";
  if (difference.missing) {
    streams.out << "缺少 " << Quoted(difference.expected);
  } else if (difference.added) {
    streams.out << "多出 " << Quoted(difference.printed);
  } else {
    streams.out << "印为 " << Quoted(difference.printed) << "，据账本为 "
                << Quoted(difference.expected);
  }
  streams.out << "\n";
}

void PrintEvents(const FigureEvents& events, Streams& streams) {
  streams.out << "\n"
              << Printable(events.figure) << " 据账本由 " << events.total
              << " 笔事项得出";
  if (events.total > events.rows.size()) {
    streams.out << "，前 " << events.rows.size() << " 笔";
  }
  streams.out << "：\n";
  EventTable table(EventTable::Shows::kRecorded);
  for (const v1::EventRow& row : events.rows) table.AddRow(row);
  streams.out << table.TakeRows();
}

void PrintCoordinates(const PrintedFile& file, Streams& streams) {
  const v1::Report& report = file.evidence.report;
  streams.out << Printable(report.name()) << "，截至 "
              << DayText(report.as_of()) << "，账本大小 " << report.size()
              << "，账本日志 " << Printable(report.evidence().origin()) << "\n";
}

void PrintVerdict(const ReportVerdict& verdict, Streams& streams) {
  size_t printed = 0;
  for (const PrintedDifference& difference : verdict.differences.first) {
    if (++printed > printed_differences_max) break;
    PrintDifference(difference, streams);
  }
  if (verdict.differences.total > printed_differences_max) {
    streams.out << "  共 " << verdict.differences.total << " 处不同\n";
  }
  for (const FigureEvents& events : verdict.events) {
    PrintEvents(events, streams);
  }
}

absl::Status CannotTell(absl::string_view why, Streams& streams) {
  streams.out << "cannot tell（无法判断）\n";
  return WithExitCode(absl::FailedPreconditionError(why), kCannotTell);
}

absl::Status Answered(const ReportVerdict& verdict, const PrintedFile& file,
                      const std::optional<checkpoint::VerifierKey>& key,
                      Streams& streams) {
  switch (verdict.answer) {
    case Answer::kCannotTell:
      return CannotTell(verdict.reason, streams);
    case Answer::kFollows:
      streams.out << "follows（相符）\n";
      PrintCoordinates(file, streams);
      streams.out << "已读账本前 " << verdict.checkpoint_size.value()
                  << " 条记录，与密钥 " << key->ToString()
                  << " 签名的检查点一致；各数据项由这些记录重新得出\n";
      return absl::OkStatus();
    case Answer::kDoesNotFollow:
      break;
  }
  streams.out << "does not follow（不符）\n";
  PrintCoordinates(file, streams);
  PrintVerdict(verdict, streams);
  return WithExitCode(
      absl::FailedPreconditionError(
          verdict.reason.empty()
              ? absl::StrCat(verdict.differences.total,
                             " places of the print are not as the log has them")
              : verdict.reason),
      kContradicted);
}

absl::Status VerifyReport(const CommandLine& line, Streams& streams) {
  const absl::StatusOr<PrintedFile> file = ReadReportFile(line.argument(0));
  if (absl::IsNotFound(file.status())) return file.status();
  if (!file.ok()) {
    return CannotTell(
        absl::StrCat(line.argument(0), ": ", file.status().message()), streams);
  }
  std::optional<checkpoint::VerifierKey> key;
  if (line.Has("vkey")) {
    ASSIGN_OR_RETURN(key, ReadVerifierKey(line.Text("vkey")));
  }
  ASSIGN_OR_RETURN(const Log log, OpenLog(line, *file));
  ASSIGN_OR_RETURN(const ReportVerdict verdict,
                   CheckReport(*file, *log.fetcher, key));
  return Answered(verdict, *file, key, streams);
}

}  // namespace

std::vector<Command> VerifyReportCommands() {
  return {
      {"audit verify-report",
       "FILE",
       "Says whether a printed report (json, html, xlsx) follows from the log.",
       {{"export", Flag::Kind::kText, "DIR",
         "read the log from an export instead of the server"},
        VerifierKeyFlag(false)},
       1,
       VerifyReport},
  };
}

}  // namespace daybook::cli
