// ResourceName: the three kinds of names, and what is none.

#include "core/budget/resource_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/status_matchers.h"

namespace daybook {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using Kind = ResourceName::Kind;

TEST(ResourceNameTest, ReadsAndWritesEachKind) {
  for (const char* text :
       {"ledgers/430203", "ledgers/430203/departments/115001",
        "ledgers/430203/departments/115001/reports/2024"}) {
    EXPECT_EQ(ResourceName::Parse(text)->ToString(), text);
  }
}

TEST(ResourceNameTest, KnowsItsParts) {
  const auto name =
      *ResourceName::Parse("ledgers/a/departments/b/reports/2024");
  EXPECT_EQ(name.kind(), Kind::kReport);
  EXPECT_EQ(name.ledger(), "a");
  EXPECT_EQ(name.department(), "b");
  EXPECT_EQ(name.fiscal_year(), 2024);
  EXPECT_EQ(name.LedgerString(), "ledgers/a");
  EXPECT_EQ(name.DepartmentString(), "ledgers/a/departments/b");
}

TEST(ResourceNameTest, WhatIsNoNameIsRefused) {
  for (const char* text :
       {"", "ledgers", "ledgers/", "ledger/1", "ledgers/1/", "ledgers/a b",
        "ledgers/1/departments", "ledgers/1/units/2",
        "ledgers/1/departments/2/reports/24",
        "ledgers/1/departments/2/reports/1948",
        "ledgers/1/departments/2/reports/202x",
        "ledgers/1/departments/2/reports/2024/x", "/ledgers/1",
        "ledgers/../etc"}) {
    EXPECT_THAT(ResourceName::Parse(text).status(),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

TEST(ResourceNameTest, AnIdHasAtMost32Characters) {
  EXPECT_TRUE(IsResourceId(std::string(32, 'a')));
  EXPECT_FALSE(IsResourceId(std::string(33, 'a')));
  EXPECT_FALSE(IsResourceId(""));
  EXPECT_FALSE(IsResourceId("部门"));
}

TEST(ResourceNameTest, AnotherKindThanAskedForIsRefused) {
  EXPECT_THAT(ResourceName::Parse("ledgers/1", Kind::kReport).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("must name a report")));
}

}  // namespace
}  // namespace daybook
