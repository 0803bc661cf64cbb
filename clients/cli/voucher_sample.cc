#include "clients/cli/voucher_sample.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/budget/money.h"

namespace daybook::cli {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest Sha256(absl::string_view text) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         digest.data());
  return digest;
}

// The first 8 bytes as a number, big-endian.
uint64_t NumberOf(const Digest& digest) {
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof(number); ++i) {
    number = number << 8 | digest[i];
  }
  return number;
}

}  // namespace

std::vector<DrawnItem> DrawRandom(const std::vector<SampledItem>& population,
                                  size_t size, const std::string& seed) {
  std::vector<std::pair<Digest, size_t>> lots;
  for (size_t i = 0; i < population.size(); ++i) {
    lots.emplace_back(Sha256(absl::StrCat(seed, " ", population[i].position)),
                      i);
  }
  std::sort(lots.begin(), lots.end());
  lots.resize(std::min(size, lots.size()));
  std::vector<DrawnItem> drawn;
  for (const auto& [lot, place] : lots) drawn.push_back({place, 1});
  std::sort(
      drawn.begin(), drawn.end(),
      [](const DrawnItem& a, const DrawnItem& b) { return a.place < b.place; });
  return drawn;
}

absl::StatusOr<MonetaryUnitSample> DrawByAmount(
    const std::vector<SampledItem>& population, size_t size,
    const std::string& seed) {
  constexpr auto limit = static_cast<uint64_t>(Money::report_fen_limit);
  MonetaryUnitSample sample;
  for (const SampledItem& item : population) {
    if (item.fen >= limit - sample.total_fen) {
      return absl::OutOfRangeError(
          "the vouchers are more than 2^62 fen together");
    }
    sample.total_fen += item.fen;
  }
  if (sample.total_fen == 0 || size == 0) {
    return absl::FailedPreconditionError(
        "there is no money behind the figure; draw with --method=random");
  }
  sample.interval_fen = std::max<uint64_t>(sample.total_fen / size, 1);
  sample.start_fen = 1 + NumberOf(Sha256(seed)) % sample.interval_fen;
  uint64_t point = sample.start_fen;
  uint64_t points = 0;
  uint64_t before = 0;
  for (size_t i = 0; i < population.size(); ++i) {
    const uint64_t through = before + population[i].fen;
    uint64_t hits = 0;
    for (; points < size && point <= through; ++points) {
      ++hits;
      point += sample.interval_fen;
    }
    if (hits > 0) sample.drawn.push_back({i, hits});
    before = through;
  }
  return sample;
}

}  // namespace daybook::cli
