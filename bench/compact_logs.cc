// Compacts every log of a data directory whose server is stopped, as far as
// RocksDB ever would, so that its size can be compared. RocksDB's own `ldb` can
// not: it does not know how values of the lineage are merged.
//
// usage: compact_logs DATA_DIR

#include <rocksdb/db.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/check.h"
#include "storage/event_log.h"
#include "storage/log_options.h"
#include "storage/shared_resources.h"

namespace daybook::bench {
namespace {

void Check(const rocksdb::Status& status) {
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  DAYBOOK_CHECK(status.ok());
}

void Compact(const std::string& folder, storage::SharedResources& shared) {
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  Check(rocksdb::DB::Open(storage::MakeDatabaseOptions(false, shared.impl()),
                          folder, storage::MakeColumnFamilies(shared.impl()),
                          &handles, &opened));
  const std::unique_ptr<rocksdb::DB> db(opened);
  Check(db->Flush(rocksdb::FlushOptions(), handles));
  rocksdb::CompactRangeOptions how;
  how.bottommost_level_compaction =
      rocksdb::BottommostLevelCompaction::kForceOptimized;
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    Check(db->CompactRange(how, handle, nullptr, nullptr));
  }
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    Check(db->DestroyColumnFamilyHandle(handle));
  }
  Check(db->Close());
}

}  // namespace
}  // namespace daybook::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: compact_logs DATA_DIR\n");
    return 2;
  }
  daybook::storage::SharedResources shared;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(argv[1])) {
    if (file.path().filename() == "CURRENT") {
      daybook::bench::Compact(file.path().parent_path(), shared);
    }
  }
  return 0;
}
