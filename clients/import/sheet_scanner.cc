#include "clients/import/sheet_scanner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"

namespace daybook::importer {
namespace {

bool AllZero(const std::vector<int64_t>& amounts) {
  return std::all_of(amounts.begin(), amounts.end(),
                     [](int64_t fen) { return fen == 0; });
}

}  // namespace

std::string YuanText(Int128 fen) {
  const bool negative = fen < 0;
  if (negative) fen = -fen;
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + fen % 10));
    fen /= 10;
  } while (fen != 0 || digits.size() < 3);
  const size_t yuan = digits.size() - 2;
  return absl::StrCat(negative ? "-" : "", digits.substr(0, yuan), ".",
                      digits.substr(yuan));
}

void ColumnSums::Add(const std::optional<std::vector<int64_t>>& amounts) {
  if (!amounts.has_value()) {
    unknown_ = true;
    return;
  }
  sums_.resize(std::max(sums_.size(), amounts->size()));
  for (size_t i = 0; i < amounts->size(); ++i) sums_[i] += (*amounts)[i];
}

bool ColumnSums::Differs(const std::vector<int64_t>& stated,
                         std::vector<Int128>& expected) const {
  if (unknown_) return false;
  expected = sums_;
  expected.resize(stated.size());
  return !std::equal(stated.begin(), stated.end(), expected.begin());
}

SheetScanner::SheetScanner(const internal::VoucherMapping& mapping,
                           std::string ledger)
    : mapping_(mapping), ledger_(std::move(ledger)) {}

void SheetScanner::EndSheet() {
  if (started_ && table_ == nullptr && rows_ > 0) {
    without_header_.push_back(absl::StrCat(
        sheet_.empty() ? "the table" : absl::StrCat("sheet ", sheet_),
        ": the row of headings was not found; the nearest row lacks ",
        absl::StrJoin(nearest_missing_, ", "),
        "; correct the mapping's columns, or mark them optional"));
  }
  started_ = false;
}

absl::StatusOr<RowClass> SheetScanner::Classify(const Row& row) {
  if (!started_ || row.sheet != sheet_) {
    EndSheet();
    started_ = true;
    sheet_ = row.sheet;
    rows_ = 0;
    table_ = nullptr;
    header_ = {};
    nearest_missing_.clear();
    year_.reset();
    since_year_.Reset();
    for (ColumnSums* const sums :
         {&since_subtotal_, &since_month_, &since_opening_, &since_header_}) {
      sums->Reset();
    }
  }
  if (IsBlankRow(row)) return RowClass::kBlank;
  ++rows_;
  if (table_ == nullptr) {
    if (rows_ > header_rows_max) return RowClass::kTitle;
    ASSIGN_OR_RETURN(const bool taken, TakeHeader(row));
    return taken ? RowClass::kHeader : RowClass::kTitle;
  }
  // Pages repeat the headings, with the same words in the same places.
  if (row.cells == header_.cells) return RowClass::kHeader;
  const std::optional<std::vector<int64_t>> amounts =
      table_->ColumnAmounts(row);
  if (table_->LacksKey(row)) {
    const SubtotalKind kind = SubtotalKindOf(row);
    if (kind != SubtotalKind::kNone) {
      CheckSubtotal(row, kind);
      return RowClass::kSubtotal;
    }
    if (amounts.has_value() && AllZero(*amounts)) return RowClass::kTitle;
  }
  if (table_->IsNote(row)) return RowClass::kTitle;
  for (ColumnSums* const sums :
       {&since_subtotal_, &since_month_, &since_opening_, &since_header_,
        &since_year_}) {
    sums->Add(amounts);
  }
  return RowClass::kData;
}

absl::StatusOr<bool> SheetScanner::TakeHeader(const Row& row) {
  Headings headings(row);
  std::vector<std::string> missing =
      VoucherTable::MissingHeadings(mapping_, headings);
  if (!missing.empty()) {
    if (nearest_missing_.empty() || missing.size() < nearest_missing_.size()) {
      nearest_missing_ = std::move(missing);
    }
    return false;
  }
  const std::vector<std::string> ambiguous =
      VoucherTable::AmbiguousHeadings(mapping_, headings);
  if (!ambiguous.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        sheet_.empty() ? "" : absl::StrCat("sheet ", sheet_, " "), "row ",
        row.number, ": several columns are headed ",
        absl::StrJoin(ambiguous, ", "),
        "; give them different headings, so that it is clear which is meant"));
  }
  header_ = row;
  table_ =
      std::make_unique<VoucherTable>(mapping_, std::move(headings), ledger_);
  found_ = true;
  return true;
}

void SheetScanner::CheckSubtotal(const Row& row, SubtotalKind kind) {
  const std::optional<std::vector<int64_t>> amounts =
      table_->ColumnAmounts(row);
  // A line of words alone sums nothing.
  const bool states = amounts.has_value() && !AllZero(*amounts);
  std::vector<Int128> expected;
  switch (kind) {
    case SubtotalKind::kSubtotal:
      if (states) CheckSum(row, since_subtotal_, *amounts, "the rows above");
      since_subtotal_.Reset();
      break;
    case SubtotalKind::kMonth:
      if (states) CheckSum(row, since_month_, *amounts, "the month's rows");
      since_month_.Reset();
      since_subtotal_.Reset();
      break;
    case SubtotalKind::kYear:
      if (states) CheckYear(row, *amounts);
      break;
    case SubtotalKind::kTotal:
      // 合计 is used for the whole table, an account of it, and a part.
      if (states && since_opening_.Differs(*amounts, expected) &&
          since_subtotal_.Differs(*amounts, expected)) {
        CheckSum(row, since_header_, *amounts, "all rows");
      }
      since_subtotal_.Reset();
      since_month_.Reset();
      break;
    case SubtotalKind::kOpening:
      since_subtotal_.Reset();
      since_month_.Reset();
      since_opening_.Reset();
      year_.reset();
      since_year_.Reset();
      break;
    case SubtotalKind::kBalance:
    case SubtotalKind::kNone:
      break;
  }
}

// The first sum of the year may have months in it that the file lacks; each
// later one must be that and the rows between.
void SheetScanner::CheckYear(const Row& row,
                             const std::vector<int64_t>& stated) {
  if (year_.has_value() && year_->size() == stated.size()) {
    std::vector<int64_t> more;
    for (size_t i = 0; i < stated.size(); ++i) {
      more.push_back(stated[i] - (*year_)[i]);
    }
    CheckSum(row, since_year_, more, "the rows since the sum before it");
  }
  year_ = stated;
  since_year_.Reset();
}

void SheetScanner::CheckSum(const Row& row, const ColumnSums& sums,
                            const std::vector<int64_t>& stated,
                            const char* what) {
  std::vector<Int128> expected;
  if (!sums.Differs(stated, expected)) return;
  ++mismatches_total_;
  if (mismatches_.size() == mismatches_max) return;
  std::vector<std::string> says;
  std::vector<std::string> sum;
  for (size_t i = 0; i < stated.size(); ++i) {
    says.push_back(YuanText(stated[i]));
    sum.push_back(YuanText(expected[i]));
  }
  mismatches_.push_back(
      absl::StrCat(sheet_.empty() ? "" : absl::StrCat("sheet ", sheet_, " "),
                   "row ", row.number, ": states ", absl::StrJoin(says, " / "),
                   " 元, ", what, " sum to ", absl::StrJoin(sum, " / "),
                   " 元; a row may be missing, or the file be cut"));
}

}  // namespace daybook::importer
