#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/command_parts.h"
#include "clients/cli/commands.h"
#include "clients/cli/csv.h"
#include "clients/cli/entry_source.h"
#include "clients/cli/entry_text.h"
#include "clients/cli/event_rows_text.h"
#include "clients/cli/filter_flags.h"
#include "clients/cli/interruption.h"
#include "clients/cli/json.h"
#include "clients/cli/table.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/report/entry_filter.h"
#include "daybook/v1/entry.pb.h"

namespace daybook::cli {
namespace {

// Places in EntryCells.
constexpr size_t source_cell = 3;
constexpr size_t event_cell = 4;
constexpr size_t effective_cell = 5;
constexpr size_t kind_cell = 7;
constexpr size_t amount_cell = 8;
constexpr size_t about_cell = 9;

absl::StatusOr<v1::EntryFilter> FindFilter(const CommandLine& line) {
  ASSIGN_OR_RETURN(v1::EntryFilter filter, FilterOf(line));
  if (const auto from = line.Date("from")) {
    *filter.mutable_effective_from() = ToDate(*from);
  }
  if (const auto to = line.Date("to")) {
    *filter.mutable_effective_through() = ToDate(*to);
  }
  return filter;
}

absl::Status Check(const CommandLine& line) {
  ASSIGN_OR_RETURN(const v1::EntryFilter filter, FindFilter(line));
  if (filter.ByteSizeLong() > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "say what to find, such as --number or --min-amount; audit replay prints "
      "all entries");
}

// Prints what was found, page by page.
class FoundPrinter {
 public:
  FoundPrinter(const CommandLine& line, bool personal_data, Streams& streams)
      : format_(line.Text("format", "text")),
        personal_data_(personal_data),
        limit_(line.Number("limit").value_or(0)),
        streams_(streams),
        table_(Columns(personal_data)) {}

  absl::Status Print(const v1::FindEntriesResponse& page) {
    if (streams_.progress) streams_.err << "\r\033[K";
    for (const v1::StoredEntry& stored : page.entries()) {
      if (is_full()) break;
      v1::Entry entry;
      if (!entry.ParseFromString(stored.entry())) {
        return absl::DataLossError(absl::StrCat(
            "the entry at position ", stored.position(), " is no Entry"));
      }
      PrintEntry(entry, stored);
      ++found_;
    }
    if (format_ == "text" && page.entries_size() > 0) {
      streams_.out << table_.TakeRows();
    }
    RETURN_IF_ERROR(CheckWritten(streams_));
    if (streams_.progress) {
      streams_.err << "\r已读 " << page.read_size() << " / " << page.size()
                   << " 条，找到 " << found_ << " 条" << std::flush;
    }
    read_size_ = page.read_size();
    if (is_full()) return absl::CancelledError("enough was found");
    if (interruption_.happened()) return absl::CancelledError("interrupted");
    return absl::OkStatus();
  }

  absl::Status Finish(const absl::Status& found) {
    if (streams_.progress) streams_.err << "\r\033[K";
    if (!found.ok() && !is_full()) {
      streams_.err << "daybook: stopped after " << read_size_ << " entries\n";
      return found;
    }
    if (format_ == "text") {
      streams_.err << (is_full() ? "前 " : "共 ") << found_ << " 条"
                   << (found_ > 0 ? "；凭证进入哪些数据项：daybook report "
                                    "explain REPORT --event=序号"
                                  : "")
                   << "\n";
    }
    return absl::OkStatus();
  }

 private:
  static std::vector<Table::Column> Columns(bool personal_data) {
    std::vector<Table::Column> columns = {{"序号", Table::Align::kRight},
                                          {"业务日期"},
                                          {"事项"},
                                          {"编号"},
                                          {"金额(元)", Table::Align::kRight},
                                          {"来源/事项编号"},
                                          {"内容"}};
    if (personal_data) {
      columns.push_back({"收款人"});
      columns.push_back({"摘要"});
      columns.push_back({"制单人"});
    }
    return columns;
  }

