// What LedgerRegistry promises: ledgers are created once, found by their ids,
// and listed in order.

#include "services/engine/ledger_registry.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/engine/engine_fixture.h"

namespace daybook::services {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using LedgerRegistryTest = EngineTest;

std::vector<std::string> Names(const std::vector<v1::Ledger>& ledgers) {
  std::vector<std::string> names;
  for (const v1::Ledger& ledger : ledgers) names.push_back(ledger.name());
  return names;
}

TEST_F(LedgerRegistryTest, CreatedLedgerSaysWhatItIs) {
  const auto ledger = registry_->Create("A-1", "example.gov/ledgers/a-1");
  ASSERT_TRUE(ledger.ok()) << ledger.status();
  EXPECT_EQ(ledger->name(), "ledgers/A-1");
  EXPECT_EQ(ledger->origin(), "example.gov/ledgers/a-1");
  EXPECT_EQ(ledger->size(), 1u);
  EXPECT_EQ((*registry_->Find("A-1"))->ledger(), "ledgers/A-1");
}

TEST_F(LedgerRegistryTest, LedgerIsCreatedOnce) {
  Append(Opening());
  EXPECT_EQ(registry_->Create(kLedgerId, "other.example").status().code(),
            StatusCode::kAlreadyExists);
  Reopen();
  EXPECT_EQ(registry_->Create(kLedgerId, "").status().code(),
            StatusCode::kAlreadyExists);
  EXPECT_EQ(engine_->size(), LogSize(3));
}

TEST_F(LedgerRegistryTest, MalformedIdsAndOriginsAreRefused) {
  for (const std::string id : {"", "a/b", "..", "株洲", "a b"}) {
    EXPECT_EQ(registry_->Create(id, "").status().code(),
              StatusCode::kInvalidArgument)
        << id;
  }
  EXPECT_TRUE(registry_->Create(std::string(32, 'x'), "").ok());
  EXPECT_EQ(registry_->Create(std::string(33, 'x'), "").status().code(),
            StatusCode::kInvalidArgument);
  for (const std::string& origin :
       {std::string("a b"), std::string("a+b"), std::string("https://a"),
        std::string("a\nb"), std::string(129, 'x')}) {
    EXPECT_EQ(registry_->Create("good", origin).status().code(),
              StatusCode::kInvalidArgument)
        << origin;
  }
  EXPECT_TRUE(registry_->Create("good", std::string(128, 'x')).ok());
}

TEST_F(LedgerRegistryTest, UnknownLedgerIsNotFoundWithWhatToDo) {
  const auto missing = registry_->Find("999999");
  EXPECT_EQ(missing.status().code(), StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.status().message()),
              HasSubstr("daybook ledger create 999999"));
}

TEST_F(LedgerRegistryTest, LedgersAreListedInOrderAfterAnId) {
  ASSERT_TRUE(registry_->Create("200000", "").ok());
  ASSERT_TRUE(registry_->Create("900000", "").ok());
  EXPECT_THAT(
      Names(*registry_->List("", 10)),
      ElementsAre("ledgers/200000", "ledgers/430203", "ledgers/900000"));
  EXPECT_THAT(Names(*registry_->List("200000", 1)),
              ElementsAre("ledgers/430203"));
  EXPECT_THAT(Names(*registry_->List("900000", 1)), ElementsAre());
}

}  // namespace
}  // namespace daybook::services
