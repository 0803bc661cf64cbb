#include "core/budget/resource_name.h"

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/utf8.h"

namespace daybook {
namespace {

absl::Status Malformed(absl::string_view name) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", Shortened(name, 128),
                   "' is not a resource name; write ledgers/430203, "
                   "ledgers/430203/departments/115001 or "
                   "ledgers/430203/departments/115001/reports/2024"));
}

absl::string_view KindName(ResourceName::Kind kind) {
  switch (kind) {
    case ResourceName::Kind::kLedger:
      return "a ledger: ledgers/430203";
    case ResourceName::Kind::kDepartment:
      return "a department: ledgers/430203/departments/115001";
    case ResourceName::Kind::kReport:
      return "a report: ledgers/430203/departments/115001/reports/2024";
  }
  return "";
}

}  // namespace

bool IsResourceId(absl::string_view id) {
  return !id.empty() && id.size() <= 32 &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  c == '-';
         });
}

absl::StatusOr<ResourceName> ResourceName::Parse(absl::string_view name) {
  constexpr size_t parts_max = 6;
  std::array<absl::string_view, parts_max> parts;
  size_t count = 0;
  absl::string_view rest = name;
  for (bool more = true; more; ++count) {
    if (count == parts_max) return Malformed(name);
    const size_t end = rest.find('/');
    parts[count] = rest.substr(0, end);
    more = end != absl::string_view::npos;
    if (more) rest.remove_prefix(end + 1);
  }
  if (count % 2 != 0) return Malformed(name);
  ResourceName result;
  if (parts[0] != "ledgers" || !IsResourceId(parts[1])) return Malformed(name);
  result.ledger_ = std::string(parts[1]);
  if (count >= 4) {
    if (parts[2] != "departments" || !IsResourceId(parts[3])) {
      return Malformed(name);
    }
    result.kind_ = Kind::kDepartment;
    result.department_ = std::string(parts[3]);
  }
  if (count == parts_max) {
    constexpr int first_year = 1949;
    int year = 0;
    if (parts[4] != "reports" || parts[5].size() != 4 ||
        !absl::SimpleAtoi(parts[5], &year) || year < first_year) {
      return Malformed(name);
    }
    result.kind_ = Kind::kReport;
    result.fiscal_year_ = year;
  }
  return result;
}

absl::StatusOr<ResourceName> ResourceName::Parse(absl::string_view name,
                                                 Kind kind) {
  absl::StatusOr<ResourceName> result = Parse(name);
  if (result.ok() && result->kind() != kind) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", Shortened(name, 128), "' must name ", KindName(kind)));
  }
  return result;
}

std::string ResourceName::LedgerString() const {
  return absl::StrCat("ledgers/", ledger_);
}

std::string ResourceName::DepartmentString() const {
  DAYBOOK_CHECK(kind_ != Kind::kLedger);
  return absl::StrCat("ledgers/", ledger_, "/departments/", department_);
}

std::string ResourceName::ToString() const {
  switch (kind_) {
    case Kind::kLedger:
      return LedgerString();
    case Kind::kDepartment:
      return DepartmentString();
    case Kind::kReport:
      return absl::StrCat(DepartmentString(), "/reports/", fiscal_year_);
  }
  return "";
}

}  // namespace daybook