  bool is_full() const { return limit_ > 0 && found_ == limit_; }

  void PrintEntry(const v1::Entry& entry, const v1::StoredEntry& stored) {
    if (format_ == "json") {
      streams_.out << (personal_data_
                           ? absl::StrCat("{\"entry\":", ToJsonLine(entry),
                                          ",\"personalData\":",
                                          ToJsonLine(stored.personal_data()),
                                          "}")
                           : ToJsonLine(entry))
                   << "\n";
      return;
    }
    std::vector<std::string> cells = EntryCells(entry);
    const std::vector<std::string> numbers = entry.has_event()
                                                 ? NumbersOf(entry.event())
                                                 : std::vector<std::string>();
    if (format_ == "csv") {
      if (found_ == 0) streams_.out << CsvRow(CsvTitles());
      cells.push_back(absl::StrJoin(numbers, " "));
      AddPersonal(stored, cells);
      streams_.out << CsvRow(cells);
      return;
    }
    std::vector<std::string> row = {
        cells[0],
        cells[effective_cell],
        KindText(cells[kind_cell]),
        absl::StrJoin(numbers, " "),
        cells[amount_cell],
        absl::StrCat(cells[source_cell], "/", cells[event_cell]),
        cells[about_cell]};
    AddPersonal(stored, row);
    table_.AddRow(std::move(row));
  }

  void AddPersonal(const v1::StoredEntry& stored,
                   std::vector<std::string>& cells) const {
    if (!personal_data_) return;
    cells.push_back(stored.personal_data().payee());
    cells.push_back(stored.personal_data().summary());
    cells.push_back(stored.personal_data().preparer());
  }

  std::vector<std::string> CsvTitles() const {
    std::vector<std::string> titles = {
        "position",    "recorded",  "source_recorded", "source",
        "event",       "effective", "document",        "what",
        "amount_yuan", "about",     "numbers"};
    if (personal_data_) {
      for (const char* title : {"payee", "summary", "preparer"}) {
        titles.push_back(title);
      }
    }
    return titles;
  }

  const std::string format_;
  const bool personal_data_;
  const uint64_t limit_;
  Streams& streams_;
  Table table_;
  const Interruption interruption_;
  uint64_t found_ = 0;
  uint64_t read_size_ = 0;
};

absl::Status Find(const CommandLine& line, Streams& streams) {
  ASSIGN_OR_RETURN(const v1::EntryFilter filter, FindFilter(line));
  const bool personal_data = line.Has("payee") || line.Has("personal-data");
  ASSIGN_OR_RETURN(const std::unique_ptr<EntrySource> source,
                   OpenEntrySource(line));
  FoundPrinter printer(line, personal_data, streams);
  return printer.Finish(source->Find(filter, personal_data,
                                     [&](const v1::FindEntriesResponse& page) {
                                       return printer.Print(page);
                                     }));
}

std::vector<Flag> FindFlags() {
  std::vector<Flag> flags = ContentFlags();
  flags.push_back({"from", Flag::Kind::kDate, "DATE", "dated on or after it"});
  flags.push_back({"to", Flag::Kind::kDate, "DATE", "dated on or before it"});
  for (Flag& flag : WhoseFlags()) flags.push_back(std::move(flag));
  flags.push_back({.name = "payee",
                   .value = "TEXT",
                   .help = "with this in payee, summary or preparer; needs the "
                           "right to read personal data"});
  flags.push_back({"personal-data", Flag::Kind::kSwitch, "",
                   "print payee, summary and preparer too; needs the same "
                   "right"});
  flags.push_back(
      {"limit", Flag::Kind::kNumber, "N", "at most so many entries"});
  flags.push_back(FormatFlag({"text", "json", "csv"}));
  return flags;
}

}  // namespace

std::vector<Command> FindCommands() {
  return {
      {"audit find", "LEDGER|EXPORT_DIR",
       "Finds entries by number, amount, date, code, payee and more.",
       FindFlags(), 1, Find, 0, Check},
  };
}

}  // namespace daybook::cli
