// PendingLineage: what is due, what is let go of, and what is taken back.

#include "services/engine/pending_lineage.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/report/lineage_block.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook::services {
namespace {

class PendingLineageTest : public ::testing::Test {
 protected:
  // A row of fen, which takes 3 to 5 bytes.
  void Add(PendingLineage& pending, const std::string& subject, uint32_t bucket,
           uint64_t position, bool at_once = false) {
    PendingLineage::Subject& found = pending.FindOrAdd(subject);
    PendingLineage::Tail* tail = pending.FindTail(found, bucket);
    if (tail == nullptr) tail = &pending.SetTail(found, bucket, {});
    if (tail->rows == 0 || tail->rows == block_rows_max) {
      pending.BeginBlock(found, bucket, *tail, Position(position), "h",
                         at_once);
    }
    pending.Add(found, bucket, *tail, {Position(position), 1, {5, 1}}, at_once);
  }

  static std::string Copy(const PendingLineage& pending,
                          const std::string& subject) {
    LineageOverlay overlay;
    pending.CopyTo(subject, overlay);
    std::string copy;
    for (const LineageOverlay::Part& part : overlay.parts) {
      absl::StrAppend(&copy, part.bucket, "@", part.first.value(), "+",
                      part.stored_bytes, ":", part.size, " ");
    }
    return copy;
  }

  // A group of one row.
  void AddGroup(PendingLineage& pending, const std::string& subject,
                uint32_t bucket, uint64_t position) {
    pending.BeginGroup();
    Add(pending, subject, bucket, position);
    pending.Written(0);
  }
};

TEST_F(PendingLineageTest, TheOldestIsDueSoThatTheRestIsWithinTheLimit) {
  PendingLineage pending({.rows_max = 3});
  AddGroup(pending, "a", 0, 10);
  AddGroup(pending, "b", 0, 11);
  AddGroup(pending, "a", 0, 12);
  EXPECT_EQ(pending.CountDue(LogSize(13)), 0u);
  EXPECT_EQ(pending.StoredSize(0, LogSize(13)), LogSize(10));
  AddGroup(pending, "b", 1, 13);
  // Two rows of the first block.
  EXPECT_EQ(pending.CountDue(LogSize(14)), 1u);
  EXPECT_EQ(pending.StoredSize(1, LogSize(14)), LogSize(11));
  EXPECT_EQ(pending.Due(1)[0]->rows, 2u);
  pending.BeginGroup();
  pending.Written(1);
  EXPECT_EQ(pending.rows(), 2u);
  EXPECT_EQ(Copy(pending, "a"), "");
  EXPECT_EQ(Copy(pending, "b"), "0@11+0:4 1@13+0:4 ");
  // It waits again, behind what is stored of it.
  AddGroup(pending, "a", 0, 14);
  EXPECT_EQ(Copy(pending, "a"), "0@10+7:3 ");
  EXPECT_EQ(pending.StoredSize(pending.count(), LogSize(15)), LogSize(15));
}

TEST_F(PendingLineageTest, BytesAndEntriesAreLimitsToo) {
  PendingLineage few_bytes({.bytes_max = 9});
  for (uint64_t i = 0; i < 3; ++i) {
    AddGroup(few_bytes, "a", static_cast<uint32_t>(i), i);
  }
  EXPECT_EQ(few_bytes.bytes(), 12u);
  EXPECT_EQ(few_bytes.CountDue(LogSize(3)), 1u);
  PendingLineage few_entries({.entries_max = 100});
  AddGroup(few_entries, "a", 0, 10);
  AddGroup(few_entries, "a", 1, 20);
  EXPECT_EQ(few_entries.CountDue(LogSize(110)), 0u);
  EXPECT_EQ(few_entries.CountDue(LogSize(111)), 1u);
  EXPECT_EQ(few_entries.CountDue(LogSize(121)), 2u);
}

TEST_F(PendingLineageTest, AGroupIsTakenBackWhole) {
  PendingLineage pending({});
  AddGroup(pending, "a", 0, 10);
  for (uint64_t i = 0; i < block_rows_max - 1; ++i) {
    AddGroup(pending, "a", 1, 11 + i);
  }
  const std::string before = Copy(pending, "a");
  const size_t bytes = pending.bytes();
  for (int i = 0; i < 2; ++i) {
    pending.BeginGroup();
    // Rows of known and new buckets, past a block's end, and one at once.
    Add(pending, "a", 0, 2'000);
    Add(pending, "a", 1, 2'000);
    Add(pending, "a", 1, 2'001);
    Add(pending, "a", 2, 2'002);
    Add(pending, "b", 0, 2'003);
    Add(pending, "b", 1, 2'004, true);
    EXPECT_EQ(pending.Due(0).size(), 1u);
    EXPECT_NE(Copy(pending, "a"), before);
    EXPECT_EQ(Copy(pending, "b"), "0@2003+0:4 ");
    pending.TakeBack();
    EXPECT_EQ(Copy(pending, "a"), before);
    EXPECT_EQ(Copy(pending, "b"), "");
    EXPECT_EQ(pending.bytes(), bytes);
    EXPECT_EQ(pending.rows(), block_rows_max);
    EXPECT_EQ(pending.count(), 2u);
    EXPECT_EQ(pending.Due(0).size(), 0u);
  }
  // The last row of the block that the group would have filled.
  AddGroup(pending, "a", 1, 3'000);
  AddGroup(pending, "a", 1, 3'001);
  EXPECT_EQ(pending.count(), 3u);
}

TEST_F(PendingLineageTest, TailsOfWhichNothingWaitsAreLetGoOf) {
  PendingLineage pending({.tails_max = 10});
  for (uint64_t i = 0; i < 40; ++i) {
    pending.BeginGroup();
    Add(pending, absl::StrCat(i % 4), static_cast<uint32_t>(i), i);
    pending.Written(pending.count() > 5 ? 1 : 0);
    EXPECT_LE(pending.tails(), 11u);
    EXPECT_LE(pending.count(), 6u);
  }
  // Those that wait are there.
  pending.BeginGroup();
  for (const PendingLineage::Block* const block :
       pending.Due(pending.count())) {
    const PendingLineage::Tail* const tail =
        pending.FindTail(*block->subject, block->bucket);
    ASSERT_NE(tail, nullptr);
    EXPECT_EQ(tail->waiting, block);
  }
}

}  // namespace
}  // namespace daybook::services
