#include "storage/hash_run_writer.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "rocksdb/env.h"
#include "storage/claimed_directory.h"
#include "storage/rocksdb_status.h"

namespace daybook::storage {
namespace {

constexpr size_t hash_bytes = sizeof(uint64_t);
constexpr size_t offset_bytes = sizeof(uint32_t);

uint64_t DivideUp(uint64_t number, uint64_t by) {
  return (number + by - 1) / by;
}

}  // namespace

HashRunWriter::HashRunWriter(const std::filesystem::path& path,
                             const RunShape& shape, rocksdb::Env& env)
    : path_(path),
      temporary_(path.string() + run_temporary_suffix),
      env_(env),
      shape_(shape),
      buffer_(run_chunk_bytes, '\0') {
  DAYBOOK_CHECK(shape_.first < shape_.limit);
  DAYBOOK_CHECK(shape_.entries() <= run_entries_max);
  shape_.home_pages = DivideUp(shape_.entries(), run_page_entries);
  shape_.filter_lines = DivideUp(shape_.entries(), filter_line_hashes);
}

absl::StatusOr<std::unique_ptr<HashRunWriter>> HashRunWriter::Create(
    const std::filesystem::path& path, const RunShape& shape,
    rocksdb::Env& env) {
  std::unique_ptr<HashRunWriter> writer(new HashRunWriter(path, shape, env));
  rocksdb::EnvOptions options;
  options.use_mmap_writes = false;
  RETURN_IF_ERROR(ToUnavailable(
      env.NewWritableFile(writer->temporary_, &writer->file_, options),
      writer->temporary_));
  return writer;
}

HashRunWriter::~HashRunWriter() {
  if (finished_) return;
  if (file_ != nullptr) file_->Close().PermitUncheckedError();
  // When it can not be removed, the next opening of the index does it.
  env_.DeleteFile(temporary_).PermitUncheckedError();
}

absl::Status HashRunWriter::Add(uint64_t hash, Position position) {
  DAYBOOK_CHECK(hash >= last_hash_);
  DAYBOOK_CHECK(position.value() - shape_.first < shape_.entries());
  last_hash_ = hash;
  const uint64_t home = PartOf(hash, shape_.home_pages);
  while (pages_ < home || page_entries_ == run_page_entries_max) {
    RETURN_IF_ERROR(EndDataPage());
  }
  const auto offset = static_cast<uint32_t>(position.value() - shape_.first);
  char* const page = Page();
  std::memcpy(page + offsetof(RunDataPage, hashes) + page_entries_ * hash_bytes,
              &hash, hash_bytes);
  std::memcpy(
      page + offsetof(RunDataPage, offsets) + page_entries_ * offset_bytes,
      &offset, offset_bytes);
  ++page_entries_;
  ++entries_;
  return absl::OkStatus();
}

absl::Status HashRunWriter::EndDataPage() {
  std::memcpy(Page() + offsetof(RunDataPage, count), &page_entries_,
              sizeof page_entries_);
  page_entries_ = 0;
  return EndPage();
}

absl::Status HashRunWriter::EndPage() {
  SealPage(shape_, pages_, Page());
  ++pages_;
  ++buffered_;
  if (buffered_ == run_chunk_pages) RETURN_IF_ERROR(WriteBuffer());
  std::memset(Page(), 0, run_page_bytes);
  return absl::OkStatus();
}

absl::Status HashRunWriter::WriteBuffer() {
  const size_t bytes = buffered_ * run_page_bytes;
  if (bytes == 0) return absl::OkStatus();
  const uint64_t begin = (pages_ - buffered_) * run_page_bytes;
  RETURN_IF_ERROR(ToUnavailable(
      file_->Append(rocksdb::Slice(buffer_.data(), bytes)), temporary_));
  buffered_ = 0;
  // The disk begins to write, so that a sync of the log does not wait behind
  // all of the run.
  return ToUnavailable(file_->RangeSync(begin, bytes), temporary_);
}

// The filter comes behind the entries, and a filter of millions is not kept in
// memory until they are written: their hashes are read back, in the order that
// the filter is made in.
absl::Status HashRunWriter::WriteFilter() {
  std::unique_ptr<rocksdb::SequentialFile> file;
  RETURN_IF_ERROR(ToUnavailable(
      env_.NewSequentialFile(temporary_, &file, rocksdb::EnvOptions()),
      temporary_));
  std::string chunk(run_chunk_bytes, '\0');
  for (uint64_t begin = 0; begin < shape_.data_pages;
       begin += run_chunk_pages) {
    const uint64_t count =
        std::min<uint64_t>(run_chunk_pages, shape_.data_pages - begin);
    rocksdb::Slice got;
    RETURN_IF_ERROR(ToUnavailable(
        file->Read(count * run_page_bytes, &got, chunk.data()), temporary_));
    for (uint64_t i = 0; i < count; ++i) {
      if (got.size() < run_page_bytes ||
          !PageIsSound(shape_, begin + i, got.data())) {
        return absl::UnavailableError(
            absl::StrCat(temporary_, ": page ", begin + i,
                         " does not read as it was written; check the disk, "
                         "then try again"));
      }
      RETURN_IF_ERROR(AddToFilter(got.data()));
      got.remove_prefix(run_page_bytes);
    }
  }
  while (pages_ < shape_.data_pages + shape_.filter_pages()) {
    RETURN_IF_ERROR(EndPage());
  }
  return absl::OkStatus();
}

absl::Status HashRunWriter::AddToFilter(const char* page) {
  uint32_t count = 0;
  std::memcpy(&count, page + offsetof(RunDataPage, count), sizeof count);
  DAYBOOK_CHECK(count <= run_page_entries_max);
  for (size_t i = 0; i < count; ++i) {
    uint64_t hash = 0;
    std::memcpy(&hash, page + offsetof(RunDataPage, hashes) + i * hash_bytes,
                hash_bytes);
    const uint64_t line = PartOf(hash, shape_.filter_lines);
    while (pages_ < shape_.data_pages + line / run_page_lines) {
      RETURN_IF_ERROR(EndPage());
    }
    AddToLine(hash, Page() + line % run_page_lines * filter_line_bytes);
  }
  return absl::OkStatus();
}

absl::Status HashRunWriter::Finish() {
  DAYBOOK_CHECK(entries_ == shape_.entries());
  do {
    RETURN_IF_ERROR(EndDataPage());
  } while (pages_ < shape_.home_pages);
  shape_.data_pages = pages_;
  RETURN_IF_ERROR(WriteBuffer());
  std::memset(Page(), 0, run_page_bytes);
  RETURN_IF_ERROR(WriteFilter());
  MakeFooter(shape_, Page());
  RETURN_IF_ERROR(EndPage());
  RETURN_IF_ERROR(WriteBuffer());
  RETURN_IF_ERROR(ToUnavailable(file_->Sync(), temporary_));
  RETURN_IF_ERROR(ToUnavailable(file_->Close(), temporary_));
  file_.reset();
  RETURN_IF_ERROR(
      ToUnavailable(env_.RenameFile(temporary_, path_), path_.string()));
  finished_ = true;
  return SyncDirectory(path_.parent_path(), env_);
}

}  // namespace daybook::storage
