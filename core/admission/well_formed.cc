#include "core/admission/well_formed.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/admission/payload_rules.h"
#include "core/admission/problem.h"
#include "core/admission/references.h"
#include "core/admission/type_rules.h"
#include "core/admission/wire_check.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/resource_name.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace daybook {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;

// Where a message stands within the input; spelled out only for a problem.
struct Path {
  const Path* outer = nullptr;
  const std::string& name;

  std::string ToString() const {
    return outer == nullptr ? name : absl::StrCat(outer->ToString(), ".", name);
  }
};

// Checks what every message has in common: no unknown fields or enum values,
// strings within their lengths.
class GenericCheck {
 public:
  explicit GenericCheck(std::vector<v1::Problem>& problems)
      : problems_(problems) {}

  void VisitUnknownFields(const Message& message, const Path& path) {
    const auto& unknown = message.GetReflection()->GetUnknownFields(message);
    if (unknown.empty()) return;
    Add({.field = path.ToString(),
         .value = absl::StrCat("field number ", unknown.field(0).number()),
         .message = "the message has a field that this server does not know",
         .remedy = "update the server, or leave the field out"});
  }

  void Visit(const Message& message, const TypeRules& rules, const Path& path) {
    VisitUnknownFields(message, path);
    for (const TypeRules::Field& rule : rules.fields) {
      VisitField(message, rule, {&path, rule.field->name()});
    }
    for (const TypeRules::Choice& choice : rules.choices) {
      if (choice.oneof == nullptr) continue;
      const FieldDescriptor* const chosen =
          message.GetReflection()->GetOneofFieldDescriptor(message,
                                                           choice.oneof);
      if (chosen == nullptr) continue;
      const auto rule = choice.fields.find(chosen->number());
      if (rule == choice.fields.end()) continue;
      VisitField(message, rule->second, {&path, chosen->name()});
    }
  }

 private:
  void Add(const ProblemText& text) { problems_.push_back(MakeProblem(text)); }

  void VisitField(const Message& message, const TypeRules::Field& rule,
                  const Path& path) {
    const Reflection& reflection = *message.GetReflection();
    const FieldDescriptor* const field = rule.field;
    if (field->is_repeated()) {
      const int count = reflection.FieldSize(message, field);
      for (int i = 0; i < count; ++i) VisitElement(message, rule, i, path);
      return;
    }
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (!reflection.HasField(message, field)) return;
        return Visit(reflection.GetMessage(message, field), *rule.type, path);
      case FieldDescriptor::CPPTYPE_ENUM:
        return VisitEnum(*field, reflection.GetEnumValue(message, field), path);
      default: {
        std::string copy;
        VisitString(rule, reflection.GetStringReference(message, field, &copy),
                    path);
      }
    }
  }

  void VisitElement(const Message& message, const TypeRules::Field& rule, int i,
                    const Path& path) {
    const Reflection& reflection = *message.GetReflection();
    const FieldDescriptor* const field = rule.field;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Visit(reflection.GetRepeatedMessage(message, field, i),
                     *rule.type, path);
      case FieldDescriptor::CPPTYPE_ENUM:
        return VisitEnum(
            *field, reflection.GetRepeatedEnumValue(message, field, i), path);
      default:
        return VisitString(
            rule, reflection.GetRepeatedString(message, field, i), path);
    }
  }

  void VisitEnum(const FieldDescriptor& field, int number, const Path& path) {
    if (field.enum_type()->FindValueByNumber(number) != nullptr) return;
    Add({.field = path.ToString(),
         .value = absl::StrCat(number),
         .message = "this server does not know this value",
         .remedy = "update the server, or use a value of its protos"});
  }

  void VisitString(const TypeRules::Field& rule, const std::string& value,
                   const Path& path) {
    if (value.size() > rule.rule.bytes_max) {
      Add({.field = path.ToString(),
           .value = rule.personal || rule.binary ? "" : value,
           .message = absl::StrCat("it has ", value.size(), " bytes"),
           .remedy =
               absl::StrCat("use at most ", rule.rule.bytes_max, " bytes")});
    }
    if (!rule.personal && !rule.binary &&
        HasControlCharacter(value, rule.lines)) {
      Add({.field = path.ToString(),
           .value = value,
           .message = "it has a control character",
           .remedy = rule.lines ? "use printable characters, lines and tabs"
                                : "use printable characters on one line"});
    }
    if (rule.rule.required && IsBlank(value)) {
      Add({.field = path.ToString(),
           .message = "it is empty",
           .remedy = "this field is required; fill it in"});
    }
  }

  std::vector<v1::Problem>& problems_;
};

