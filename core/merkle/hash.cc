// Of libcrypto's ways to SHA-256, the plain functions on a context that lies on
// the stack cost least: EVP with a context kept for reuse takes a fifth longer
// for a node, EVP_Digest half as long again, and SHA256(), which looks its
// algorithm up at each call, three times as long. They can neither fail nor
// share state. OpenSSL 3 calls them deprecated in favour of EVP; they are not
// gone.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "core/merkle/hash.h"

#include <openssl/sha.h>

#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace daybook::merkle {
namespace {

static_assert(hash_bytes == SHA256_DIGEST_LENGTH);

constexpr unsigned char leaf_prefix = 0x00;
constexpr unsigned char node_prefix = 0x01;

Hash Finish(SHA256_CTX& context) {
  std::array<unsigned char, hash_bytes> digest;
  SHA256_Final(digest.data(), &context);
  return Hash(digest);
}

}  // namespace

absl::StatusOr<Hash> Hash::FromBytes(absl::string_view bytes) {
  if (bytes.size() != hash_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a hash has ", hash_bytes, " bytes, not ", bytes.size()));
  }
  Hash hash;
  std::memcpy(hash.bytes_.data(), bytes.data(), hash_bytes);
  return hash;
}

Hash LeafHash(absl::string_view entry) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, &leaf_prefix, 1);
  SHA256_Update(&context, entry.data(), entry.size());
  return Finish(context);
}

Hash NodeHash(const Hash& left, const Hash& right) {
  std::array<unsigned char, 1 + 2 * hash_bytes> both;
  both[0] = node_prefix;
  std::memcpy(both.data() + 1, left.bytes().data(), hash_bytes);
  std::memcpy(both.data() + 1 + hash_bytes, right.bytes().data(), hash_bytes);
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, both.data(), both.size());
  return Finish(context);
}

Hash EmptyRoot() {
  SHA256_CTX context;
  SHA256_Init(&context);
  return Finish(context);
}

}  // namespace daybook::merkle
