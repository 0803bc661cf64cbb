#include "core/budget/money.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/decimal.h"

namespace daybook {

absl::StatusOr<Money> Money::Plus(Money other) const {
  int64_t sum = 0;
  if (__builtin_add_overflow(fen_, other.fen_, &sum)) {
    return absl::OutOfRangeError(absl::StrCat("the sum of ", fen_, " and ",
                                              other.fen_, " fen does not fit"));
  }
  return Money(sum);
}

std::string FormatWanYuanHalfAwayFromZero(Money amount) {
  constexpr uint32_t fen_to_wan_yuan_scale = 6;
  const auto rounded =
      Decimal(amount.fen(), fen_to_wan_yuan_scale).RoundHalfAwayFromZero(2);
  DAYBOOK_CHECK(rounded.ok());
  return rounded->ToString();
}

std::string FormatYuan(Money amount) {
  return Decimal(amount.fen(), 2).ToString();
}

}  // namespace daybook
