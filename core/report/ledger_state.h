// LedgerState: the departments and reports of one ledger, folded from its
// entries.
//
// A projection is a pure fold: the same entries in the same order give the same
// state on every machine and in every year. Whether an event deserved to be
// recorded was settled before it entered the ledger; what can not have passed
// that is damage, and is answered as such, never skipped.
//
// Thread safety: thread-compatible; the owner guards Apply against readers.

#ifndef DAYBOOK_CORE_REPORT_LEDGER_STATE_H_
#define DAYBOOK_CORE_REPORT_LEDGER_STATE_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "core/report/report_state.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/registration_events.pb.h"

namespace daybook {

// Version of the rules by which entries become figures.
inline constexpr uint32_t projection_version = 1;

// What is registered about a department.
struct DepartmentState {
  std::string name;
  // By key.
  std::map<std::string, v1::ProjectRegistered> projects;
};

class LedgerState {
 public:
  // Folds one entry. Apply entries in ledger order, each once, the genesis
  // included.
  //
  // Errors: DATA_LOSS for an entry that can not stand there. The state is of no
  // use then.
  absl::Status Apply(const v1::Entry& entry);

  LogSize size() const { return size_; }

  // Of the last entry, in microseconds since 1970 UTC; 0 when empty.
  int64_t last_recorded_time_us() const { return last_recorded_time_us_; }

  // Origin name of the genesis.
  const std::string& origin() const { return origin_; }

  // Null when it was not registered or opened. Names in full.
  const DepartmentState* FindDepartment(absl::string_view name) const;
  const ReportState* FindReport(absl::string_view name) const;

  // By name, in byte order.
  const std::map<std::string, ReportState>& reports() const { return reports_; }

 private:
  absl::Status ApplyEvent(const v1::Entry& entry);

  LogSize size_{0};
  int64_t last_recorded_time_us_ = 0;
  std::string origin_;
  std::map<std::string, DepartmentState> departments_;
  std::map<std::string, ReportState> reports_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_LEDGER_STATE_H_
