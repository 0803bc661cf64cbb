#include "core/checkpoint/wipe.h"

#include <openssl/crypto.h>

namespace daybook::checkpoint {

void Wipe(unsigned char* secret, size_t size) { OPENSSL_cleanse(secret, size); }

void Wipe(std::string& secret) {
  // Does not move the text, so what it was longer by before is reached too.
  secret.resize(secret.capacity());
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace daybook::checkpoint