// Absent: whatever has events with personal data, a department or a report.
std::optional<ResourceName::Kind> SubjectKind(v1::Event::PayloadCase payload) {
  switch (payload) {
    case v1::Event::kPersonalDataErased:
      return std::nullopt;
    case v1::Event::kDepartmentRegistered:
    case v1::Event::kProjectRegistered:
      return ResourceName::Kind::kDepartment;
    case v1::Event::kKeyRotated:
      return ResourceName::Kind::kLedger;
    default:
      return ResourceName::Kind::kReport;
  }
}

bool HasEffectiveDate(v1::Event::PayloadCase payload) {
  switch (payload) {
    case v1::Event::kDepartmentRegistered:
    case v1::Event::kProjectRegistered:
    case v1::Event::kReportOpened:
    case v1::Event::kPolicyAdopted:
    case v1::Event::kReportPublished:
    case v1::Event::kPeriodClosed:
    case v1::Event::kPeriodReopened:
    case v1::Event::kPersonalDataErased:
    case v1::Event::kKeyRotated:
      return false;
    default:
      return true;
  }
}

void CheckCorrection(const v1::Event& event, ProblemList& problems) {
  const bool may_correct =
      HasEffectiveDate(event.payload_case()) || ChangesEveryDay(event);
  if (event.has_correction() && !may_correct) {
    problems.Add({.field = "correction",
                  .message = "this kind of fact changes no closed day",
                  .remedy = "leave the field out"});
  }
  if (event.has_replaces() &&
      (event.has_reversal() || !HasEffectiveDate(event.payload_case()))) {
    problems.Add({.field = "replaces",
                  .message = "this kind of fact replaces no other",
                  .remedy = "leave the field out"});
  }
}

void CheckEffectiveDate(const v1::Event& event, int fiscal_year,
                        ProblemList& problems) {
  if (!HasEffectiveDate(event.payload_case())) {
    if (event.has_effective_date()) {
      problems.Add({.field = "effective_date",
                    .message = "this kind of fact has no effective date",
                    .remedy = "leave the field out"});
    }
    return;
  }
  if (!event.has_effective_date()) {
    problems.Add({.field = "effective_date",
                  .message = "it is missing",
                  .remedy = "give the day that the fact speaks about"});
    return;
  }
  const absl::StatusOr<absl::CivilDay> day = ToCivilDay(event.effective_date());
  if (!day.ok()) {
    problems.Add({.field = "effective_date",
                  .value = event.effective_date().ShortDebugString(),
                  .message = std::string(day.status().message()),
                  .remedy = "give a day of the calendar"});
    return;
  }
  if (fiscal_year == 0) return;
  if (*day < FirstDay(fiscal_year) || *day > LastDay(fiscal_year)) {
    problems.Add(
        {.field = "effective_date",
         .value = FormatDay(*day),
         .message = absl::StrCat("it is outside fiscal year ", fiscal_year),
         .remedy = absl::StrCat(
             "use a day from ", FormatDay(FirstDay(fiscal_year)), " to ",
             FormatDay(LastDay(fiscal_year)),
             "; put vouchers of the settlement period on the last day and "
             "earlier documents on the first, with their document date")});
  }
}

absl::StatusOr<ResourceName> ParseSubject(
    const std::string& subject, std::optional<ResourceName::Kind> kind) {
  if (kind.has_value()) return ResourceName::Parse(subject, *kind);
  ASSIGN_OR_RETURN(ResourceName name, ResourceName::Parse(subject));
  if (name.kind() != ResourceName::Kind::kLedger) return name;
  return absl::InvalidArgumentError(
      "no event about a ledger has personal data");
}

