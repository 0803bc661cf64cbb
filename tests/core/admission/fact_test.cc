// Facts as they are stored: the key says what the bytes are.

#include "core/admission/fact.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/admission/fact_keys.h"

namespace daybook {
namespace {

TEST(FactTest, EachKindComesBackUnderItsKey) {
  internal::SubjectFact subject;
  subject.set_last_position(7);
  internal::OpenedFact opened;
  opened.set_form("form");
  internal::BucketFact bucket;
  bucket.set_number(3);
  internal::IndicatorFact indicator;
  indicator.set_scale_max(2);
  internal::TakenFact taken;
  taken.add_steps()->set_fen(-5);
  internal::ReversedFact reversed;
  reversed.set_reversed_by(9);
  v1::EventIdentity payment;
  payment.set_source("s");
  payment.set_event_id("e");
  const std::vector<std::pair<std::string, Fact>> facts = {
      {SubjectKey("ledgers/1"), subject},
      {OpenedKey("ledgers/1"), opened},
      {BucketFactKey("ledgers/1", "9"), bucket},
      {ProjectKey("ledgers/1", "p"), internal::ProjectFact()},
      {IndicatorKey("ledgers/1", "i"), indicator},
      {TakenKey(payment), taken},
      {ReversedKey(Position(4)), reversed}};
  for (const auto& [key, fact] : facts) {
    const auto read = ParseFact(key, FactBytes(fact));
    ASSERT_TRUE(read.ok()) << key << " " << read.status();
    EXPECT_EQ(read->index(), fact.index()) << key;
    EXPECT_EQ(FactBytes(*read), FactBytes(fact)) << key;
  }
}

TEST(FactTest, BytesThatAreNoneAreDamage) {
  EXPECT_TRUE(absl::IsDataLoss(ParseFact(SubjectKey("a"), "\xff").status()));
  EXPECT_TRUE(absl::IsDataLoss(ParseFact("answered_time", "").status()));
  EXPECT_TRUE(ParseFact(SubjectKey("a"), "").ok());
}

}  // namespace
}  // namespace daybook
