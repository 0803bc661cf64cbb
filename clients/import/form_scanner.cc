#include "clients/import/form_scanner.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/import/sheet_scanner.h"
#include "clients/import/voucher_table.h"
#include "core/base/edit_distance.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"

namespace daybook::importer {
namespace {

// A row with so many words of a form is meant as its headings.
constexpr size_t headings_min = 3;

// A word that shares nothing with a heading is not meant to be it.
std::string NearestHeading(const std::string& word, const SheetForm& form) {
  std::string nearest;
  size_t best = std::numeric_limits<size_t>::max();
  const std::string key = HeadingKey(word);
  for (const Column& column : form.columns) {
    const std::string heading = HeadingKey(column.heading);
    const size_t distance = EditDistance(key, heading);
    if (distance < best && distance < std::max(key.size(), heading.size())) {
      best = distance;
      nearest = column.heading;
    }
  }
  return nearest;
}

bool IsIgnored(const std::string& heading) {
  return HeadingKey(heading) == HeadingKey(kReasonHeading);
}

size_t KnownHeadings(const SheetForm& form, const Row& row) {
  size_t known = 0;
  for (const Cell& cell : row.cells) {
    if (form.FindHeading(cell.text) != nullptr) ++known;
  }
  return known;
}

size_t Words(const Row& row) {
  size_t words = 0;
  for (const Cell& cell : row.cells) {
    if (!HeadingKey(cell.text).empty()) ++words;
  }
  return words;
}

// Everything that is wrong with a row of headings.
std::vector<std::string> HeadingProblems(const SheetForm& form, const Row& row,
                                         const Headings& headings) {
  std::vector<std::string> problems;
  for (const Column& column : form.columns) {
    const bool yuan = headings.FindOne(column.heading).has_value();
    const std::string wan = WanHeading(column);
    const bool in_wan = !wan.empty() && headings.FindOne(wan).has_value();
    if (yuan && in_wan) {
      problems.push_back(absl::StrCat(column.heading, " and ", wan,
                                      " both stand there; keep one"));
    }
    if (column.required && !yuan && !in_wan) {
      problems.push_back(
          absl::StrCat(column.heading, " is missing; add the column"));
    }
    for (const std::string& heading : {column.heading, wan}) {
      if (!heading.empty() && headings.IsAmbiguous(heading)) {
        problems.push_back(
            absl::StrCat(heading, " stands twice; keep one column"));
      }
    }
  }
  for (const Cell& cell : row.cells) {
    if (HeadingKey(cell.text).empty() || IsIgnored(cell.text) ||
        form.FindHeading(cell.text) != nullptr) {
      continue;
    }
    const std::string nearest = NearestHeading(cell.text, form);
    problems.push_back(absl::StrCat(
        "'", cell.text, "' is no heading of the sheet ", form.title,
        nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"),
        nearest.empty() ? "; remove the column" : " Else remove the column"));
  }
  return problems;
}

}  // namespace

void FormScanner::EndSheet() {
  if (started_ && form_ == nullptr && rows_ > 0 &&
      sheet_ != kExplanationSheet && sheet_ != kChoicesSheet) {
    notes_.push_back(absl::StrCat(
        sheet_.empty() ? "the table" : absl::StrCat("sheet ", sheet_),
        ": left out, for its first ", header_rows_max,
        " rows have no headings of --kind=", workbook_.kind,
        "; daybook template --kind=", workbook_.kind,
        " writes a sheet with "
        "them"));
  }
  started_ = false;
}

absl::StatusOr<FormRowClass> FormScanner::Classify(const Row& row) {
  if (!started_ || row.sheet != sheet_) {
    EndSheet();
    started_ = true;
    sheet_ = row.sheet;
    rows_ = 0;
    form_ = nullptr;
    header_ = {};
    since_header_ = since_subtotal_ = 0;
    unknown_ = false;
  }
  if (IsBlankRow(row)) return FormRowClass::kBlank;
  ++rows_;
  if (sheet_ == kExplanationSheet || sheet_ == kChoicesSheet) {
    return FormRowClass::kTitle;
  }
  if (form_ == nullptr) {
    if (rows_ > header_rows_max) return FormRowClass::kTitle;
    ASSIGN_OR_RETURN(const bool taken, TakeHeader(row));
    return taken ? FormRowClass::kHeader : FormRowClass::kTitle;
  }
  if (row.cells == header_.cells) return FormRowClass::kHeader;
  // A row of data says whose it is; a sum does not.
  const std::string heading = form_->Find(Field::kDepartment)->heading;
  const size_t place = headings_.FindOne(heading).value_or(0);
  const std::string department =
      place < row.cells.size() ? HalfWidth(row.cells[place].text) : "";
  if ((department.empty() ||
       SubtotalKindOf(department) != SubtotalKind::kNone) &&
      SubtotalKindOf(row) != SubtotalKind::kNone) {
    CheckSum(row);
    return FormRowClass::kSubtotal;
  }
  if (!IsResourceId(department) && IsNote(row)) return FormRowClass::kTitle;
  return FormRowClass::kData;
}

bool FormScanner::IsNote(const Row& row) const {
  FormRow reading(*form_, headings_, ledger_, row);
  size_t filled = 0;
  for (const Column& column : form_->columns) {
    if (column.required && !reading.IsBlank(column.field)) ++filled;
  }
  return filled <= 1;
}

FormRecord FormScanner::Read(const Row& row) {
  FormRecord record = ReadFormRow(*form_, headings_, ledger_, row);
  if (record.example) return record;
  if (record.amount_fen.has_value()) {
    since_header_ += *record.amount_fen;
    since_subtotal_ += *record.amount_fen;
  } else {
    unknown_ = true;
  }
  return record;
}

absl::StatusOr<bool> FormScanner::TakeHeader(const Row& row) {
  const SheetForm* best = nullptr;
  size_t known = 0;
  for (const SheetForm& form : workbook_.sheets) {
    const size_t matches = KnownHeadings(form, row);
    // Of sheets with as many the one whose name it has.
    if (matches > known || (matches == known && form.title == row.sheet)) {
      best = &form;
      known = matches;
    }
  }
  if (best == nullptr || known < std::min(headings_min, best->columns.size()) ||
      known * 2 < Words(row)) {
    return false;
  }
  Headings headings(row);
  const std::vector<std::string> problems =
      HeadingProblems(*best, row, headings);
  if (!problems.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(sheet_.empty() ? "" : absl::StrCat("sheet ", sheet_, " "),
                     "row ", row.number, ": ", absl::StrJoin(problems, " | ")));
  }
  form_ = best;
  header_ = row;
  headings_ = std::move(headings);
  found_ = true;
  return true;
}

