// VoucherSample: a sample of the vouchers behind a figure that anyone can draw
// again, from the seed alone.
//
// Integers and SHA-256, so that a spreadsheet, or a colleague with sha256sum,
// comes to the same vouchers.
//
// Thread safety: pure functions.
//
// The rules, step by step: docs/finding.md, "How a sample is drawn".

#ifndef DAYBOOK_CLIENTS_CLI_VOUCHER_SAMPLE_H_
#define DAYBOOK_CLIENTS_CLI_VOUCHER_SAMPLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace daybook::cli {

// The longest seed, in bytes.
inline constexpr size_t seed_bytes_max = 64;

// What is drawn from: one voucher.
struct SampledItem {
  uint64_t position = 0;
  // Without its sign.
  uint64_t fen = 0;
};

// What was drawn.
struct DrawnItem {
  // Place in the population.
  size_t place = 0;
  // How many of the points fall on it; 1 when all have the same chance.
  uint64_t hits = 0;
};

// So many of the population, each with the same chance, by position. All of it
// when it is not larger. Positions are different.
std::vector<DrawnItem> DrawRandom(const std::vector<SampledItem>& population,
                                  size_t size, const std::string& seed);

// A monetary-unit sample: points at a fixed interval of money, the first drawn
// by the seed; what a point falls on is drawn. What is larger than the interval
// always is.
struct MonetaryUnitSample {
  // All of the population.
  uint64_t total_fen = 0;
  uint64_t interval_fen = 0;
  // The first point, from 1.
  uint64_t start_fen = 0;
  // By position, fewer than asked for where points fall on the same one.
  std::vector<DrawnItem> drawn;
};

// Positions rise.
//
// Errors: FAILED_PRECONDITION when there is no money in the population;
// OUT_OF_RANGE when it is more than 2^62 fen.
absl::StatusOr<MonetaryUnitSample> DrawByAmount(
    const std::vector<SampledItem>& population, size_t size,
    const std::string& seed);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_VOUCHER_SAMPLE_H_
