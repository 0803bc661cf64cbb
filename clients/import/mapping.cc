#include "clients/import/mapping.h"

#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"
#include "daybook/v1/budget_events.pb.h"
#include "daybook/v1/values.pb.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"

namespace daybook::importer {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;
using internal::AmountRule;
using internal::Condition;
using internal::DateRule;
using internal::FieldRule;
using internal::VoucherMapping;

struct EnumWords {
  const EnumDescriptor* type = nullptr;
  std::string prefix;
};

EnumWords WordsIn(Vocabulary vocabulary) {
  switch (vocabulary) {
    case Vocabulary::kFund:
      return {v1::Fund_descriptor(), "FUND_"};
    case Vocabulary::kNature:
      return {v1::Nature_descriptor(), "NATURE_"};
    case Vocabulary::kSourceRow:
      return {v1::SourceRow_descriptor(), "SOURCE_ROW_"};
    case Vocabulary::kPaymentMethod:
      return {v1::ExpenditureRecorded::PaymentMethod_descriptor(),
              "PAYMENT_METHOD_"};
    case Vocabulary::kFree:
    case Vocabulary::kYesNo:
      break;
  }
  return {};
}

class Errors : public google::protobuf::io::ErrorCollector {
 public:
  explicit Errors(std::string name) : name_(std::move(name)) {}

  // `line` is from 0; -1 when it is unknown.
  void AddError(int line, int, const std::string& message) override {
    Add(line, message);
  }
  void Add(int line, absl::string_view message) {
    lines_.push_back(absl::StrCat(name_, ":", line + 1, ": ", message));
  }
  bool empty() const { return lines_.empty(); }
  absl::Status ToStatus() const {
    return absl::InvalidArgumentError(
        absl::StrCat("the mapping has ", lines_.size(), " problems\n",
                     absl::StrJoin(lines_, "\n")));
  }

 private:
  const std::string name_;
  std::vector<std::string> lines_;
};

// A message with where it stands in the file.
class Place {
 public:
  Place(const Message& message, TextFormat::ParseInfoTree* tree, int line)
      : type_(message.GetDescriptor()), tree_(tree), line_(line) {}

  int line() const { return line_; }
  // The line of a field, of the message itself where it has none.
  int LineOf(const std::string& field, int index = -1) const {
    if (tree_ == nullptr) return line_;
    const TextFormat::ParseLocation location =
        tree_->GetLocation(type_->FindFieldByName(field), index);
    return location.line < 0 ? line_ : location.line;
  }
  Place Child(const std::string& field, const Message& message,
              int index = -1) const {
    return Place(message,
                 tree_ == nullptr ? nullptr
                                  : tree_->GetTreeForNested(
                                        type_->FindFieldByName(field), index),
                 LineOf(field, index));
  }

 private:
  const Descriptor* type_;
  TextFormat::ParseInfoTree* tree_;
  int line_;
};

// Finds everything that is wrong with a mapping that could be parsed.
class Checker {
 public:
  Checker(const VoucherMapping& mapping, TextFormat::ParseInfoTree& tree,
          Errors& errors)
      : mapping_(mapping), top_(mapping, &tree, 0), errors_(errors) {}

  void Check() {
    if (!mapping_.ledger().empty() && !IsResourceId(mapping_.ledger())) {
      errors_.Add(top_.LineOf("ledger"),
                  absl::StrCat("ledger '", mapping_.ledger(),
                               "': no code of a ledger; write it like 430203"));
    }
    CheckTable();
    CheckKey();
    CheckConditions("keep", mapping_.keep(), top_);
    CheckConditions("drop", mapping_.drop(), top_);
    CheckConditions("deleted", mapping_.deleted(), top_);
    CheckFields();
    CheckDates();
    CheckAmount();
  }

 private:
  void CheckTable() {
    const internal::TableRules& table = mapping_.table();
    const Place place = top_.Child("table", table);
    if (table.delimiter().size() > 1) {
      errors_.Add(place.LineOf("delimiter"),
                  absl::StrCat("delimiter '", table.delimiter(),
                               "': write one character, \"\\t\" for a tab"));
    }
    if (!table.encoding().empty() && table.encoding() != "UTF-8" &&
        table.encoding() != "GB18030") {
      errors_.Add(place.LineOf("encoding"),
                  absl::StrCat("encoding '", table.encoding(),
                               "': use UTF-8 or GB18030, which has GBK in it"));
    }
  }

  void CheckKey() {
    if (mapping_.key().empty() || mapping_.key_size() > key_columns_max) {
      errors_.Add(
          top_.LineOf("key", 0),
          absl::StrCat("key: has ", mapping_.key_size(), " columns, 1 to ",
                       key_columns_max, "; write key { column: \"凭证号\" }"));
    }
    for (int i = 0; i < mapping_.key_size(); ++i) {
      const FieldRule& rule = mapping_.key(i);
      CheckField("key", rule, top_.Child("key", rule, i), Vocabulary::kFree);
    }
  }

