// CodeList: the codes of one fiscal year's 政府收支分类科目 and their names.
//
// Names change from year to year, so a list belongs to a year. Codes that a
// list lacks are recorded all the same; they only have no name.
//
// Thread safety: immutable once made; any thread may read.
//
// Data: core/budget/data/codes-<year>.csv, with the source of each name.

#ifndef DAYBOOK_CORE_BUDGET_CODE_LIST_H_
#define DAYBOOK_CORE_BUDGET_CODE_LIST_H_

#include <array>
#include <cstddef>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daybook/v1/values.pb.h"

namespace daybook {

class CodeList {
 public:
  enum class Kind {
    kFund,
    kNature,
    kFunction,
    kEconomic,
    kGovernmentEconomic,
  };

  // The list that a fiscal year uses: that of the latest year not after it, or
  // the earliest there is.
  static const CodeList& ForFiscalYear(int fiscal_year);

  // Reads a list from `kind,code,name` rows.
  //
  // Errors: INVALID_ARGUMENT naming the line: unknown kind, wrong number of
  // cells, a code twice.
  static absl::StatusOr<CodeList> Parse(absl::string_view text);

  // Name of a code; empty when the list lacks it.
  absl::string_view Name(Kind kind, absl::string_view code) const;

 private:
  static constexpr size_t kinds = 5;

  // By kind, then by code.
  std::array<absl::flat_hash_map<std::string, std::string>, kinds> names_;
};

// How a fund is spelled in figure paths, such as "general". The fund must be
// specified.
absl::string_view FundName(v1::Fund fund);

}  // namespace daybook

#endif  // DAYBOOK_CORE_BUDGET_CODE_LIST_H_