// Answers the fiscal year of the subject, 0 when there is none.
int CheckSubject(const v1::Event& event, absl::string_view ledger,
                 ProblemList& problems) {
  const absl::StatusOr<ResourceName> subject =
      ParseSubject(event.subject(), SubjectKind(event.payload_case()));
  if (!subject.ok()) {
    problems.Add({.field = "subject",
                  .value = event.subject(),
                  .message = std::string(subject.status().message()),
                  .remedy = "name the subject that this payload asks for"});
    return 0;
  }
  if (subject->LedgerString() != ledger) {
    problems.Add(
        {.field = "subject",
         .value = event.subject(),
         .message = absl::StrCat("it belongs to another ledger than ", ledger),
         .remedy = "send the event to the ledger that its subject names"});
  }
  return subject->fiscal_year();
}

void CheckEnvelope(const v1::Event& event, absl::string_view ledger,
                   ProblemList& problems) {
  if (event.payload_case() == v1::Event::PAYLOAD_NOT_SET) {
    problems.Add({.field = "payload",
                  .message = "the event says nothing that this server knows",
                  .remedy = "set exactly one payload, such as "
                            "expenditure_recorded"});
    return;
  }
  CheckEffectiveDate(event, CheckSubject(event, ledger, problems), problems);
  if (event.has_document_date()) {
    const absl::StatusOr<absl::CivilDay> day =
        ToCivilDay(event.document_date());
    if (!day.ok()) {
      problems.Add({.field = "document_date",
                    .value = event.document_date().ShortDebugString(),
                    .message = std::string(day.status().message()),
                    .remedy = "give a day of the calendar"});
    }
  }
  CheckCorrection(event, problems);
  CheckPayload(event, problems);
}

}  // namespace

std::vector<v1::Problem> CheckWellFormed(const v1::EventInput& input,
                                         absl::string_view ledger) {
  return CheckWellFormed(input,
                         {input.event().SerializeAsString(),
                          input.personal_data().SerializeAsString()},
                         ledger);
}

std::vector<v1::Problem> CheckWellFormed(const v1::EventInput& input,
                                         const InputBytes& bytes,
                                         absl::string_view ledger) {
  std::vector<v1::Problem> problems;
  if (bytes.event.size() > event_bytes_max) {
    problems.push_back(MakeProblem(
        {.field = "event",
         .value = input.event().event_id(),
         .message = absl::StrCat("it has ", bytes.event.size(), " bytes"),
         .remedy = absl::StrCat("an event has at most ", event_bytes_max,
                                " bytes; split longer text into sections")}));
  }
  GenericCheck check(problems);
  static const auto* const names =
      new std::array<std::string, 3>{"input", "event", "personal_data"};
  check.VisitUnknownFields(input, {nullptr, (*names)[0]});
  // Most events are in order, which their bytes tell soonest.
  const TypeRules& event_rules = RulesOf(*v1::Event::descriptor());
  if (!IsInOrder(bytes.event, event_rules)) {
    check.Visit(input.event(), event_rules, {nullptr, (*names)[1]});
  }
  const TypeRules& personal_rules = RulesOf(*v1::PersonalData::descriptor());
  if (!IsInOrder(bytes.personal_data, personal_rules)) {
    check.Visit(input.personal_data(), personal_rules, {nullptr, (*names)[2]});
  }
  ProblemList list;
  CheckEnvelope(input.event(), ledger, list);
  for (v1::Problem& problem : list.Take()) {
    problems.push_back(std::move(problem));
  }
  return problems;
}

std::vector<v1::Problem> CheckSource(absl::string_view source) {
  if (!source.empty() && source.size() <= id_bytes_max &&
      !HasControlCharacter(source)) {
    return {};
  }
  return {MakeProblem(
      {.field = "source",
       .value = std::string(source),
       .message = source.empty() ? "it is empty" : "it is no name of a source",
       .remedy = "name the system that states the events, 1 to 64 bytes "
                 "without control characters"})};
}

std::optional<v1::Problem> CheckMayState(const v1::Event& event) {
  if (!event.has_key_rotated()) return std::nullopt;
  return MakeProblem(
      {.code = absl::StatusCode::kPermissionDenied,
       .field = "event.key_rotated",
       .message = "the server alone records that a key was rotated",
       .remedy = "leave it out; an operator rotates the key with: daybook "
                 "admin rotate-key LEDGER --reason=TEXT"});
}

}  // namespace daybook
