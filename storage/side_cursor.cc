#include <utility>

#include "storage/event_log.h"
#include "storage/rocksdb_status.h"
#include "storage/side_cursor_impl.h"

namespace daybook::storage {

SideCursor::SideCursor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SideCursor::~SideCursor() = default;

void SideCursor::Seek(absl::string_view key) {
  impl_->row->Seek(rocksdb::Slice(key.data(), key.size()));
}

void SideCursor::SeekBack(absl::string_view key) {
  impl_->row->SeekForPrev(rocksdb::Slice(key.data(), key.size()));
}

void SideCursor::Next() { impl_->row->Next(); }

void SideCursor::Previous() { impl_->row->Prev(); }

bool SideCursor::valid() const { return impl_->row->Valid(); }

absl::string_view SideCursor::key() const {
  return absl::string_view(impl_->row->key().data(), impl_->row->key().size());
}

absl::string_view SideCursor::value() const {
  return absl::string_view(impl_->row->value().data(),
                           impl_->row->value().size());
}

absl::Status SideCursor::status() const {
  return ToStatus(impl_->row->status(), impl_->description, restore_log);
}

}  // namespace daybook::storage
