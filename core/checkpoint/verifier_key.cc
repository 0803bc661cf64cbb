#include "core/checkpoint/verifier_key.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/base64.h"
#include "core/checkpoint/note_text.h"
#include "core/checkpoint/wipe.h"

namespace daybook::checkpoint {
namespace {

constexpr size_t id_digits = 8;

// The first 4 bytes of SHA-256(name || newline || type || key).
KeyId IdOf(absl::string_view name, KeyType type, const Ed25519PublicKey& key) {
  std::string named = absl::StrCat(name, "\n");
  named.push_back(static_cast<char>(type));
  named.append(key.begin(), key.end());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  DAYBOOK_CHECK(EVP_Digest(named.data(), named.size(), digest.data(), nullptr,
                           EVP_sha256(), nullptr) == 1);
  return KeyId(uint32_t{digest[0]} << 24 | uint32_t{digest[1]} << 16 |
               uint32_t{digest[2]} << 8 | digest[3]);
}

std::optional<KeyId> ParseId(absl::string_view text) {
  const bool spelled =
      text.size() == id_digits &&
      std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
      });
  uint32_t id = 0;
  if (!spelled || !absl::SimpleHexAtoi(text, &id)) return std::nullopt;
  return KeyId(id);
}

absl::Status NotAKey() {
  return absl::InvalidArgumentError(
      "a key is NAME+ID+BASE64: a name without spaces, 8 hexadecimal digits in "
      "lower case, and base64 of a type and 32 bytes");
}

}  // namespace

absl::StatusOr<KeyParts> ParseKeyParts(absl::string_view text) {
  // The base64 at the end may have plus signs of its own.
  const std::vector<absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('+', 2));
  if (parts.size() != 3 || !IsKeyName(parts[0])) return NotAKey();
  const std::optional<KeyId> id = ParseId(parts[1]);
  if (!id.has_value()) return NotAKey();
  // From here on it may be a seed, which is wiped on every way out.
  auto decoded = DecodeBase64(parts[2]);
  if (!decoded.ok() || decoded->empty()) return NotAKey();
  const auto type = static_cast<KeyType>((*decoded)[0]);
  if (type != KeyType::kEd25519 && type != KeyType::kCosignature) {
    Wipe(*decoded);
    return absl::UnimplementedError(
        "the key is of another type than 1 (Ed25519) and 4 (cosignature by "
        "Ed25519)");
  }
  KeyParts found{std::string(parts[0]), *id, type, decoded->substr(1)};
  Wipe(*decoded);
  if (found.bytes.size() == ed25519_public_key_bytes) return found;
  Wipe(found.bytes);
  return NotAKey();
}

std::string FormatKeyParts(const KeyParts& parts) {
  std::string bytes;
  // At once, so that no shorter copy of a seed is left behind.
  bytes.reserve(1 + parts.bytes.size());
  bytes.push_back(static_cast<char>(parts.type));
  bytes += parts.bytes;
  std::string base64 = EncodeBase64(bytes);
  Wipe(bytes);
  std::string text =
      absl::StrCat(parts.name, "+",
                   absl::Hex(parts.id.value(), absl::kZeroPad8), "+", base64);
  Wipe(base64);
  return text;
}

VerifierKey::VerifierKey(absl::string_view name, KeyType type,
                         const Ed25519PublicKey& key)
    : name_(name), type_(type), public_key_(key), id_(IdOf(name, type, key)) {}

absl::StatusOr<VerifierKey> VerifierKey::Create(absl::string_view name,
                                                KeyType type,
                                                const Ed25519PublicKey& key) {
  if (!IsKeyName(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the name of a key is UTF-8 of 1 to ", key_name_bytes_max,
                     " bytes without spaces, control characters and +"));
  }
  return VerifierKey(name, type, key);
}

absl::StatusOr<VerifierKey> VerifierKey::Parse(absl::string_view text) {
  ASSIGN_OR_RETURN(const KeyParts parts, ParseKeyParts(text));
  Ed25519PublicKey public_key;
  std::copy(parts.bytes.begin(), parts.bytes.end(), public_key.begin());
  VerifierKey key(parts.name, parts.type, public_key);
  if (key.id() != parts.id) {
    return absl::InvalidArgumentError(
        "the id of the key is not that of its name, type and bytes; was it "
        "mistyped?");
  }
  return key;
}

std::string VerifierKey::ToString() const {
  return FormatKeyParts(
      {name_, id_, type_, std::string(public_key_.begin(), public_key_.end())});
}

absl::StatusOr<VerifiedSignature> VerifierKey::Verify(
    absl::string_view text, const NoteSignature& signature) const {
  DAYBOOK_CHECK(Made(signature));
  VerifiedSignature verified{name_, id_, std::nullopt};
  bool verifies = false;
  if (type_ == KeyType::kEd25519) {
    verifies = Ed25519Verifies(public_key_, text, signature.bytes);
  } else if (const auto unpacked = UnpackCosignature(signature.bytes);
             unpacked.ok()) {
    verified.time = unpacked->time;
    verifies =
        Ed25519Verifies(public_key_, CosignatureMessage(unpacked->time, text),
                        unpacked->ed25519);
  }
  if (verifies) return verified;
  return absl::PermissionDeniedError(
      absl::StrCat("the signature of ", name_, " is not of this text"));
}

}  // namespace daybook::checkpoint
