#include "tests/support/stopped_log.h"

#include "core/base/check.h"
#include "rocksdb/db.h"
#include "storage/event_log.h"
#include "storage/log_options.h"
#include "storage/shared_resources.h"

namespace daybook::testing {
namespace {

rocksdb::Slice ToSlice(absl::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

struct StoppedLog::Impl {
  rocksdb::ColumnFamilyHandle* Find(absl::string_view family) const {
    for (rocksdb::ColumnFamilyHandle* handle : families) {
      if (handle->GetName() == family) return handle;
    }
    DAYBOOK_CHECK(false);
  }

  storage::SharedResources shared;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  std::unique_ptr<rocksdb::DB> db;
};

StoppedLog::StoppedLog(const std::filesystem::path& directory)
    : impl_(std::make_unique<Impl>()) {
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(
      storage::MakeDatabaseOptions(false, impl_->shared.impl()),
      directory / "rocksdb", storage::MakeColumnFamilies(impl_->shared.impl()),
      &impl_->families, &db);
  DAYBOOK_CHECK(opened.ok());
  impl_->db.reset(db);
}

StoppedLog::~StoppedLog() {
  for (rocksdb::ColumnFamilyHandle* family : impl_->families) {
    impl_->db->DestroyColumnFamilyHandle(family);
  }
  DAYBOOK_CHECK(impl_->db->Close().ok());
}

std::vector<StoppedLog::Row> StoppedLog::Rows(absl::string_view family) const {
  std::vector<Row> rows;
  const std::unique_ptr<rocksdb::Iterator> row(
      impl_->db->NewIterator(rocksdb::ReadOptions(), impl_->Find(family)));
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    rows.emplace_back(row->key().ToString(), row->value().ToString());
  }
  DAYBOOK_CHECK(row->status().ok());
  return rows;
}

void StoppedLog::Put(absl::string_view family, absl::string_view key,
                     absl::string_view value) {
  DAYBOOK_CHECK(impl_->db
                    ->Put(storage::DurableWrite(), impl_->Find(family),
                          ToSlice(key), ToSlice(value))
                    .ok());
}

void StoppedLog::Delete(absl::string_view family, absl::string_view key) {
  DAYBOOK_CHECK(
      impl_->db
          ->Delete(storage::DurableWrite(), impl_->Find(family), ToSlice(key))
          .ok());
}

}  // namespace daybook::testing
