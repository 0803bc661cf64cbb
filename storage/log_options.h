// How RocksDB is set up for a log, each choice with its reason in
// log_options.cc.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_STORAGE_LOG_OPTIONS_H_
#define DAYBOOK_STORAGE_LOG_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "storage/event_log.h"

namespace daybook::storage {

// For one log. `create`: make what is missing; otherwise what is missing is an
// error.
rocksdb::DBOptions MakeDatabaseOptions(bool create,
                                       const SharedResources::Impl& shared);

// The column families in the order of their handles: the size row's, which
// RocksDB insists on calling "default", then `entries`, then each Space; the
// two generations of a Space are two column families.
enum Family : size_t {
  kMetaFamily,
  kEntriesFamily,
  kFactFamily,
  kPersonalFamily,
  kLineageFamily,
  kSecondFactFamily,
  kSecondLineageFamily,
  kSourceFamily,
  kTreeFamily,
  kCheckpointFamily,
};

// Of a space while so many switches of the generation were made.
Family FamilyOf(Space space, uint64_t generation);

// In the order of Family.
std::vector<rocksdb::ColumnFamilyDescriptor> MakeColumnFamilies(
    const SharedResources::Impl& shared);

// What an acknowledged write is written with.
rocksdb::WriteOptions DurableWrite();

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_LOG_OPTIONS_H_
