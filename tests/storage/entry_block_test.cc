#include "storage/entry_block.h"

#include <vector>

#include "gtest/gtest.h"

namespace daybook::storage {
namespace {

TEST(EntryBlockTest, EntriesComeBackAsTheyWentInWhateverTheirLength) {
  std::vector<std::string> entries;
  for (const size_t length : {0u, 1u, 127u, 128u, 16'383u, 16'384u, 65'535u}) {
    entries.push_back(std::string(length, static_cast<char>(length % 251)));
  }
  std::string block;
  for (const std::string& entry : entries) AppendToBlock(entry, block);
  BlockReader reader(block);
  for (const std::string& entry : entries) EXPECT_EQ(reader.Next(), entry);
  EXPECT_EQ(reader.Next(), std::nullopt);
  EXPECT_TRUE(reader.at_end());
  EXPECT_EQ(CountInBlock(block), entries.size());
}

TEST(EntryBlockTest, WhatEndsEarlyIsNoBlock) {
  std::string block;
  AppendToBlock(std::string(200, 'x'), block);
  AppendToBlock("y", block);
  for (size_t end = 0; end < block.size(); ++end) {
    const auto count = CountInBlock(absl::string_view(block).substr(0, end));
    if (end == 202) {
      EXPECT_EQ(count, 1u);
    } else {
      EXPECT_EQ(count, std::nullopt) << end;
    }
  }
}

TEST(EntryBlockTest, LengthThatIsNoNumberIsNoBlock) {
  EXPECT_EQ(CountInBlock(std::string(10, '\xff')), std::nullopt);
  EXPECT_EQ(CountInBlock(absl::string_view("\x05"
                                           "abc")),
            std::nullopt);
}

}  // namespace
}  // namespace daybook::storage
