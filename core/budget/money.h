// Money: an amount in fen (1/100 yuan), checked.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CORE_BUDGET_MONEY_H_
#define DAYBOOK_CORE_BUDGET_MONEY_H_

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace daybook {

// An amount of money in fen. Negative amounts are corrections.
class Money {
 public:
  // Largest |amount| of one event: 10^14 fen, a million million yuan.
  static constexpr int64_t event_fen_max = 100'000'000'000'000;

  // The absolute amounts of one report stay below this together, so that no
  // fold overflows in any order.
  static constexpr int64_t report_fen_limit = int64_t{1} << 62;

  constexpr explicit Money(int64_t fen) : fen_(fen) {}

  constexpr int64_t fen() const { return fen_; }

  // Errors: OUT_OF_RANGE when the sum does not fit. It is never rounded and
  // never wraps.
  absl::StatusOr<Money> Plus(Money other) const;

  friend constexpr auto operator<=>(Money, Money) = default;

 private:
  int64_t fen_;
};

// The amount in 万元 with two decimals, rounded half away from zero: 1042000
// fen is "1.04". Never "-0.00".
std::string FormatWanYuanHalfAwayFromZero(Money amount);

// The amount in 元 with two decimals, exact: 1042000 fen is "10420.00".
std::string FormatYuan(Money amount);

}  // namespace daybook

#endif  // DAYBOOK_CORE_BUDGET_MONEY_H_
