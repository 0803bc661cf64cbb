#include "core/admission/personal_data.h"

#include <openssl/sha.h>

#include <array>
#include <cstdint>

#include "core/base/check.h"

namespace daybook {
namespace {

void AppendBigEndian(uint32_t number, std::string& out) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((number >> shift) & 0xFF));
  }
}

void AppendField(int number, const std::string& value, std::string& out) {
  if (value.empty()) return;
  AppendBigEndian(static_cast<uint32_t>(number), out);
  AppendBigEndian(static_cast<uint32_t>(value.size()), out);
  out += value;
}

}  // namespace

bool HasPersonalData(const v1::PersonalData& data) {
  return !data.payee().empty() || !data.summary().empty() ||
         !data.preparer().empty();
}

std::string PersonalDataCommitment(absl::string_view salt,
                                   const v1::PersonalData& data) {
  if (!HasPersonalData(data)) return "";
  DAYBOOK_CHECK(salt.size() == salt_bytes);
  std::string input(salt);
  AppendField(v1::PersonalData::kPayeeFieldNumber, data.payee(), input);
  AppendField(v1::PersonalData::kSummaryFieldNumber, data.summary(), input);
  AppendField(v1::PersonalData::kPreparerFieldNumber, data.preparer(), input);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(input.data()), input.size(),
         digest.data());
  return std::string(digest.begin(), digest.end());
}

}  // namespace daybook
