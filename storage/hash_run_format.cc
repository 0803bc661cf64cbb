#include "storage/hash_run_format.h"

#include "absl/strings/string_view.h"
#include "storage/crc32c.h"

namespace daybook::storage {
namespace {

constexpr char kMagic[8] = {'d', 'b', 'k', ' ', 'r', 'u', 'n', '\n'};
constexpr uint64_t kVersion = 1;
constexpr size_t checksum_at = run_page_bytes - sizeof(uint32_t);

// The beginning of the last page.
struct Footer {
  char magic[sizeof kMagic];
  uint64_t version;
  uint64_t first;
  uint64_t limit;
  uint64_t digest;
  uint64_t home_pages;
  uint64_t data_pages;
  uint64_t filter_lines;
};
static_assert(sizeof(Footer) == 8 * sizeof(uint64_t));

uint32_t ChecksumOf(const RunShape& shape, uint64_t number, const char* page) {
  const uint64_t place[] = {shape.first, shape.limit, number};
  char bytes[sizeof place];
  std::memcpy(bytes, place, sizeof place);
  return ExtendCrc32c(ExtendCrc32c(0, absl::string_view(bytes, sizeof bytes)),
                      absl::string_view(page, checksum_at));
}

}  // namespace

void SealPage(const RunShape& shape, uint64_t number, char* page) {
  const uint32_t checksum = ChecksumOf(shape, number, page);
  std::memcpy(page + checksum_at, &checksum, sizeof checksum);
}

bool PageIsSound(const RunShape& shape, uint64_t number, const char* page) {
  uint32_t checksum = 0;
  std::memcpy(&checksum, page + checksum_at, sizeof checksum);
  return checksum == ChecksumOf(shape, number, page);
}

void MakeFooter(const RunShape& shape, char* page) {
  Footer footer = {
      {},           kVersion,         shape.first,      shape.limit,
      shape.digest, shape.home_pages, shape.data_pages, shape.filter_lines};
  std::memcpy(footer.magic, kMagic, sizeof kMagic);
  std::memset(page, 0, run_page_bytes);
  std::memcpy(page, &footer, sizeof footer);
  SealPage(shape, shape.pages() - 1, page);
}

std::optional<RunShape> ReadFooter(const char* page, uint64_t file_bytes) {
  Footer footer;
  std::memcpy(&footer, page, sizeof footer);
  if (std::memcmp(footer.magic, kMagic, sizeof kMagic) != 0) {
    return std::nullopt;
  }
  if (footer.version != kVersion) return std::nullopt;
  const RunShape shape = {footer.first,      footer.limit,
                          footer.digest,     footer.home_pages,
                          footer.data_pages, footer.filter_lines};
  // First of all, so that what follows reckons with numbers that were written.
  if (!PageIsSound(shape, file_bytes / run_page_bytes - 1, page)) {
    return std::nullopt;
  }
  if (shape.limit <= shape.first || shape.entries() > run_entries_max ||
      shape.home_pages == 0 || shape.data_pages < shape.home_pages ||
      shape.filter_lines == 0 || shape.bytes() != file_bytes) {
    return std::nullopt;
  }
  return shape;
}

}  // namespace daybook::storage
