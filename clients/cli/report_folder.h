// ReportFolder: folds the entries of one report, and tells what each does to
// its figures.
//
// Figures are those of the whole year: an event counts from the day it speaks
// about, and is recorded in whatever order.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_CLI_REPORT_FOLDER_H_
#define DAYBOOK_CLIENTS_CLI_REPORT_FOLDER_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/budget/figure_path.h"
#include "core/budget/resource_name.h"
#include "core/report/department_state.h"
#include "core/report/report_state.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/figure.pb.h"

namespace daybook::cli {

// A figure that an entry changed.
struct FigureChange {
  std::string path;
  // In Chinese.
  std::string label;
  std::string unit;
  v1::FigureValue before;
  v1::FigureValue after;
};

class ReportFolder {
 public:
  // Finds what a reversal names.
  using FindEvent = std::function<absl::StatusOr<std::optional<v1::Entry>>(
      const v1::EventIdentity&)>;

  ReportFolder(ResourceName report, FindEvent find_event)
      : report_(std::move(report)), find_event_(std::move(find_event)) {}

  // Folds an entry; those about other subjects than the report and its
  // department do nothing. In the ledger's order, from its beginning on.
  //
  // Errors: DATA_LOSS for what can not have been recorded there; those of
  // FindEvent.
  absl::Status Apply(const v1::Entry& entry);

  // The same, and the figures that are another than before: of money the row
  // that the event stands in first, then the sums and rates above it.
  //
  // Errors: as above.
  absl::StatusOr<std::vector<FigureChange>> Explain(const v1::Entry& entry);

  // The entry that the last one reversed, where it did.
  const std::optional<v1::Entry>& target() const { return target_; }

 private:
  absl::Status FindTarget(const v1::Entry& entry);
  absl::Status Fold(const v1::Entry& entry);
  std::vector<v1::FigureValue> Values(
      const std::vector<FigurePath>& paths) const;

  ReportState report_;
  DepartmentState department_;
  const FindEvent find_event_;
  std::optional<v1::Entry> target_;
};

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_REPORT_FOLDER_H_
