// The personal data of an export: its bytes, and that it is compared with the
// commitments.

#include "clients/audit/personal_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "tests/support/status_matchers.h"

namespace daybook::audit {
namespace {

using testing::StatusIs;

PersonalRow Row(uint32_t place) {
  PersonalRow row{place, "0123456789abcdef", {}};
  row.data.set_payee("张三");
  return row;
}

TEST(PersonalFileTest, BytesAreThoseOfTheFormat) {
  EXPECT_EQ(absl::BytesToHexString(FormatPersonalFile({Row(3)})),
            "03"
            "30313233343536373839616263646566"
            "00000008"
            "0a06"
            "e5bca0e4b889");
}

TEST(PersonalFileTest, RowsComeBack) {
  const std::string bytes = FormatPersonalFile({Row(0), Row(7), Row(255)});
  const auto rows = ParsePersonalFile(bytes);
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ(FormatPersonalFile(*rows), bytes);
  EXPECT_EQ(rows->size(), 3u);
}

TEST(PersonalFileTest, WhatIsNoFileIsRefused) {
  const std::string bytes = FormatPersonalFile({Row(0), Row(7)});
  for (size_t size = 1; size < bytes.size(); ++size) {
    if (size == bytes.size() / 2) continue;
    EXPECT_THAT(ParsePersonalFile(bytes.substr(0, size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_FALSE(ParsePersonalFile(FormatPersonalFile({Row(7), Row(7)})).ok());
  EXPECT_FALSE(ParsePersonalFile(FormatPersonalFile({Row(7), Row(2)})).ok());
}

TEST(PersonalFileTest, PathsHaveOneSpelling) {
  EXPECT_EQ(PersonalPath(merkle::TileIndex(1'234)), "personal/x001/234");
  EXPECT_EQ(*ParsePersonalPath("personal/x001/234"), merkle::TileIndex(1'234));
  for (const char* path : {"personal/234.p/3", "personal/1", "personal/",
                           "tile/entries/000", "personal/checkpoint"}) {
    EXPECT_FALSE(ParsePersonalPath(path).ok()) << path;
  }
}

}  // namespace
}  // namespace daybook::audit
