// Rows of events as people read them: what happened, what it cancels, and who
// answers for it.
//
// Amounts of single events are in 元, whatever figures are printed in: 万元
// would round them, and rounded rows do not add up.
//
// Thread safety: pure functions; EventTable is thread-compatible.

#ifndef DAYBOOK_CLIENTS_CLI_EVENT_ROWS_TEXT_H_
#define DAYBOOK_CLIENTS_CLI_EVENT_ROWS_TEXT_H_

#include <string>

#include "clients/cli/table.h"
#include "daybook/v1/report_history.pb.h"

namespace daybook::cli {

// 支出 for "expenditure_recorded"; a kind that is not known stays as it is.
std::string KindText(const std::string& kind);

// "冲销 #123", "已被 #456 冲销", "更正 accounting/voucher-7", as far as it
// holds.
std::string RelationText(const v1::EventRow& row);

// What it adds in 元, or what it states.
std::string AmountText(const v1::EventRow& row);

// "理由（批准：谁）"; empty without.
std::string ReasonText(const v1::EventRow& row);

// A table of events, which can be printed as they come.
class EventTable {
 public:
  enum class Shows {
    // Behind a figure: which leaf each enters.
    kLeaves,
    // Between two coordinates: whether it came or went, and who wrote it.
    kSides,
    // Accepted late: when it was recorded, and who wrote it.
    kRecorded,
  };

  explicit EventTable(Shows shows);

  void AddRow(const v1::EventRow& row);

  // As Table::TakeRows.
  std::string TakeRows() { return table_.TakeRows(); }

 private:
  const Shows shows_;
  Table table_;
};

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_EVENT_ROWS_TEXT_H_
