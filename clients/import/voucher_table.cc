#include "clients/import/voucher_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "clients/import/row_key.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/resource_name.h"

namespace daybook::importer {
namespace {

using google::protobuf::RepeatedPtrField;
using internal::AmountRule;
using internal::Condition;
using internal::DateRule;
using internal::FieldRule;
using internal::VoucherMapping;
using Names = RepeatedPtrField<std::string>;

constexpr size_t value_shown_bytes_max = 64;

const Cell& CellAt(const Row& row, std::optional<size_t> column) {
  static const Cell* const blank = new Cell;
  if (!column.has_value() || *column >= row.cells.size()) return *blank;
  return row.cells[*column];
}

AmountUnit UnitOf(const AmountRule& rule) {
  return rule.unit() == AmountRule::WAN_YUAN ? AmountUnit::kWanYuan
                                             : AmountUnit::kYuan;
}

// Whether `text` is one of `words`, or begins with one of `prefixes`; compared
// half-width.
bool Matches(const std::string& text, const Names& words,
             const Names& prefixes) {
  for (const std::string& word : words) {
    if (text == HalfWidth(word)) return true;
  }
  for (const std::string& prefix : prefixes) {
    if (absl::StartsWith(text, HalfWidth(prefix))) return true;
  }
  return false;
}

// `absent` is the answer where the table lacks the column.
bool Holds(const Condition& condition, const Headings& headings, const Row& row,
           bool absent) {
  const std::optional<size_t> column = headings.Find(condition.column());
  if (!column.has_value()) return absent;
  const std::string text = HalfWidth(CellAt(row, column).text);
  if (condition.blank() && text.empty()) return true;
  int64_t number = 0;
  if (condition.has_range() && absl::SimpleAtoi(text, &number) &&
      number >= condition.range().from() && number <= condition.range().to()) {
    return true;
  }
  return Matches(text, condition.equals(), condition.prefix());
}

// Every list of headings of which the table must have one.
std::vector<const Names*> RequiredColumns(const VoucherMapping& mapping) {
  std::vector<const Names*> required;
  const auto add = [&](const Names& names, bool optional) {
    if (!names.empty() && !optional) required.push_back(&names);
  };
  const auto add_field = [&](const FieldRule& rule) {
    add(rule.column(), rule.optional());
  };
  for (const FieldRule& rule : mapping.key()) add_field(rule);
  for (const auto* const conditions :
       {&mapping.keep(), &mapping.drop(), &mapping.deleted(),
        &mapping.amount().negative()}) {
    for (const Condition& condition : *conditions) {
      add(condition.column(), condition.optional());
    }
  }
  for (const FieldRule* const rule :
       {&mapping.department(), &mapping.fiscal_year(), &mapping.fund(),
        &mapping.nature(), &mapping.project(), &mapping.function_code(),
        &mapping.economic_code(), &mapping.government_economic_code(),
        &mapping.source_row(), &mapping.unit(), &mapping.quota_id(),
        &mapping.voucher_number(), &mapping.payment_method(),
        &mapping.procurement(), &mapping.contract_number(), &mapping.payee(),
        &mapping.summary(), &mapping.preparer()}) {
    add_field(*rule);
  }
  for (const DateRule* const rule :
       {&mapping.effective_date(), &mapping.document_date(),
        &mapping.updated()}) {
    add(rule->column(), rule->optional());
  }
  add(mapping.amount().column(), false);
  add(mapping.amount().debit(), false);
  add(mapping.amount().credit(), false);
  return required;
}

// A line end is one in a CSV as in a workbook.
std::string WithoutReturns(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\r\n", "\n"}, {"\r", "\n"}});
}

std::string FirstDigits(const std::string& text) {
  const size_t begin = text.find_first_of("0123456789");
  if (begin == std::string::npos) return "";
  return text.substr(begin,
                     text.find_first_not_of("0123456789", begin) - begin);
}

}  // namespace

std::vector<std::string> VoucherTable::MissingHeadings(
    const VoucherMapping& mapping, const Headings& headings) {
  std::vector<std::string> missing;
  for (const Names* const names : RequiredColumns(mapping)) {
    if (headings.Find(*names).has_value()) continue;
    std::string text = absl::StrJoin(*names, "/");
    if (std::find(missing.begin(), missing.end(), text) == missing.end()) {
      missing.push_back(std::move(text));
    }
  }
  return missing;
}

std::vector<std::string> VoucherTable::AmbiguousHeadings(
    const VoucherMapping& mapping, const Headings& headings) {
  std::vector<std::string> ambiguous;
  for (const Names* const names : RequiredColumns(mapping)) {
    for (const std::string& name : *names) {
      if (headings.IsAmbiguous(name) &&
          std::find(ambiguous.begin(), ambiguous.end(), name) ==
              ambiguous.end()) {
        ambiguous.push_back(name);
      }
    }
  }
  return ambiguous;
}

// One row, while it is read.
class VoucherTable::Reading {
 public:
  Reading(const VoucherTable& table, const Row& row, Voucher& voucher)
      : table_(table),
        mapping_(table.mapping_),
        row_(row),
        voucher_(voucher),
        event_(*voucher.input.mutable_event()) {}

