// TypeRules: what the descriptors and the one table say of a field.

#include "core/admission/type_rules.h"

#include <gtest/gtest.h>

#include <bit>
#include <string>

#include "daybook/v1/event.pb.h"

namespace daybook {
namespace {

const TypeRules::Field* FieldNamed(const TypeRules& rules,
                                   const std::string& name) {
  for (const TypeRules::Field& field : rules.fields) {
    if (field.field->name() == name) return &field;
  }
  return nullptr;
}

TEST(TypeRulesTest, AFieldHasTheLimitOfTheTableOrTheUsualOne) {
  const TypeRules& event = RulesOf(*v1::Event::descriptor());
  EXPECT_EQ(FieldNamed(event, "event_id")->rule.bytes_max, 64u);
  EXPECT_TRUE(FieldNamed(event, "event_id")->rule.required);
  EXPECT_EQ(FieldNamed(event, "subject")->rule.bytes_max, 256u);
  EXPECT_FALSE(FieldNamed(event, "subject")->rule.required);
}

TEST(TypeRulesTest, PersonalDataAndLongerTextAreToldApart) {
  const TypeRules& personal = RulesOf(*v1::PersonalData::descriptor());
  EXPECT_TRUE(FieldNamed(personal, "payee")->personal);
  const TypeRules& correction = RulesOf(*v1::Correction::descriptor());
  EXPECT_TRUE(FieldNamed(correction, "reason")->lines);
  EXPECT_FALSE(FieldNamed(correction, "approver")->lines);
  EXPECT_FALSE(FieldNamed(correction, "approver")->personal);
}

TEST(TypeRulesTest, EveryFieldIsKnownByItsNumberAndNoOther) {
  using Kind = TypeRules::Wire::Kind;
  const TypeRules& rules = RulesOf(*v1::Event::descriptor());
  size_t known = 0;
  for (const TypeRules::Wire& wire : rules.wire) {
    if (wire.kind == Kind::kUnknown) continue;
    ++known;
    const bool has_rules =
        wire.kind == Kind::kString || wire.kind == Kind::kMessage;
    EXPECT_EQ(wire.field != nullptr, has_rules);
  }
  EXPECT_EQ(known, static_cast<size_t>(v1::Event::descriptor()->field_count()));
  EXPECT_EQ(rules.wire[0].kind, Kind::kUnknown);
  // event_id alone must be there.
  EXPECT_EQ(std::popcount(rules.required), 1);
}

TEST(TypeRulesTest, BlankIsNothingButSpaces) {
  EXPECT_TRUE(IsBlank(""));
  EXPECT_TRUE(IsBlank("  "));
  EXPECT_FALSE(IsBlank(" a "));
}

}  // namespace
}  // namespace daybook
