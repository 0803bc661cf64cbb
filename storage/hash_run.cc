#include "storage/hash_run.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace daybook::storage {
namespace {

// How many hashes are asked at once: lines are fetched from memory while others
// are on their way.
constexpr size_t batch_max = 64;

absl::Status Refused(const std::filesystem::path& path, int error) {
  return absl::UnavailableError(
      absl::StrCat(path.string(), ": ", std::strerror(error),
                   "; check the disk and the permissions, then try again"));
}

absl::Status Damaged(const std::filesystem::path& path,
                     absl::string_view what) {
  return absl::DataLossError(absl::StrCat(path.string(), ": ", what,
                                          "; restart daybookd with --rebuild"));
}

}  // namespace

HashRun::HashRun(std::filesystem::path path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

HashRun::~HashRun() {
  if (map_ != nullptr) {
    ::munmap(const_cast<char*>(map_), static_cast<size_t>(shape_.bytes()));
  }
  ::close(descriptor_);
}

absl::StatusOr<std::shared_ptr<const HashRun>> HashRun::Open(
    const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Refused(path, errno);
  std::shared_ptr<HashRun> run(new HashRun(path, descriptor));
  RETURN_IF_ERROR(run->Map());
  return std::shared_ptr<const HashRun>(std::move(run));
}

absl::Status HashRun::Map() {
  struct stat status = {};
  if (::fstat(descriptor_, &status) != 0) return Refused(path_, errno);
  const auto bytes = static_cast<uint64_t>(status.st_size);
  if (bytes < run_page_bytes || bytes % run_page_bytes != 0) {
    return Damaged(path_, absl::StrCat(bytes, " bytes are no run"));
  }
  char page[run_page_bytes];
  RETURN_IF_ERROR(ReadBytes(bytes - run_page_bytes, sizeof page, page));
  const std::optional<RunShape> shape = ReadFooter(page, bytes);
  if (!shape.has_value()) return Damaged(path_, "the last page is no footer");
  shape_ = *shape;
  // All of it and not the filter alone, whose beginning need not be where a
  // mapping may begin; it costs addresses, not memory.
  void* const map =
      ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, descriptor_, 0);
  if (map == MAP_FAILED) return Refused(path_, errno);
  map_ = static_cast<const char*>(map);
  verified_ =
      std::vector<std::atomic<uint64_t>>(shape_.filter_pages() / 64 + 1);
  return absl::OkStatus();
}

absl::Status HashRun::ReadBytes(uint64_t offset, size_t bytes, char* to) const {
  while (bytes > 0) {
    const ssize_t got =
        ::pread(descriptor_, to, bytes, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Refused(path_, errno);
    if (got == 0) {
      return Damaged(path_, absl::StrCat("ends at byte ", offset));
    }
    const auto read = static_cast<size_t>(got);
    offset += read;
    bytes -= read;
    to += read;
  }
  return absl::OkStatus();
}

absl::Status HashRun::ReadPages(uint64_t first, size_t count,
                                char* pages) const {
  RETURN_IF_ERROR(
      ReadBytes(first * run_page_bytes, count * run_page_bytes, pages));
  for (size_t i = 0; i < count; ++i) {
    if (!PageIsSound(shape_, first + i, pages + i * run_page_bytes)) {
      return Damaged(path_, absl::StrCat("page ", first + i, " is damaged"));
    }
  }
  return absl::OkStatus();
}

// By reading it: where the disk fails, a mapping stops the process and a read
// says so.
absl::Status HashRun::VerifyFilterPage(uint64_t page) const {
  char bytes[run_page_bytes];
  RETURN_IF_ERROR(ReadPages(shape_.data_pages + page, 1, bytes));
  verified_[page / 64].fetch_or(uint64_t{1} << page % 64,
                                std::memory_order_relaxed);
  return absl::OkStatus();
}

absl::Status HashRun::Find(
    absl::Span<const uint64_t> hashes,
    absl::FunctionRef<void(size_t, Position)> found) const {
  uint64_t lines[batch_max];
  for (size_t begin = 0; begin < hashes.size(); begin += batch_max) {
    const size_t count = std::min(batch_max, hashes.size() - begin);
    for (size_t i = 0; i < count; ++i) {
      lines[i] = PartOf(hashes[begin + i], shape_.filter_lines);
      __builtin_prefetch(Line(lines[i]));
    }
    for (size_t i = 0; i < count; ++i) {
      const uint64_t page = lines[i] / run_page_lines;
      const uint64_t verified =
          verified_[page / 64].load(std::memory_order_relaxed);
      if ((verified >> page % 64 & 1) == 0) {
        RETURN_IF_ERROR(VerifyFilterPage(page));
      }
      const uint64_t hash = hashes[begin + i];
      if (!MayBeInLine(hash, Line(lines[i]))) continue;
      RETURN_IF_ERROR(FindInPages(
          hash, [&](Position position) { found(begin + i, position); }));
    }
  }
  return absl::OkStatus();
}

// Entries stand in their home page or, as long as pages are full, behind it.
absl::Status HashRun::FindInPages(
    uint64_t hash, absl::FunctionRef<void(Position)> found) const {
  RunDataPage page;
  for (uint64_t number = PartOf(hash, shape_.home_pages);
       number < shape_.data_pages; ++number) {
    RETURN_IF_ERROR(ReadPages(number, 1, reinterpret_cast<char*>(&page)));
    if (page.count > run_page_entries_max) {
      return Damaged(path_, absl::StrCat("page ", number, " is damaged"));
    }
    const uint64_t* const begin = page.hashes;
    const uint64_t* const end = begin + page.count;
    for (const uint64_t* at = std::lower_bound(begin, end, hash);
         at != end && *at == hash; ++at) {
      found(Position(shape_.first + page.offsets[at - begin]));
    }
    const bool spills = page.count == run_page_entries_max && end[-1] <= hash;
    if (!spills) break;
  }
  return absl::OkStatus();
}

HashRunCursor::HashRunCursor(std::shared_ptr<const HashRun> run)
    : run_(std::move(run)), pages_(run_chunk_pages) {}

absl::Status HashRunCursor::NextPage() {
  const uint64_t pages = run_->shape().data_pages;
  place_ = 0;
  count_ = 0;
  // A page may be empty.
  while (count_ == 0) {
    if (++page_ >= pages_held_) {
      pages_held_ = static_cast<size_t>(
          std::min<uint64_t>(run_chunk_pages, pages - pages_read_));
      if (pages_held_ == 0) return absl::OkStatus();
      RETURN_IF_ERROR(run_->ReadPages(pages_read_, pages_held_,
                                      reinterpret_cast<char*>(pages_.data())));
      pages_read_ += pages_held_;
      page_ = 0;
    }
    count_ = pages_[page_].count;
    if (count_ > run_page_entries_max) {
      count_ = 0;
      return Damaged(run_->path(), "a page has too many entries");
    }
  }
  return absl::OkStatus();
}

}  // namespace daybook::storage
