// ReportReplay: one report as of any day and as known at any size, derived from
// the entries of a log that somebody else keeps.
//
// Everything is read and hashed: what the report is made of, and all else, so
// that the root tells that these are the entries, no more and no fewer. A
// reversal counts for what it cancels, which stands before it; so the first
// pass notes what is reversed, and the second keeps those entries alone. Memory
// is what the report's state takes, and its reversals; the entries of others
// cost time and nothing else. (ReportFold folds all reports in one pass, and is
// right on two days of the year.)
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_AUDIT_REPORT_REPLAY_H_
#define DAYBOOK_CLIENTS_AUDIT_REPORT_REPLAY_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/audit/fetcher.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "core/merkle/hash.h"
#include "core/report/department_state.h"
#include "core/report/posting.h"
#include "core/report/report_state.h"
#include "daybook/v1/entry.pb.h"

namespace daybook::audit {

class ReportReplay {
 public:
  // Of the first `size` entries of a log that has `whole`; the files are those
  // of the whole. `size` is neither 0 nor above it. `fetcher` must outlive it.
  ReportReplay(Fetcher& fetcher, ResourceName report, LogSize size,
               LogSize whole)
      : fetcher_(fetcher),
        name_(std::move(report)),
        size_(size),
        whole_(whole) {}

  // Reads the whole log. First of all, once.
  //
  // Errors of this and what follows:
  //   DATA_LOSS            an entry or file is missing or damaged, or can not
  //                        stand where it does.
  //   FAILED_PRECONDITION  a later version of Daybook wrote the log; use that.
  //   UNAVAILABLE and others  the fetcher's: it can not be told now.
  absl::Status Survey();

  // After Survey: the roots of the two sizes, and the first entry.
  const merkle::Hash& root() const { return root_; }
  const merkle::Hash& whole_root() const { return whole_root_; }
  const v1::Genesis& genesis() const { return genesis_; }

  struct State {
    // Not opened when it was not by then.
    ReportState report;
    DepartmentState department;
    // Of the last entry.
    int64_t recorded_time_us = 0;
  };

  // Called with each entry of the report and what it does to it, in order.
  using Visit = absl::FunctionRef<void(const v1::Entry&, const Posting&)>;

  // Reads what Survey read, and folds it. Any number of times.
  absl::StatusOr<State> Fold(Visit visit);

 private:
  using Take = absl::FunctionRef<absl::Status(Position, absl::string_view)>;

  // The entries before `limit`, in order.
  absl::Status ForEachEntry(LogSize limit, Take take);
  absl::Status Parse(Position position, absl::string_view bytes);
  absl::Status SurveyEntry(Position position, absl::string_view bytes);
  // `entry_` has just been parsed from them.
  absl::Status FoldEntry(absl::string_view bytes, State& state, Visit visit);

  Fetcher& fetcher_;
  const ResourceName name_;
  const LogSize size_;
  const LogSize whole_;

  merkle::Hash root_;
  merkle::Hash whole_root_;
  v1::Genesis genesis_;
  // Identities of what the report's reversals cancel.
  absl::flat_hash_set<std::string> reversed_;

  // Of a pass.
  v1::Entry entry_;
  absl::flat_hash_map<std::string, std::string> targets_;
};

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_REPORT_REPLAY_H_
