#include "clients/import/form_row.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "core/base/utf8.h"
#include "core/budget/figure_path.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/resource_name.h"

namespace daybook::importer {
namespace {

constexpr size_t value_shown_bytes_max = 64;

// Without blanks around it, full-width ones included.
absl::string_view Trimmed(absl::string_view text) {
  constexpr absl::string_view wide = "\xE3\x80\x80";
  for (;;) {
    const absl::string_view before = text;
    text = absl::StripAsciiWhitespace(text);
    absl::ConsumePrefix(&text, wide);
    absl::ConsumeSuffix(&text, wide);
    if (text.size() == before.size()) return text;
  }
}

v1::Decimal ToProto(Decimal value) {
  v1::Decimal decimal;
  decimal.set_unscaled(value.unscaled());
  decimal.set_scale(value.scale());
  return decimal;
}

}  // namespace

const Cell& FormRow::CellOf(Field field) const {
  static const Cell* const blank = new Cell;
  const Column* const column = form_.Find(field);
  if (column == nullptr) return *blank;
  std::optional<size_t> place = headings_.FindOne(column->heading);
  if (!place.has_value() && column->format == Column::Format::kAmount) {
    place = headings_.FindOne(WanHeading(*column));
  }
  if (!place.has_value() || *place >= row_.cells.size()) return *blank;
  return row_.cells[*place];
}

bool FormRow::InWan(Field field) const {
  const Column* const column = form_.Find(field);
  return column != nullptr && !headings_.FindOne(column->heading).has_value();
}

std::string FormRow::HeadingOf(Field field) const {
  const Column* const column = form_.Find(field);
  if (column == nullptr) return "";
  return column->format == Column::Format::kAmount && InWan(field)
             ? WanHeading(*column)
             : column->heading;
}

void FormRow::Problem(Field field, absl::string_view what) {
  Problem(field, Trimmed(CellOf(field).text), what);
}

void FormRow::Problem(Field field, absl::string_view value,
                      absl::string_view what) {
  problems_.push_back(
      value.empty()
          ? absl::StrCat(HeadingOf(field), ": ", what)
          : absl::StrCat(HeadingOf(field), " '",
                         Shortened(value, value_shown_bytes_max), "': ", what));
}

bool FormRow::IsExample() const {
  return absl::StartsWith(Trimmed(CellOf(Field::kDepartment).text),
                          kExampleMark);
}

bool FormRow::IsBlank(Field field) const {
  return Trimmed(CellOf(field).text).empty();
}

void FormRow::CheckRequired(std::optional<Field> but) {
  for (const Column& column : form_.columns) {
    if (column.required && column.field != but && IsBlank(column.field)) {
      Problem(column.field, "is blank; fill it in");
    }
  }
}

std::string FormRow::Text(Field field) {
  const Cell& cell = CellOf(field);
  if (cell.kind == Cell::Kind::kError) {
    Problem(field, "the formula has no result; mend it in the spreadsheet");
    return "";
  }
  const Column* const column = form_.Find(field);
  if (column != nullptr && column->format == Column::Format::kCode) {
    return HalfWidth(cell.text);
  }
  // A line end is one in a CSV as in a workbook.
  return absl::StrReplaceAll(Trimmed(cell.text),
                             {{"\r\n", "\n"}, {"\r", "\n"}});
}

int FormRow::Number(Field field) {
  const std::string word = Text(field);
  const Column* const column = form_.Find(field);
  if (word.empty() || column == nullptr) return 0;
  const int number = column->NumberOf(word);
  if (number >= 0 || column->open) return number;
  Problem(field, word, absl::StrCat("use one of: ", column->WordsText()));
  return 0;
}

std::optional<absl::CivilDay> FormRow::Day(Field field) {
  if (IsBlank(field)) return std::nullopt;
  const absl::StatusOr<absl::CivilDay> day =
      importer::ParseDay(CellOf(field), {});
  if (day.ok()) return *day;
  problems_.push_back(
      absl::StrCat(HeadingOf(field), " ", day.status().message()));
  return std::nullopt;
}

std::optional<Decimal> FormRow::DecimalOf(Field field) {
  if (IsBlank(field)) return std::nullopt;
  const std::string text = Text(field);
  const absl::StatusOr<Decimal> number = ParseNumber(text);
  if (number.ok()) return *number;
  problems_.push_back(
      absl::StrCat(HeadingOf(field), " ", number.status().message()));
  return std::nullopt;
}

std::optional<CellAmount> FormRow::Amount() {
  const absl::StatusOr<CellAmount> amount = ParseAmount(
      CellOf(Field::kAmount),
      InWan(Field::kAmount) ? AmountUnit::kWanYuan : AmountUnit::kYuan);
  if (amount.ok()) return *amount;
  problems_.push_back(
      absl::StrCat(HeadingOf(Field::kAmount), " ", amount.status().message()));
  return std::nullopt;
}

std::optional<CellAmount> FormRow::Count(Field field) {
  const std::string text = HalfWidth(CellOf(field).text);
  int count = 0;
  if (!text.empty() && absl::SimpleAtoi(text, &count)) {
    return CellAmount{CellAmount::Kind::kAmount, count};
  }
  const absl::StatusOr<CellAmount> empty =
      ParseAmount(CellOf(field), AmountUnit::kYuan);
  if (empty.ok() && empty->kind != CellAmount::Kind::kAmount) return *empty;
  Problem(field,
          "is no whole number of people; write one like 4, or 无, ——, or "
          "leave it blank");
  return std::nullopt;
}

std::string FormRow::Figure(Field field) {
  const std::string text = Text(field);
  if (text.empty()) return "";
  std::string path = PathOfLabel(text);
  if (path.empty()) path = HalfWidth(text);
  const absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
  if (parsed.ok()) return parsed->ToString();
  Problem(field, text,
          "is neither a row of the form nor the path of a figure; choose from "
          "the list, or write a path like general.project[key].executed");
  return "";
}

std::optional<v1::MeasuredValue> FormRow::Measured(Field field,
                                                   const std::string& unit) {
  const Cell& cell = CellOf(field);
  const std::string text = Text(field);
  v1::MeasuredValue value;
  std::string digits = HalfWidth(text);
  const std::string unit_text = HalfWidth(unit);
  if (!unit_text.empty() && absl::EndsWith(digits, unit_text)) {
    digits = digits.substr(0, digits.size() - unit_text.size());
  }
  const absl::StatusOr<Decimal> number = ParseNumber(digits);
  if (cell.kind != Cell::Kind::kDate && number.ok()) {
    *value.mutable_quantity()->mutable_value() = ToProto(*number);
    value.mutable_quantity()->set_unit(unit);
    return value;
  }
  const absl::StatusOr<absl::CivilDay> day = importer::ParseDay(cell, {});
  if (day.ok()) {
    *value.mutable_date() = ToDate(*day);
    return value;
  }
  std::string path = PathOfLabel(text);
  if (path.empty()) path = HalfWidth(text);
  const absl::StatusOr<FigurePath> figure = FigurePath::Parse(path);
  if (figure.ok()) {
    value.set_figure(figure->ToString());
    return value;
  }
  return std::nullopt;
}

std::string FormRow::Department() {
  const std::string code = Text(Field::kDepartment);
  if (code.empty()) return "";
  const absl::StatusOr<ResourceName> name = ResourceName::Parse(
      absl::StrCat("ledgers/", ledger_, "/departments/", code),
      ResourceName::Kind::kDepartment);
  if (name.ok()) return name->ToString();
  Problem(Field::kDepartment, code, "is no code; use 1 to 32 of [0-9A-Za-z-]");
  return "";
}

std::string FormRow::Report() {
  const std::string department = Department();
  const std::string year = Text(Field::kFiscalYear);
  if (year.empty()) return "";
  const absl::string_view digits =
      absl::StripSuffix(absl::StripSuffix(year, "度"), "年");
  const absl::StatusOr<ResourceName> name = ResourceName::Parse(
      absl::StrCat("ledgers/", ledger_, "/departments/0/reports/", digits),
      ResourceName::Kind::kReport);
  if (!name.ok()) {
    Problem(Field::kFiscalYear, year, "is no year; write it like 2024");
    return "";
  }
  fiscal_year_ = name->fiscal_year();
  return department.empty() ? ""
                            : absl::StrCat(department, "/reports/", digits);
}

void FormRow::Place(v1::Event& event, DayIfBlank if_blank) {
  subject_ = Report();
  event.set_subject(subject_);
  if (const auto document = Day(Field::kDocumentDate)) {
    *event.mutable_document_date() = ToDate(*document);
  }
  const bool blank = IsBlank(Field::kEffectiveDate);
  std::optional<absl::CivilDay> day = Day(Field::kEffectiveDate);
  if (fiscal_year_ == 0) return;
  // A sheet that requires the day says so by itself.
  const Column* const column = form_.Find(Field::kEffectiveDate);
  if (blank && (column == nullptr || !column->required)) {
    day = if_blank == DayIfBlank::kFirst ? FirstDay(fiscal_year_)
                                         : LastDay(fiscal_year_);
  }
  if (!day.has_value()) return;
  if (day->year() != fiscal_year_) {
    Problem(Field::kEffectiveDate,
            absl::StrCat("lies outside of ", fiscal_year_,
                         "; facts of the settlement period count on 31 "
                         "December, papers of earlier years on 1 January, "
                         "with their own date in 文件日期"));
    return;
  }
  *event.mutable_effective_date() = ToDate(*day);
}

}  // namespace daybook::importer
