#include "services/grpc/page_token.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace daybook::services {
namespace {

constexpr size_t checksum_bytes = 8;

// FNV-1a over question and name, big-endian. It must not differ between two
// runs of the server, as absl::Hash does.
std::string Checksum(absl::string_view question, absl::string_view name) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const absl::string_view part :
       {question, absl::string_view("\0", 1), name}) {
    for (const char byte : part) {
      hash ^= static_cast<unsigned char>(byte);
      hash *= 0x100000001b3;
    }
  }
  std::string bytes(checksum_bytes, '\0');
  for (size_t i = checksum_bytes; i > 0; --i) {
    bytes[i - 1] = static_cast<char>(hash & 0xff);
    hash >>= 8;
  }
  return bytes;
}

}  // namespace

absl::StatusOr<size_t> ParsePageSize(int32_t page_size) {
  if (page_size == 0) return page_size_default;
  if (page_size < 0 || static_cast<size_t>(page_size) > page_size_max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "page_size: ", page_size,
        " is out of range; give 1 to 1,000, or 0 for the default of 100"));
  }
  return static_cast<size_t>(page_size);
}

std::string MakePageToken(absl::string_view question,
                          absl::string_view last_name) {
  return absl::WebSafeBase64Escape(
      absl::StrCat(Checksum(question, last_name), last_name));
}

absl::StatusOr<std::string> ParsePageToken(absl::string_view question,
                                           absl::string_view token) {
  if (token.empty()) return std::string();
  std::string bytes;
  if (absl::WebSafeBase64Unescape(token, &bytes) &&
      bytes.size() > checksum_bytes) {
    std::string name = bytes.substr(checksum_bytes);
    if (MakePageToken(question, name) == token) return name;
  }
  return absl::InvalidArgumentError(
      "page_token: it was not answered to this question; ask for the first "
      "page with an empty token and keep the other fields as they are");
}

}  // namespace daybook::services
