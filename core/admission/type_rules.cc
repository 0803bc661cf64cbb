#include "core/admission/type_rules.h"

#include <google/protobuf/wire_format_lite.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/admission/well_formed.h"
#include "daybook/v1/event.pb.h"

namespace daybook {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;
using google::protobuf::internal::WireFormatLite;

// By the field's full name without the package. Those not listed hold at most
// 256 bytes.
const std::map<std::string, StringRule, std::less<>>& StringRules() {
  static const auto* const rules =
      new std::map<std::string, StringRule, std::less<>>{
          {"Event.event_id", {id_bytes_max, true}},
          {"PersonalData.payee", {512, false}},
          {"PersonalData.summary", {2'048, false}},
          {"PersonalData.preparer", {512, false}},
          {"Line.quota_id", {64, false}},
          {"Quantity.unit", {32, false}},
          {"MeasuredValue.word", {256, false}},
          {"DepartmentRegistered.name", {256, true}},
          {"ProjectRegistered.name", {256, true}},
          {"ProjectRegistered.code", {64, false}},
          {"ProjectRegistered.aliases", {256, true}},
          {"ProjectRegistered.parent_programme", {64, false}},
          {"ReportOpened.book_source", {id_bytes_max, true}},
          {"ReportOpened.form", {64, true}},
          {"ScoringPolicy.id", {64, true}},
          {"PolicyLevel.label", {256, true}},
          {"GradeBand.label", {64, true}},
          {"BudgetApproved.document_number", {128, false}},
          {"BudgetAdjusted.document_number", {128, false}},
          {"BudgetAdjusted.reason", {1'024, false}},
          {"BudgetAdjusted.transfer_id", {64, false}},
          {"ExpenditureRecorded.voucher_number", {64, false}},
          {"ExpenditureRecorded.contract_number", {64, false}},
          {"RefundReceived.payment_event_id", {id_bytes_max, false}},
          {"RefundReceived.voucher_number", {64, false}},
          {"RefundReceived.payment_voucher_number", {64, false}},
          {"RefundReceived.reason", {1'024, false}},
          {"AdvancePaid.voucher_number", {64, false}},
          {"AdvanceCleared.advance_event_id", {id_bytes_max, true}},
          {"AdvanceCleared.voucher_number", {64, false}},
          {"AdvanceCleared.contract_number", {64, false}},
          {"Correction.reason", {1'024, true}},
          {"Correction.approver", {128, true}},
          {"EventIdentity.source", {id_bytes_max, false}},
          {"EventIdentity.event_id", {id_bytes_max, true}},
          {"IndicatorRevised.document_number", {128, false}},
          {"IndicatorRevised.reason", {1'024, false}},
          {"Reversal.target_source", {id_bytes_max, false}},
          {"Reversal.target_event_id", {id_bytes_max, true}},
          {"Reversal.reason", {1'024, false}},
          {"IndicatorSet.name", {256, true}},
          {"IndicatorSet.printed_operator", {16, false}},
          {"IndicatorAssessed.row", {128, true}},
          {"IndicatorAssessed.deviation_reason", {4'096, false}},
          {"ActivityRecorded.label", {256, true}},
          {"NarrativeSectionRecorded.section", {64, true}},
          {"NarrativeSectionRecorded.text", {48'000, true}},
          {"KeyRotated.reason", {1'024, true}},
      };
  return *rules;
}

using TypeRulesMap = std::map<const Descriptor*, std::unique_ptr<TypeRules>>;

StringRule RuleOf(const FieldDescriptor& field) {
  const std::string key =
      absl::StrCat(field.containing_type()->name(), ".", field.name());
  const auto rule = StringRules().find(key);
  return rule == StringRules().end() ? StringRule() : rule->second;
}

TypeRules::Wire WireOf(const FieldDescriptor& field) {
  TypeRules::Wire wire;
  wire.type = WireFormatLite::WireTypeForFieldType(
      static_cast<WireFormatLite::FieldType>(field.type()));
  wire.packable = field.is_packable();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      wire.kind = TypeRules::Wire::Kind::kString;
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      wire.kind = TypeRules::Wire::Kind::kMessage;
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      wire.kind = TypeRules::Wire::Kind::kEnum;
      for (int i = 0; i < field.enum_type()->value_count(); ++i) {
        const int number = field.enum_type()->value(i)->number();
        if (number >= 0 && number < 64) wire.values |= uint64_t{1} << number;
      }
      break;
    default:
      wire.kind = TypeRules::Wire::Kind::kNumber;
      break;
  }
  return wire;
}

// Fills in what the bytes of a message are walked by, once its fields are
// known, which stay where they are.
void AddWire(const Descriptor& type, TypeRules& rules) {
  for (int i = 0; i < type.field_count(); ++i) {
    const auto number = static_cast<size_t>(type.field(i)->number());
    if (number >= rules.wire.size()) rules.wire.resize(number + 1);
    rules.wire[number] = WireOf(*type.field(i));
  }
  for (TypeRules::Field& field : rules.fields) {
    TypeRules::Wire& wire =
        rules.wire[static_cast<size_t>(field.field->number())];
    wire.field = &field;
    if (!field.rule.required || field.field->is_repeated()) continue;
    wire.required = rules.required + 1;
    rules.required |= wire.required;
  }
  for (TypeRules::Choice& choice : rules.choices) {
    for (auto& [number, field] : choice.fields) {
      rules.wire[static_cast<size_t>(number)].field = &field;
    }
  }
}

const TypeRules* AddTypeRules(const Descriptor& type, TypeRulesMap& all) {
  std::unique_ptr<TypeRules>& rules = all[&type];
  if (rules != nullptr) return rules.get();
  rules = std::make_unique<TypeRules>();
  TypeRules& made = *rules;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    TypeRules::Field rule;
    rule.field = &field;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        rule.rule = RuleOf(field);
        rule.lines = field.name() == "text" || field.name() == "reason" ||
                     field.name() == "deviation_reason";
        rule.personal = &type == v1::PersonalData::descriptor();
        rule.binary = field.type() == FieldDescriptor::TYPE_BYTES;
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        rule.type = AddTypeRules(*field.message_type(), all);
        break;
      default:
        continue;
    }
    const OneofDescriptor* const oneof = field.real_containing_oneof();
    if (oneof == nullptr) {
      made.fields.push_back(rule);
      continue;
    }
    made.choices.resize(static_cast<size_t>(type.real_oneof_decl_count()));
    TypeRules::Choice& choice =
        made.choices[static_cast<size_t>(oneof->index())];
    choice.oneof = oneof;
    choice.fields.emplace(field.number(), rule);
  }
  AddWire(type, made);
  return &made;
}

}  // namespace

const TypeRules& RulesOf(const Descriptor& type) {
  static const TypeRulesMap* const all = [] {
    auto* made = new TypeRulesMap;
    AddTypeRules(*v1::EventInput::descriptor(), *made);
    return made;
  }();
  return *all->at(&type);
}

}  // namespace daybook
