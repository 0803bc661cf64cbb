// ImportSummary: where every row and every fen of a table went.
//
// Rows and amounts are counted twice, once as they are read and once where they
// end; both must agree, or something was lost.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CLIENTS_IMPORT_IMPORT_SUMMARY_H_
#define DAYBOOK_CLIENTS_IMPORT_IMPORT_SUMMARY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "core/base/decimal.h"
#include "daybook/v1/event.pb.h"

namespace daybook::importer {

// Where a row ends.
enum class Tally {
  kTitle,
  kHeader,
  kBlank,
  kSubtotal,
  kFiltered,
  kCreated,
  kReplayed,
  kCorrected,
  kDeleted,
  kAbsent,
  kRejected,
};
inline constexpr size_t tallies = 11;

struct RowCount {
  int64_t rows = 0;
  // Of the rows whose amount can be read; sums of others do not count again.
  Int128 fen = 0;
};

class ImportSummary {
 public:
  // A row was read. `fen`: what it states, where it is no sum.
  void Read(std::optional<int64_t> fen);
  // It ended there.
  void End(Tally tally, std::optional<int64_t> fen);

  const RowCount& read() const { return read_; }
  const RowCount& of(Tally tally) const {
    return ended_[static_cast<size_t>(tally)];
  }
  // Rows that should hold vouchers.
  int64_t data_rows() const;

  // Errors: DATA_LOSS when rows or amounts do not add up.
  absl::Status Check() const;

 private:
  RowCount read_;
  std::array<RowCount, tallies> ended_;
};

// What an import changes about the spending of reports: for each report how
// many rows and fen it adds, and how much to each figure.
class ImportEffect {
 public:
  struct Report {
    // Created, corrected and deleted.
    int64_t rows = 0;
    Int128 fen = 0;
    // By figure path: all, fund and project.
    std::map<std::string, Int128> figures;
  };

  // `sign` is 1 for an event that holds from now on, -1 for one that held.
  void Add(const v1::Event& event, int sign);
  void CountRow(const std::string& subject) { ++reports_[subject].rows; }

  // By name of the report.
  const std::map<std::string, Report>& reports() const { return reports_; }

 private:
  std::map<std::string, Report> reports_;
};

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_IMPORT_SUMMARY_H_
