#include "core/checkpoint/ed25519.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <cstring>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/checkpoint/wipe.h"

namespace daybook::checkpoint {
namespace {

struct Freeing {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Freeing>;
using Context = std::unique_ptr<EVP_MD_CTX, Freeing>;

const unsigned char* Data(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// libcrypto wipes the copy of the secret that it makes when the key is freed.
Key PrivateKey(absl::string_view seed) {
  return Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Data(seed),
                                          seed.size()));
}

absl::Status Unavailable() {
  // The queue of errors is the thread's own; what is left in it would confuse
  // whoever asks next.
  ERR_clear_error();
  return absl::InternalError("libcrypto does not offer Ed25519");
}

}  // namespace

absl::StatusOr<Ed25519Seed> Ed25519Seed::FromBytes(absl::string_view bytes) {
  if (bytes.size() != ed25519_seed_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a private key has ", ed25519_seed_bytes, " bytes, not ",
                     bytes.size()));
  }
  Ed25519Seed seed;
  std::memcpy(seed.bytes_.data(), bytes.data(), bytes.size());
  return seed;
}

Ed25519Seed::~Ed25519Seed() { Wipe(bytes_); }

Ed25519Seed::Ed25519Seed(Ed25519Seed&& other) noexcept : bytes_(other.bytes_) {
  Wipe(other.bytes_);
}

Ed25519Seed& Ed25519Seed::operator=(Ed25519Seed&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    Wipe(other.bytes_);
  }
  return *this;
}

absl::StatusOr<Ed25519PublicKey> Ed25519Seed::PublicKey() const {
  const Key key = PrivateKey(bytes());
  Ed25519PublicKey public_key;
  size_t size = public_key.size();
  if (key == nullptr ||
      EVP_PKEY_get_raw_public_key(key.get(), public_key.data(), &size) != 1 ||
      size != public_key.size()) {
    return Unavailable();
  }
  return public_key;
}

absl::StatusOr<std::string> Ed25519Seed::Sign(absl::string_view message) const {
  const Key key = PrivateKey(bytes());
  const Context context(EVP_MD_CTX_new());
  std::string signature(ed25519_signature_bytes, '\0');
  size_t size = signature.size();
  if (key == nullptr || context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) !=
          1 ||
      EVP_DigestSign(context.get(),
                     reinterpret_cast<unsigned char*>(signature.data()), &size,
                     Data(message), message.size()) != 1 ||
      size != signature.size()) {
    return Unavailable();
  }
  return signature;
}

bool Ed25519Verifies(const Ed25519PublicKey& public_key,
                     absl::string_view message, absl::string_view signature) {
  if (signature.size() != ed25519_signature_bytes) return false;
  const Key key(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, public_key.data(), public_key.size()));
  const Context context(EVP_MD_CTX_new());
  const bool verifies =
      key != nullptr && context != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                           key.get()) == 1 &&
      EVP_DigestVerify(context.get(), Data(signature), signature.size(),
                       Data(message), message.size()) == 1;
  if (!verifies) ERR_clear_error();
  return verifies;
}

}  // namespace daybook::checkpoint
