#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/command_parts.h"
#include "clients/cli/commands.h"
#include "clients/cli/csv.h"
#include "clients/cli/display_width.h"
#include "clients/cli/entry_source.h"
#include "clients/cli/entry_text.h"
#include "clients/cli/event_words.h"
#include "clients/cli/filter_flags.h"
#include "clients/cli/interruption.h"
#include "clients/cli/json.h"
#include "clients/cli/report_folder.h"
#include "clients/cli/resume_file.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"
#include "core/report/entry_filter.h"
#include "daybook/v1/entry.pb.h"

namespace daybook::cli {
namespace {

struct Column {
  const char* title;
  size_t width;
};

// Wide enough for what there usually is: a replay is printed as it arrives, so
// nobody knows the longest cell.
constexpr Column columns[] = {
    {"position", 8},  {"recorded", 32}, {"source_recorded", 25},
    {"source", 14},   {"event", 36},    {"effective", 10},
    {"document", 10}, {"what", 26},     {"amount_yuan", 16},
    {"about", 0},
};

// How often a position is kept in the file of --resume.
constexpr uint64_t kept_every = 10'000;

std::string PaddedRow(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = Printable(cells[i]);
    const size_t width = DisplayWidth(cell);
    const std::string padding(
        columns[i].width > width ? columns[i].width - width : 0, ' ');
    const bool right = i == 0 || i == 8;
    absl::StrAppend(&line, i == 0 ? "" : "  ", right ? padding : "", cell,
                    right ? "" : padding);
  }
  return std::string(absl::StripTrailingAsciiWhitespace(line)) + "\n";
}

absl::StatusOr<v1::EntryFilter> ReplayFilter(const CommandLine& line) {
  ASSIGN_OR_RETURN(v1::EntryFilter filter, FilterOf(line));
  if (line.Has("from")) {
    ASSIGN_OR_RETURN(const int64_t from, ParseMoment(line.Text("from"), false));
    filter.set_recorded_from_us(from);
  }
  if (line.Has("to")) {
    ASSIGN_OR_RETURN(const int64_t to, ParseMoment(line.Text("to"), true));
    filter.set_recorded_before_us(to);
  }
  return filter;
}

absl::Status Check(const CommandLine& line) {
  RETURN_IF_ERROR(ReplayFilter(line).status());
  if (line.Has("first") && line.Has("resume")) {
    return absl::InvalidArgumentError(
        "--resume says where to begin; leave --first away");
  }
  if (!line.Has("explain")) {
    if (!line.Has("lang") && !line.Has("unit")) return absl::OkStatus();
    return absl::InvalidArgumentError("--lang and --unit are about --explain");
  }
  if (line.Has("format")) {
    return absl::InvalidArgumentError(
        "--explain prints text; leave --format away");
  }
  const auto report =
      ResourceName::Parse(line.Text("subject"), ResourceName::Kind::kReport);
  if (report.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--explain folds one report; name it with --subject, such as "
      "ledgers/430203/departments/115001/reports/2024");
}

// Prints entry after entry, and remembers how far it got.
class EntryPrinter {
 public:
  EntryPrinter(const CommandLine& line, uint64_t first, Streams& streams)
      : format_(line.Text("format", "text")), streams_(streams), next_(first) {
    if (line.Has("resume")) resume_.emplace(line.Text("resume"));
    for (const Column& column : columns) titles_.push_back(column.title);
  }

  // Before each entry. Errors: CANCELLED when it was interrupted.
  absl::Status GoOn() const {
    if (interruption_.happened()) return absl::CancelledError("interrupted");
    return CheckWritten(streams_);
  }

  absl::Status Print(const v1::Entry& entry) {
    if (format_ == "json") {
      streams_.out << ToJsonLine(entry) << "\n";
      return Printed(entry);
    }
    const bool csv = format_ == "csv";
    if (is_first_) {
      streams_.out << (csv ? CsvRow(titles_) : PaddedRow(titles_));
    }
    is_first_ = false;
    const std::vector<std::string> cells = EntryCells(entry);
    streams_.out << (csv ? CsvRow(cells) : PaddedRow(cells));
    return Printed(entry);
  }

  // The entry is printed.
  absl::Status Printed(const v1::Entry& entry) {
    next_ = entry.position() + 1;
    ++printed_;
    return resume_.has_value() && printed_ % kept_every == 0 ? Keep()
                                                             : absl::OkStatus();
  }

  uint64_t printed() const { return printed_; }

  // Says where it was when `replayed` is no good end.
  absl::Status Finish(const absl::Status& replayed) {
    streams_.out.flush();
    const absl::Status kept =
        resume_.has_value() && printed_ > 0 ? Keep() : absl::OkStatus();
    if (replayed.ok()) return kept;
    streams_.err << "daybook: stopped before position " << next_
                 << "; go on with "
                 << (resume_.has_value() ? "the same command"
                                         : absl::StrCat("--first=", next_))
                 << "\n";
    return replayed;
  }

