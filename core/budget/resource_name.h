// ResourceName: the name of a ledger, a department or a report.
//
//   ledgers/430203
//   ledgers/430203/departments/115001
//   ledgers/430203/departments/115001/reports/2024
//
// Thread safety: a value type.

#ifndef DAYBOOK_CORE_BUDGET_RESOURCE_NAME_H_
#define DAYBOOK_CORE_BUDGET_RESOURCE_NAME_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook {

class ResourceName {
 public:
  enum class Kind { kLedger, kDepartment, kReport };

  // Ids are 1 to 32 of [0-9A-Za-z-]; a fiscal year is 1949 to 9999.
  //
  // Errors: INVALID_ARGUMENT, naming the part that is wrong and the pattern.
  static absl::StatusOr<ResourceName> Parse(absl::string_view name);

  // As Parse, and of this kind.
  static absl::StatusOr<ResourceName> Parse(absl::string_view name, Kind kind);

  Kind kind() const { return kind_; }
  // "430203".
  const std::string& ledger() const { return ledger_; }
  // "115001"; empty for a ledger.
  const std::string& department() const { return department_; }
  // 2024; 0 unless it is a report.
  int fiscal_year() const { return fiscal_year_; }

  std::string LedgerString() const;
  // Not for a ledger.
  std::string DepartmentString() const;
  std::string ToString() const;

 private:
  Kind kind_ = Kind::kLedger;
  std::string ledger_;
  std::string department_;
  int fiscal_year_ = 0;
};

// Whether `id` may stand in a resource name: 1 to 32 of [0-9A-Za-z-].
bool IsResourceId(absl::string_view id);

}  // namespace daybook

#endif  // DAYBOOK_CORE_BUDGET_RESOURCE_NAME_H_
