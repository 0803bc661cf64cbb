// LedgerState: the departments and reports of one ledger in memory, folded from
// its entries one by one. What tests compare a server's states with.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SUPPORT_LEDGER_STATE_H_
#define DAYBOOK_TESTS_SUPPORT_LEDGER_STATE_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "core/base/strong_int.h"
#include "core/report/department_state.h"
#include "core/report/report_state.h"
#include "core/report/report_view.h"
#include "daybook/v1/entry.pb.h"

namespace daybook {

class LedgerState {
 public:
  // Folds one entry. Apply entries in ledger order, each once, the genesis
  // included.
  //
  // Errors: DATA_LOSS for an entry that can not stand there. The state is of no
  // use then.
  absl::Status Apply(const v1::Entry& entry);

  LogSize size() const { return size_; }

  // Null when it was not registered or opened. Names in full.
  const DepartmentState* FindDepartment(absl::string_view name) const;
  const ReportState* FindReport(absl::string_view name) const;

  // By name, in byte order.
  const std::map<std::string, ReportState>& reports() const { return reports_; }

  // What `report`, one of this ledger, is read with.
  ReportInput Input(const ReportState& report) const;

 private:
  absl::Status ApplyEvent(const v1::Entry& entry);

  LogSize size_{0};
  int64_t last_recorded_time_us_ = 0;
  std::map<std::string, DepartmentState> departments_;
  std::map<std::string, ReportState> reports_;
  // By source and event id: what may still be reversed.
  std::map<std::pair<std::string, std::string>, v1::Entry> recorded_;
};

// A report of `ledger` on a day.
v1::Report BuildReport(const LedgerState& ledger, const ReportState& report,
                       absl::CivilDay as_of);
v1::ReportSummary BuildSummary(const LedgerState& ledger,
                               const ReportState& report, absl::CivilDay as_of);

}  // namespace daybook

#endif  // DAYBOOK_TESTS_SUPPORT_LEDGER_STATE_H_
