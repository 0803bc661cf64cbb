#include "core/merkle/entry_bundle.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace daybook::merkle {
namespace {

constexpr size_t length_bytes = 2;

}  // namespace

absl::Status AppendToBundle(absl::string_view entry, std::string& bundle) {
  if (entry.size() > bundled_entry_bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat("an entry in a bundle has at most ",
                     bundled_entry_bytes_max, " bytes, not ", entry.size()));
  }
  bundle.push_back(static_cast<char>(entry.size() >> 8));
  bundle.push_back(static_cast<char>(entry.size() & 0xFF));
  absl::StrAppend(&bundle, entry);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<absl::string_view>> ParseBundle(
    absl::string_view bytes, TileWidth width) {
  std::vector<absl::string_view> entries;
  entries.reserve(width.value());
  absl::string_view rest = bytes;
  while (entries.size() < width.value()) {
    if (rest.size() < length_bytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("the bundle ends after ", entries.size(), " of ",
                       width.value(), " entries"));
    }
    const size_t length = size_t{static_cast<unsigned char>(rest[0])} << 8 |
                          static_cast<unsigned char>(rest[1]);
    rest.remove_prefix(length_bytes);
    if (rest.size() < length) {
      return absl::InvalidArgumentError(
          absl::StrCat("entry ", entries.size(), " of the bundle has ", length,
                       " bytes, and ", rest.size(), " follow"));
    }
    entries.push_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  if (!rest.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(rest.size(), " bytes follow the ", width.value(),
                     " entries of the bundle"));
  }
  return entries;
}

}  // namespace daybook::merkle