  template <typename Conditions>
  void CheckConditions(const std::string& name, const Conditions& conditions,
                       const Place& parent) {
    for (int i = 0; i < conditions.size(); ++i) {
      const Condition& condition = conditions[i];
      const int line = parent.LineOf(name, i);
      if (condition.column().empty()) {
        errors_.Add(line, absl::StrCat(name,
                                       ": names no column; write column: "
                                       "\"…\""));
      }
      if (condition.equals().empty() && condition.prefix().empty() &&
          !condition.blank() && !condition.has_range()) {
        errors_.Add(line, absl::StrCat(name,
                                       ": says nothing about the column; write "
                                       "equals, prefix, blank or range"));
      }
      if (condition.has_range() &&
          condition.range().from() > condition.range().to()) {
        errors_.Add(line, absl::StrCat(name,
                                       ": the range ends before it "
                                       "begins; exchange from and to"));
      }
    }
  }

  void CheckFields() {
    const std::vector<std::pair<const char*, Vocabulary>> fields = {
        {"department", Vocabulary::kFree},
        {"fiscal_year", Vocabulary::kFree},
        {"fund", Vocabulary::kFund},
        {"nature", Vocabulary::kNature},
        {"project", Vocabulary::kFree},
        {"function_code", Vocabulary::kFree},
        {"economic_code", Vocabulary::kFree},
        {"government_economic_code", Vocabulary::kFree},
        {"source_row", Vocabulary::kSourceRow},
        {"unit", Vocabulary::kFree},
        {"quota_id", Vocabulary::kFree},
        {"voucher_number", Vocabulary::kFree},
        {"payment_method", Vocabulary::kPaymentMethod},
        {"procurement", Vocabulary::kYesNo},
        {"contract_number", Vocabulary::kFree},
        {"payee", Vocabulary::kFree},
        {"summary", Vocabulary::kFree},
        {"preparer", Vocabulary::kFree}};
    for (const auto& [name, vocabulary] : fields) {
      const FieldDescriptor* const field =
          mapping_.GetDescriptor()->FindFieldByName(name);
      if (!mapping_.GetReflection()->HasField(mapping_, field)) continue;
      const auto& rule = static_cast<const FieldRule&>(
          mapping_.GetReflection()->GetMessage(mapping_, field));
      CheckField(name, rule, top_.Child(name, rule), vocabulary);
    }
    if (!mapping_.has_department()) Missing("department", "value: \"115001\"");
    if (!mapping_.has_fund()) Missing("fund", "value: \"general\"");
  }

  void Missing(absl::string_view name, absl::string_view example) {
    errors_.Add(
        0, absl::StrCat(name, ": is missing; write ", name,
                        " { column: \"…\" } or ", name, " { ", example, " }"));
  }

  void CheckField(absl::string_view name, const FieldRule& rule,
                  const Place& place, Vocabulary vocabulary) {
    if (rule.column().empty() && rule.value().empty()) {
      errors_.Add(place.line(),
                  absl::StrCat(name,
                               ": has no column and no value; write "
                               "column: \"…\" or value: \"…\""));
    }
    if (rule.listed_only() && rule.translate().empty()) {
      errors_.Add(place.LineOf("listed_only"),
                  absl::StrCat(name,
                               ": listed_only without translate refuses "
                               "every row; list the words"));
    }
    if (!rule.value().empty()) {
      CheckWord(name, rule.value(), place.LineOf("value"), vocabulary);
    }
    for (int i = 0; i < rule.translate_size(); ++i) {
      const internal::Translation& translation = rule.translate(i);
      const Place at = place.Child("translate", translation, i);
      if (translation.from().empty() && translation.prefix().empty()) {
        errors_.Add(at.line(), absl::StrCat(name,
                                            ": translates no word; write "
                                            "from: \"…\" or prefix: "
                                            "\"…\""));
      }
      if (!translation.to().empty()) {
        CheckWord(name, translation.to(), at.LineOf("to"), vocabulary);
      }
    }
  }

  void CheckWord(absl::string_view name, absl::string_view word, int line,
                 Vocabulary vocabulary) {
    if (vocabulary == Vocabulary::kFree || NumberOf(vocabulary, word) >= 0) {
      return;
    }
    errors_.Add(line, absl::StrCat(name, " '", word, "': use one of ",
                                   WordsOf(vocabulary)));
  }