  void Run() {
    ReadKey();
    ReadAmount();
    voucher_.filtered = IsFiltered();
    if (voucher_.filtered) return;
    voucher_.deleted = voucher_.amount_fen == 0;
    for (const Condition& condition : mapping_.deleted()) {
      if (Holds(condition, table_.headings_, row_, false)) {
        voucher_.deleted = true;
      }
    }
    if (!voucher_.deleted) {
      ReadDates();
      ReadLine();
      ReadVoucher();
      ReadPersonalData();
    }
    if (voucher_.key.empty()) {
      AddProblem("key", "", "a column of the row's key is blank; fill it in");
    }
    // What is deleted needs no amount, only what it once was.
    if (!voucher_.deleted) {
      for (std::string& problem : amount_problems_) {
        voucher_.problems.push_back(std::move(problem));
      }
    }
  }

 private:
  void AddProblem(absl::string_view name, absl::string_view value,
                  absl::string_view what) {
    voucher_.problems.push_back(
        value.empty()
            ? absl::StrCat(name, ": ", what)
            : absl::StrCat(name, " '", Shortened(value, value_shown_bytes_max),
                           "': ", what));
  }

  // The cell of a rule, trimmed; personal data is left as it is otherwise.
  std::string Text(absl::string_view name, const FieldRule& rule,
                   bool verbatim) {
    const Cell& cell = CellAt(row_, table_.headings_.Find(rule.column()));
    if (cell.kind == Cell::Kind::kError) {
      AddProblem(name, cell.text,
                 "the formula has no result; mend it in the spreadsheet");
      return "";
    }
    const std::string text =
        verbatim ? WithoutReturns(absl::StripAsciiWhitespace(cell.text))
                 : HalfWidth(cell.text);
    if (text.empty()) return rule.value();
    for (const internal::Translation& translation : rule.translate()) {
      if (Matches(verbatim ? HalfWidth(text) : text, translation.from(),
                  translation.prefix())) {
        return translation.to();
      }
    }
    if (rule.listed_only()) {
      AddProblem(name, text,
                 "the mapping does not say what it means; add it to translate, "
                 "or mend the cell");
      return "";
    }
    if (!rule.digits_only()) return text;
    std::string digits = FirstDigits(text);
    if (digits.empty()) {
      AddProblem(name, text, "has no digits where a code is expected; mend it");
    }
    return digits;
  }
  std::string Text(absl::string_view name, const FieldRule& rule) {
    return Text(name, rule, false);
  }

  // 0 when it is not stated, or wrong.
  int Number(absl::string_view name, const FieldRule& rule,
             Vocabulary vocabulary) {
    const std::string word = Text(name, rule);
    if (word.empty()) return 0;
    const int number = NumberOf(vocabulary, word);
    if (number >= 0) return number;
    AddProblem(name, word,
               absl::StrCat("the mapping does not say what it means; add "
                            "translate { from: \"",
                            Shortened(word, value_shown_bytes_max),
                            "\" to: … } with one of ", WordsOf(vocabulary)));
    return 0;
  }

  void ReadKey() {
    const std::optional<size_t> given =
        mapping_.key_repeats() ? table_.headings_.FindOne(kKeyHeading)
                               : std::nullopt;
    const std::string key = HalfWidth(CellAt(row_, given).text);
    if (!key.empty()) {
      voucher_.key = key;
      voucher_.key_given = true;
      return;
    }
    std::vector<std::string> parts;
    for (const FieldRule& rule : mapping_.key()) {
      parts.push_back(Text("key", rule));
      if (parts.back().empty() && !rule.optional()) return;
    }
    voucher_.key = KeyOf(parts);
  }

