#include "clients/import/row_key.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/check.h"

namespace daybook::importer {
namespace {

// Of the digest, what a key takes.
constexpr size_t digest_bytes = 20;

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

Digest Sha256(absl::string_view text) {
  Digest digest;
  DAYBOOK_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), nullptr,
                           EVP_sha256(), nullptr) == 1);
  return digest;
}

// The lengths keep parts apart that joined would be the same.
std::string DigestOf(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    absl::StrAppend(&text, part.size(), ":", part);
  }
  const Digest digest = Sha256(text);
  return absl::StrCat(
      "sha256-",
      absl::BytesToHexString(absl::string_view(
          reinterpret_cast<const char*>(digest.data()), digest_bytes)));
}

// Whether `part` could be taken for the end of a part, or for a revision.
bool IsMistakable(const std::string& part) {
  return std::any_of(part.begin(), part.end(), [](unsigned char character) {
    return character == '/' || character == '#' || character == '~' ||
           absl::ascii_iscntrl(character);
  });
}

}  // namespace

std::string KeyOf(const std::vector<std::string>& parts) {
  if (std::any_of(parts.begin(), parts.end(), IsMistakable)) {
    return DigestOf(parts);
  }
  std::string key = absl::StrJoin(parts, "/");
  return key.size() <= key_bytes_max ? key : DigestOf(parts);
}

std::pair<uint64_t, uint64_t> KeyDigest(absl::string_view key) {
  const Digest digest = Sha256(key);
  std::pair<uint64_t, uint64_t> words;
  std::memcpy(&words.first, digest.data(), sizeof(words.first));
  std::memcpy(&words.second, digest.data() + sizeof(words.first),
              sizeof(words.second));
  return words;
}

}  // namespace daybook::importer