  void CheckDates() {
    if (!mapping_.has_effective_date()) {
      errors_.Add(0,
                  "effective_date: is missing; write effective_date { column: "
                  "\"凭证日期\" }");
    }
    for (const auto& [name, rule] :
         std::initializer_list<std::pair<const char*, const DateRule*>>{
             {"effective_date", mapping_.has_effective_date()
                                    ? &mapping_.effective_date()
                                    : nullptr},
             {"document_date", mapping_.has_document_date()
                                   ? &mapping_.document_date()
                                   : nullptr},
             {"updated",
              mapping_.has_updated() ? &mapping_.updated() : nullptr}}) {
      if (rule != nullptr) CheckDate(name, *rule, top_.Child(name, *rule));
    }
    if (mapping_.effective_date().optional()) {
      errors_.Add(top_.LineOf("effective_date"),
                  "effective_date: every voucher has one; leave optional out");
    }
  }

  void CheckDate(absl::string_view name, const DateRule& rule,
                 const Place& place) {
    if (rule.column().empty()) {
      errors_.Add(place.line(), absl::StrCat(name, ": names no column"));
    }
    for (int i = 0; i < rule.format_size(); ++i) {
      const std::string& format = rule.format(i);
      if (IsDayFormat(format)) continue;
      errors_.Add(place.LineOf("format", i),
                  absl::StrCat(name, " format '", format,
                               "': use %Y, %m and %d, and %H, %M and %S for a "
                               "time of day, as in %Y-%m-%d"));
    }
  }

  static bool IsDayFormat(absl::string_view format) {
    bool year = false;
    bool month = false;
    bool day = false;
    for (size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%') continue;
      if (++i == format.size() ||
          absl::string_view("YymdHMS%").find(format[i]) ==
              absl::string_view::npos) {
        return false;
      }
      year = year || format[i] == 'Y' || format[i] == 'y';
      month = month || format[i] == 'm';
      day = day || format[i] == 'd';
    }
    return year && month && day;
  }

  void CheckAmount() {
    const AmountRule& rule = mapping_.amount();
    const Place place = top_.Child("amount", rule);
    if (rule.unit() == AmountRule::UNIT_UNSPECIFIED) {
      errors_.Add(place.line(),
                  "amount: in what amounts are written is never guessed; write "
                  "unit: YUAN or unit: WAN_YUAN");
    }
    const bool sides = !rule.debit().empty() && !rule.credit().empty();
    const bool any_side = !rule.debit().empty() || !rule.credit().empty();
    if (rule.column().empty() ? !sides : any_side) {
      errors_.Add(place.line(),
                  "amount: needs either column, or debit and credit");
    }
    if (any_side && !rule.negative().empty()) {
      errors_.Add(place.LineOf("negative", 0),
                  "amount: negative goes with column; debit and credit have "
                  "their signs");
    }
    if (!any_side && rule.spending_side() != AmountRule::SIDE_UNSPECIFIED) {
      errors_.Add(place.LineOf("spending_side"),
                  "amount: spending_side goes with debit and credit; use "
                  "negative { column: … equals: … } with one column");
    }
    CheckConditions("negative", rule.negative(), place);
  }

  const VoucherMapping& mapping_;
  const Place top_;
  Errors& errors_;
};

}  // namespace

int NumberOf(Vocabulary vocabulary, absl::string_view word) {
  if (vocabulary == Vocabulary::kYesNo) {
    return word == "yes" ? 1 : word == "no" ? 0 : -1;
  }
  const EnumWords words = WordsIn(vocabulary);
  if (words.type == nullptr) return -1;
  const google::protobuf::EnumValueDescriptor* const value =
      words.type->FindValueByName(
          absl::StrCat(words.prefix, absl::AsciiStrToUpper(word)));
  return value == nullptr || value->number() == 0 ? -1 : value->number();
}

std::string WordsOf(Vocabulary vocabulary) {
  const EnumWords words = WordsIn(vocabulary);
  if (words.type == nullptr) return "yes, no";
  std::vector<std::string> names;
  for (int i = 1; i < words.type->value_count(); ++i) {
    names.push_back(absl::AsciiStrToLower(
        words.type->value(i)->name().substr(words.prefix.size())));
  }
  return absl::StrJoin(names, ", ");
}

absl::StatusOr<VoucherMapping> ParseVoucherMapping(absl::string_view text,
                                                   const std::string& name) {
  Errors errors(name);
  TextFormat::ParseInfoTree tree;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.WriteLocationsTo(&tree);
  VoucherMapping mapping;
  if (!parser.ParseFromString(std::string(text), &mapping)) {
    return errors.ToStatus();
  }
  Checker(mapping, tree, errors).Check();
  if (!errors.empty()) return errors.ToStatus();
  return mapping;
}

absl::StatusOr<VoucherMapping> ReadVoucherMapping(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(absl::StrCat(
        path, ": the mapping can not be read; examples/import has some"));
  }
  std::string text(mapping_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > mapping_bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": a mapping has at most ", mapping_bytes_max,
                     " bytes; this may be the table itself"));
  }
  return ParseVoucherMapping(text, path);
}

}  // namespace daybook::importer