void FormScanner::CheckSum(const Row& row) {
  FormRow reading(*form_, headings_, ledger_, row);
  const SubtotalKind kind = SubtotalKindOf(row);
  const bool total = kind == SubtotalKind::kTotal;
  const std::optional<CellAmount> stated = reading.Amount();
  // 合计 is used for a part and for the whole.
  if (form_->Find(Field::kAmount) != nullptr && !unknown_ &&
      (total || kind == SubtotalKind::kSubtotal) && stated.has_value() &&
      stated->kind == CellAmount::Kind::kAmount &&
      stated->fen != since_subtotal_ &&
      !(total && stated->fen == since_header_) &&
      mismatches_.size() < mismatches_max) {
    mismatches_.push_back(
        absl::StrCat(sheet_.empty() ? "" : absl::StrCat("sheet ", sheet_, " "),
                     "row ", row.number, ": states ", YuanText(stated->fen),
                     " 元, the rows above "
                     "sum to ",
                     YuanText(total ? since_header_ : since_subtotal_),
                     " 元; a row may be missing, or count twice"));
  }
  since_subtotal_ = 0;
}

absl::Status FormScanner::Finish() {
  EndSheet();
  if (found_) return absl::OkStatus();
  std::vector<std::string> headings;
  for (const SheetForm& form : workbook_.sheets) {
    std::vector<std::string> required;
    for (const Column& column : form.columns) {
      if (column.required) required.push_back(column.heading);
    }
    headings.push_back(
        absl::StrCat(form.title, " (", absl::StrJoin(required, ", "), ")"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no row of headings of --kind=", workbook_.kind,
                   " was found; it needs ", absl::StrJoin(headings, ", or "),
                   "; daybook template --kind=", workbook_.kind,
                   " writes a sheet with "
                   "them"));
}

}  // namespace daybook::importer