  void ReadAmount() {
    const AmountRule& rule = mapping_.amount();
    if (!rule.column().empty()) {
      const std::optional<int64_t> fen = Fen(rule.column());
      if (!fen.has_value()) return;
      bool negative = false;
      for (const Condition& condition : rule.negative()) {
        negative = negative || Holds(condition, table_.headings_, row_, false);
      }
      voucher_.amount_fen = negative ? -*fen : *fen;
      return;
    }
    const std::optional<int64_t> debit = Fen(rule.debit());
    const std::optional<int64_t> credit = Fen(rule.credit());
    if (!debit.has_value() || !credit.has_value()) return;
    voucher_.amount_fen = rule.spending_side() == AmountRule::CREDIT
                              ? *credit - *debit
                              : *debit - *credit;
  }

  std::optional<int64_t> Fen(const Names& names) {
    const Cell& cell = CellAt(row_, table_.headings_.Find(names));
    const absl::StatusOr<CellAmount> amount =
        ParseAmount(cell, UnitOf(mapping_.amount()));
    if (amount.ok()) return amount->fen;
    amount_problems_.push_back(
        absl::StrCat(names[0], " ", amount.status().message()));
    return std::nullopt;
  }

  bool IsFiltered() const {
    for (const Condition& condition : mapping_.keep()) {
      if (!Holds(condition, table_.headings_, row_, true)) return true;
    }
    for (const Condition& condition : mapping_.drop()) {
      if (Holds(condition, table_.headings_, row_, false)) return true;
    }
    return false;
  }

  // The first cell of the rule that is not blank.
  const Cell* DateCell(const DateRule& rule) const {
    for (const std::string& name : rule.column()) {
      const std::optional<size_t> column = table_.headings_.FindOne(name);
      const Cell& cell = CellAt(row_, column);
      if (!HalfWidth(cell.text).empty()) return &cell;
    }
    return nullptr;
  }

  std::optional<absl::CivilDay> Day(absl::string_view name,
                                    const DateRule& rule) {
    const Cell* const cell = DateCell(rule);
    if (cell == nullptr) {
      if (!rule.optional() && !rule.column().empty()) {
        AddProblem(name, "", "the day is blank; fill it in");
      }
      return std::nullopt;
    }
    const absl::StatusOr<absl::CivilDay> day =
        importer::ParseDay(*cell, {rule.format().begin(), rule.format().end()});
    if (day.ok()) return *day;
    voucher_.problems.push_back(
        absl::StrCat(name, " ", day.status().message()));
    return std::nullopt;
  }

  void ReadDates() {
    const std::optional<absl::CivilDay> effective =
        Day("effective_date", mapping_.effective_date());
    std::optional<absl::CivilDay> document =
        Day("document_date", mapping_.document_date());
    std::string year = mapping_.has_fiscal_year()
                           ? Text("fiscal_year", mapping_.fiscal_year())
                           : "";
    if (year.empty() && effective.has_value()) {
      year = absl::StrCat(effective->year());
    }
    const std::string department = Text("department", mapping_.department());
    const absl::StatusOr<ResourceName> subject = ResourceName::Parse(
        absl::StrCat("ledgers/", table_.ledger_, "/departments/", department,
                     "/reports/", year),
        ResourceName::Kind::kReport);
    if (department.empty()) {
      AddProblem("department", "", "the code is blank; fill it in");
    } else if (!subject.ok() && !year.empty()) {
      AddProblem("department and fiscal_year",
                 absl::StrCat(department, " ", year),
                 std::string(subject.status().message()));
    }
    if (!effective.has_value() || !subject.ok()) return;
    event_.set_subject(subject->ToString());
    // A fact of the settlement period counts on the last day of its year, one
    // of an earlier year's document on the first.
    const absl::CivilDay day =
        std::min(std::max(*effective, FirstDay(subject->fiscal_year())),
                 LastDay(subject->fiscal_year()));
    *event_.mutable_effective_date() = ToDate(day);
    if (!document.has_value() && day != *effective) document = effective;
    if (document.has_value() && *document != day) {
      *event_.mutable_document_date() = ToDate(*document);
    }
    ReadUpdated();
  }

  void ReadUpdated() {
    const Cell* const cell = DateCell(mapping_.updated());
    if (cell == nullptr) return;
    const DateRule& rule = mapping_.updated();
    const absl::StatusOr<absl::Time> time =
        ParseDayTime(*cell, {rule.format().begin(), rule.format().end()});
    if (!time.ok()) {
      voucher_.problems.push_back(
          absl::StrCat("updated ", time.status().message()));
      return;
    }
    event_.mutable_source_recorded_time()->set_seconds(
        absl::ToUnixSeconds(*time));
  }

