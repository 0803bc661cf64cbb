#include "services/engine/lineage_writer.h"

#include <map>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/report/lineage_block.h"
#include "services/engine/entry_codec.h"
#include "services/engine/lineage_keys.h"

namespace daybook::services {

using storage::SideWrite;
using storage::Space;

struct LineageWriter::Growth {
  std::string prefix;
  Tail tail;
  // All of the group, so that a block can begin with what is before it.
  std::vector<MoneyRow> rows;
  // What is not in `writes` yet: a part of the block that `tail` describes.
  std::string bytes;
  bool is_new_block = false;

  void Flush(Space space, std::vector<SideWrite>& writes) {
    if (bytes.empty()) return;
    writes.push_back({space, absl::StrCat(prefix, PositionBytes(tail.first)),
                      std::move(bytes), !is_new_block});
    bytes.clear();
    is_new_block = false;
  }
};

absl::Status LineageWriter::Write(const std::vector<PlacedPosting>& postings,
                                  std::vector<SideWrite>& writes) {
  if (tails_.size() > tails_max) tails_.clear();
  std::map<std::pair<absl::string_view, uint32_t>, Growth> growths;
  for (const PlacedPosting& placed : postings) {
    const Posting& posting = placed.posting;
    if (posting.stated.has_value()) {
      writes.push_back({space_, StatedKey(placed.subject, posting.position),
                        posting.stated->row.SerializeAsString()});
    }
    DAYBOOK_CHECK(placed.buckets.size() == posting.money.size());
    for (size_t i = 0; i < posting.money.size(); ++i) {
      const PlacedBucket& bucket = placed.buckets[i];
      const MoneyPosting& money = posting.money[i];
      if (bucket.is_new) {
        writes.push_back(
            {space_, DefinitionKey(placed.subject, bucket.number),
             absl::StrCat(PositionBytes(posting.position), money.bucket_key)});
      }
      const auto [place, added] =
          growths.try_emplace({placed.subject, bucket.number});
      Growth& growth = place->second;
      if (added) {
        growth.prefix = BlockPrefix(placed.subject, bucket.number);
        if (!bucket.is_new) {
          ASSIGN_OR_RETURN(growth.tail, FindTail(growth));
        }
      }
      RETURN_IF_ERROR(Grow(growth, money.row, writes));
    }
  }
  for (auto& [bucket, growth] : growths) {
    growth.Flush(space_, writes);
    tails_[growth.prefix] = growth.tail;
  }
  return absl::OkStatus();
}

absl::Status LineageWriter::Grow(Growth& growth, const MoneyRow& row,
                                 std::vector<SideWrite>& writes) {
  if (growth.tail.rows == 0 || growth.tail.rows == block_rows_max) {
    ASSIGN_OR_RETURN(std::string header, HeaderAfter(growth));
    growth.Flush(space_, writes);
    growth.tail = {row.position, 0};
    growth.bytes = std::move(header);
    growth.is_new_block = true;
  }
  growth.bytes += BlockRow(row, growth.tail.first);
  growth.rows.push_back(row);
  ++growth.tail.rows;
  return absl::OkStatus();
}

absl::Status LineageWriter::ReadLastBlock(
    absl::string_view prefix,
    absl::FunctionRef<absl::Status(Position first, absl::string_view block)>
        visit) const {
  const auto cursor = log_.NewCursor(space_);
  cursor->SeekBack(absl::StrCat(prefix, PositionBytes(Position(UINT64_MAX))));
  if (!cursor->valid()) return cursor->status();
  if (!absl::StartsWith(cursor->key(), prefix)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Position first, PositionOfKey(cursor->key(), prefix));
  return visit(first, cursor->value());
}

absl::StatusOr<LineageWriter::Tail> LineageWriter::FindTail(
    const Growth& growth) const {
  const auto known = tails_.find(growth.prefix);
  if (known != tails_.end()) return known->second;
  Tail tail;
  RETURN_IF_ERROR(ReadLastBlock(
      growth.prefix, [&](Position first, absl::string_view block) {
        tail.first = first;
        return ReadBlock(
            block, first, [](DayOfYear, const DayTotal&) {},
            [&](const MoneyRow&) {
              ++tail.rows;
              return true;
            });
      }));
  return tail;
}

absl::StatusOr<std::string> LineageWriter::HeaderAfter(
    const Growth& growth) const {
  LineageSum sum;
  RETURN_IF_ERROR(ReadLastBlock(
      growth.prefix, [&](Position first, absl::string_view block) {
        return sum.AddBlock(block, first, Position(UINT64_MAX)).status();
      }));
  for (const MoneyRow& row : growth.rows) sum.Add(row);
  return sum.BlockHeader();
}

}  // namespace daybook::services
