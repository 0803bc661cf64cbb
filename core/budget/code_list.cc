#include "core/budget/code_list.h"

#include <map>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/budget/embedded.h"
#include "core/budget/table_text.h"

namespace daybook {
namespace {

std::optional<CodeList::Kind> KindOf(absl::string_view name) {
  if (name == "fund") return CodeList::Kind::kFund;
  if (name == "nature") return CodeList::Kind::kNature;
  if (name == "function") return CodeList::Kind::kFunction;
  if (name == "economic") return CodeList::Kind::kEconomic;
  if (name == "government_economic") {
    return CodeList::Kind::kGovernmentEconomic;
  }
  return std::nullopt;
}

// By the first fiscal year that each list is for.
const std::map<int, CodeList>& Lists() {
  static const auto* const lists = [] {
    absl::StatusOr<CodeList> list =
        CodeList::Parse(embedded::kFile_codes_2024_csv);
    DAYBOOK_CHECK(list.ok());
    return new std::map<int, CodeList>{{2024, *std::move(list)}};
  }();
  return *lists;
}

}  // namespace

const CodeList& CodeList::ForFiscalYear(int fiscal_year) {
  auto after = Lists().upper_bound(fiscal_year);
  if (after != Lists().begin()) --after;
  return after->second;
}

absl::StatusOr<CodeList> CodeList::Parse(absl::string_view text) {
  CodeList list;
  for (const TableRow& row : ReadTable(text)) {
    if (row.cells.size() != 3) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", row.line, ": ", row.cells.size(),
                       " cells; a code has three: kind,code,name"));
    }
    const std::optional<Kind> kind = KindOf(row.cells[0]);
    if (!kind.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", row.line, ": unknown kind '", row.cells[0],
                       "'; use fund, nature, function, economic or "
                       "government_economic"));
    }
    auto& names = list.names_[static_cast<size_t>(*kind)];
    if (!names.try_emplace(row.cells[1], row.cells[2]).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", row.line, ": code '", row.cells[1], "' stands twice"));
    }
  }
  return list;
}

absl::string_view CodeList::Name(Kind kind, absl::string_view code) const {
  const auto& names = names_[static_cast<size_t>(kind)];
  const auto found = names.find(code);
  return found == names.end() ? absl::string_view() : found->second;
}

absl::string_view FundName(v1::Fund fund) {
  switch (fund) {
    case v1::FUND_GENERAL:
      return "general";
    case v1::FUND_GOVERNMENT_FUND:
      return "government_fund";
    case v1::FUND_STATE_CAPITAL:
      return "state_capital";
    case v1::FUND_SOCIAL_INSURANCE:
      return "social_insurance";
    case v1::FUND_SPECIAL_ACCOUNT:
      return "special_account";
    case v1::FUND_OTHER:
      return "other";
    default:
      break;
  }
  DAYBOOK_CHECK(false);
  return "";
}

}  // namespace daybook