  void ReadLine() {
    v1::Line& line = *event_.mutable_expenditure_recorded()->mutable_line();
    line.set_fund(static_cast<v1::Fund>(
        Number("fund", mapping_.fund(), Vocabulary::kFund)));
    if (line.fund() == v1::FUND_UNSPECIFIED && voucher_.problems.empty()) {
      AddProblem("fund", "",
                 "is blank; fill it in, or give the mapping a value");
    }
    line.set_nature(static_cast<v1::Nature>(
        Number("nature", mapping_.nature(), Vocabulary::kNature)));
    line.set_source_row(static_cast<v1::SourceRow>(
        Number("source_row", mapping_.source_row(), Vocabulary::kSourceRow)));
    line.set_project(Text("project", mapping_.project()));
    line.set_function_code(Text("function_code", mapping_.function_code()));
    line.set_economic_code(Text("economic_code", mapping_.economic_code()));
    line.set_government_economic_code(
        Text("government_economic_code", mapping_.government_economic_code()));
    line.set_unit(Text("unit", mapping_.unit()));
    line.set_quota_id(Text("quota_id", mapping_.quota_id()));
  }

  void ReadVoucher() {
    v1::ExpenditureRecorded& spent = *event_.mutable_expenditure_recorded();
    spent.set_amount_fen(voucher_.amount_fen.value_or(0));
    spent.set_voucher_number(Text("voucher_number", mapping_.voucher_number()));
    spent.set_payment_method(
        static_cast<v1::ExpenditureRecorded::PaymentMethod>(
            Number("payment_method", mapping_.payment_method(),
                   Vocabulary::kPaymentMethod)));
    spent.set_procurement(
        Number("procurement", mapping_.procurement(), Vocabulary::kYesNo) == 1);
    spent.set_contract_number(
        Text("contract_number", mapping_.contract_number()));
  }

  void ReadPersonalData() {
    v1::PersonalData data;
    data.set_payee(Text("payee", mapping_.payee(), true));
    data.set_summary(Text("summary", mapping_.summary(), true));
    data.set_preparer(Text("preparer", mapping_.preparer(), true));
    if (data.ByteSizeLong() > 0) {
      *voucher_.input.mutable_personal_data() = std::move(data);
    }
  }

  const VoucherTable& table_;
  const VoucherMapping& mapping_;
  const Row& row_;
  Voucher& voucher_;
  v1::Event& event_;
  std::vector<std::string> amount_problems_;
};

VoucherTable::VoucherTable(const VoucherMapping& mapping, Headings headings,
                           std::string ledger)
    : mapping_(mapping),
      headings_(std::move(headings)),
      ledger_(std::move(ledger)) {}

bool VoucherTable::LacksKey(const Row& row) const {
  for (const FieldRule& rule : mapping_.key()) {
    const std::optional<size_t> column = headings_.Find(rule.column());
    if (rule.optional() || !column.has_value()) continue;
    const Cell& cell = CellAt(row, column);
    // A value of the rows above is not the row's own, and the word of a
    // subtotal may stand in any column.
    if (cell.merged || HalfWidth(cell.text).empty() ||
        SubtotalKindOf(cell.text) != SubtotalKind::kNone) {
      return true;
    }
  }
  return false;
}

bool VoucherTable::IsNote(const Row& row) const {
  for (const Condition& condition : mapping_.deleted()) {
    if (Holds(condition, headings_, row, false)) return false;
  }
  const auto blank = [&](const std::string& name) {
    return HalfWidth(CellAt(row, headings_.FindOne(name)).text).empty();
  };
  const AmountRule& amount = mapping_.amount();
  for (const Names* const names :
       {&mapping_.effective_date().column(), &amount.column(), &amount.debit(),
        &amount.credit()}) {
    if (!std::all_of(names->begin(), names->end(), blank)) return false;
  }
  return true;
}

std::optional<std::vector<int64_t>> VoucherTable::ColumnAmounts(
    const Row& row) const {
  std::vector<int64_t> amounts;
  for (const Names* const names :
       {&mapping_.amount().column(), &mapping_.amount().debit(),
        &mapping_.amount().credit()}) {
    if (names->empty()) continue;
    const absl::StatusOr<CellAmount> amount = ParseAmount(
        CellAt(row, headings_.Find(*names)), UnitOf(mapping_.amount()));
    if (!amount.ok()) return std::nullopt;
    amounts.push_back(amount->fen);
  }
  return amounts;
}

Voucher VoucherTable::Read(const Row& row) const {
  Voucher voucher;
  Reading(*this, row, voucher).Run();
  return voucher;
}

}  // namespace daybook::importer