 private:
  absl::Status Keep() {
    streams_.out.flush();
    RETURN_IF_ERROR(CheckWritten(streams_));
    return resume_->Write(next_);
  }

  const std::string format_;
  Streams& streams_;
  std::optional<ResumeFile> resume_;
  std::vector<std::string> titles_;
  const Interruption interruption_;
  bool is_first_ = true;
  uint64_t next_;
  uint64_t printed_ = 0;
};

absl::StatusOr<v1::Entry> ParseStored(const v1::StoredEntry& stored) {
  v1::Entry entry;
  if (entry.ParseFromString(stored.entry())) return entry;
  return absl::DataLossError(absl::StrCat("the entry at position ",
                                          stored.position(), " is no Entry"));
}

// Folds all of the report and its department, and prints what is asked for.
absl::Status Explain(const CommandLine& line, const ReplayRange& range,
                     EntrySource& source, EntryPrinter& printer,
                     Streams& streams) {
  ASSIGN_OR_RETURN(const ResourceName report,
                   ResourceName::Parse(range.filter.subject()));
  ASSIGN_OR_RETURN(const EntryFilter filter,
                   EntryFilter::Make(range.filter, report.LedgerString()));
  const Language language =
      line.Text("lang", "zh") == "en" ? Language::kEnglish : Language::kChinese;
  ReportFolder folder(report, [&source](const v1::EventIdentity& identity) {
    return source.FindEvent(identity);
  });
  ReplayRange all;
  all.filter.set_subject(report.DepartmentString());
  bool is_done = false;
  const absl::Status replayed =
      source.Replay(all, [&](const v1::StoredEntry& stored) -> absl::Status {
        RETURN_IF_ERROR(printer.GoOn());
        ASSIGN_OR_RETURN(const v1::Entry entry, ParseStored(stored));
        if (entry.position() < range.first || !filter.Fits(entry)) {
          return folder.Apply(entry);
        }
        ASSIGN_OR_RETURN(const std::vector<FigureChange> changes,
                         folder.Explain(entry));
        streams.out << EventWords(entry, folder.target(), language) << "\n";
        for (const FigureChange& change : changes) {
          streams.out << "    " << ChangeWords(change, UnitOf(line), language)
                      << "\n";
        }
        RETURN_IF_ERROR(printer.Printed(entry));
        is_done = range.limit > 0 && printer.printed() == range.limit;
        return is_done ? absl::CancelledError("done") : absl::OkStatus();
      });
  return is_done ? absl::OkStatus() : replayed;
}

absl::Status Replay(const CommandLine& line, Streams& streams) {
  ReplayRange range;
  ASSIGN_OR_RETURN(range.filter, ReplayFilter(line));
  range.first = line.Number("first").value_or(0);
  range.limit = line.Number("limit").value_or(0);
  if (line.Has("resume")) {
    ASSIGN_OR_RETURN(range.first, ResumeFile(line.Text("resume")).Read());
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<EntrySource> source,
                   OpenEntrySource(line));
  EntryPrinter printer(line, range.first, streams);
  if (line.Has("explain")) {
    return printer.Finish(Explain(line, range, *source, printer, streams));
  }
  return printer.Finish(
      source->Replay(range, [&](const v1::StoredEntry& stored) -> absl::Status {
        RETURN_IF_ERROR(printer.GoOn());
        ASSIGN_OR_RETURN(const v1::Entry entry, ParseStored(stored));
        return printer.Print(entry);
      }));
}

std::vector<Flag> ReplayFlags() {
  std::vector<Flag> flags = {
      {"first", Flag::Kind::kNumber, "POSITION",
       "where to begin; 0 is the genesis"},
      {"limit", Flag::Kind::kNumber, "N", "at most so many entries"},
      {.name = "from",
       .value = "TIME",
       .help = "recorded at or after it: a day, or a time with its zone"},
      {.name = "to",
       .value = "TIME",
       .help = "recorded by it: a day, its end included, or before a time"}};
  for (Flag& flag : WhoseFlags()) flags.push_back(std::move(flag));
  for (Flag& flag : ContentFlags()) flags.push_back(std::move(flag));
  flags.push_back({.name = "resume",
                   .value = "FILE",
                   .help = "go on where the file says, and keep there how far "
                           "it got"});
  flags.push_back({"explain", Flag::Kind::kSwitch, "",
                   "say in words what each event of the report of --subject "
                   "is, and what it does to the figures"});
  flags.push_back(
      {"lang", Flag::Kind::kChoice, "", "words of --explain", {"zh", "en"}});
  flags.push_back(UnitFlag());
  flags.push_back(FormatFlag({"text", "json", "csv"}));
  return flags;
}

}  // namespace

std::vector<Command> AuditCommands() {
  return {
      {"audit replay", "LEDGER|EXPORT_DIR",
       "Prints the entries of a ledger in order, as they are stored.",
       ReplayFlags(), 1, Replay, 0, Check},
  };
}

}  // namespace daybook::cli
