#include "services/engine/lineage_keys.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {
namespace {

constexpr size_t bucket_bytes = 4;

std::string Prefix(absl::string_view subject, char kind) {
  return absl::StrCat(subject, absl::string_view("\0", 1),
                      std::string(1, kind));
}

std::string BucketBytes(uint32_t bucket) {
  std::string bytes(bucket_bytes, '\0');
  for (size_t i = bucket_bytes; i > 0; --i) {
    bytes[i - 1] = static_cast<char>(bucket & 0xff);
    bucket >>= 8;
  }
  return bytes;
}

absl::Status NoKey(absl::string_view key) {
  return absl::DataLossError(
      absl::StrCat("no key of the lineage: \"", absl::CHexEscape(key), "\""));
}

}  // namespace

std::string StatedPrefix(absl::string_view subject) {
  return Prefix(subject, 's');
}

std::string DefinitionPrefix(absl::string_view subject) {
  return Prefix(subject, 'd');
}

std::string BlockPrefix(absl::string_view subject, uint32_t bucket) {
  return Prefix(subject, 'b') + BucketBytes(bucket);
}

std::string StatedKey(absl::string_view subject, Position position) {
  return StatedPrefix(subject) + PositionBytes(position);
}

std::string DefinitionKey(absl::string_view subject, uint32_t bucket) {
  return DefinitionPrefix(subject) + BucketBytes(bucket);
}

std::string BlockKey(absl::string_view subject, uint32_t bucket,
                     Position first) {
  return BlockPrefix(subject, bucket) + PositionBytes(first);
}

std::string BlocksPrefix(absl::string_view subject) {
  return Prefix(subject, 'b');
}

std::array<char, block_suffix_bytes> BlockSuffix(uint32_t bucket,
                                                 Position first) {
  std::array<char, block_suffix_bytes> bytes;
  uint64_t number = first.value();
  for (size_t i = block_suffix_bytes; i > bucket_bytes; --i) {
    bytes[i - 1] = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  for (size_t i = bucket_bytes; i > 0; --i) {
    bytes[i - 1] = static_cast<char>(bucket & 0xff);
    bucket >>= 8;
  }
  return bytes;
}

absl::StatusOr<Position> PositionOfKey(absl::string_view key,
                                       absl::string_view prefix) {
  const absl::StatusOr<Position> position =
      ParsePosition(key.substr(prefix.size()));
  return position.ok() ? position : NoKey(key);
}

absl::StatusOr<uint32_t> BucketOfKey(absl::string_view key,
                                     absl::string_view prefix) {
  const absl::string_view bytes = key.substr(prefix.size());
  if (bytes.size() != bucket_bytes) return NoKey(key);
  uint32_t bucket = 0;
  for (const char byte : bytes) {
    bucket = bucket << 8 | static_cast<unsigned char>(byte);
  }
  return bucket;
}

absl::string_view SubjectOfKey(absl::string_view key) {
  const size_t end = key.find('\0');
  return end == absl::string_view::npos ? absl::string_view()
                                        : key.substr(0, end);
}

std::string KeyBehind(absl::string_view subject) {
  return absl::StrCat(subject, "\x01");
}

}  // namespace daybook::services
