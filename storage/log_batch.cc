#include "storage/log_batch.h"

#include "core/base/check.h"
#include "storage/entry_block.h"
#include "storage/log_options.h"
#include "storage/number_codec.h"

namespace daybook::storage {
namespace {

bool IsAppendedTo(Space space) {
  return space == Space::kLineage || space == Space::kNextLineage;
}

bool IsDeletedSingly(Space space) {
  return space == Space::kPersonal || space == Space::kCheckpoint;
}

}  // namespace

size_t BatchBytes(const LogBatch& what) {
  // Header of the batch, the size row, and lengths, tags and keys of rows.
  constexpr size_t fixed_bytes = 64;
  constexpr size_t row_bytes = 24;
  constexpr size_t length_bytes = 4;
  size_t bytes = fixed_bytes;
  for (const std::string& entry : what.entries) {
    bytes += length_bytes + entry.size();
  }
  bytes += bytes / block_bytes_full * row_bytes;
  for (const SideWrite& write : what.side_writes) {
    bytes += row_bytes + write.key.size();
    if (write.value.has_value()) bytes += write.value->size();
  }
  return bytes;
}

rocksdb::Status FillBatch(const LogBatch& what, rocksdb::WriteBatch& batch) {
  uint64_t position = what.first;
  rocksdb::Status status;
  for (size_t i = 0; i < what.entries.size();) {
    const uint64_t begin = position;
    std::string block;
    do {
      AppendToBlock(what.entries[i++], block);
      ++position;
    } while (i < what.entries.size() && block.size() < block_bytes_full);
    status =
        batch.Put(what.families[kEntriesFamily], EncodeNumber(begin), block);
    if (!status.ok()) return status;
  }
  for (const SideWrite& write : what.side_writes) {
    rocksdb::ColumnFamilyHandle* const family =
        what.families[FamilyOf(write.space, what.generation)];
    DAYBOOK_CHECK(write.value.has_value() || IsDeletedSingly(write.space));
    DAYBOOK_CHECK(!write.append || IsAppendedTo(write.space));
    if (!write.value.has_value()) {
      status = batch.Delete(family, write.key);
    } else if (write.append) {
      status = batch.Merge(family, write.key, *write.value);
    } else {
      status = batch.Put(family, write.key, *write.value);
    }
    if (!status.ok()) return status;
  }
  return batch.Put(what.families[kMetaFamily], size_key,
                   EncodeNumber(position));
}

}  // namespace daybook::storage
