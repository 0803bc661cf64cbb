#include "core/base/decimal.h"

#include <algorithm>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/utf8.h"

namespace daybook {
namespace {

absl::StatusOr<Decimal> Narrow(Int128 unscaled, uint32_t scale) {
  if (unscaled > std::numeric_limits<int64_t>::max() ||
      unscaled < std::numeric_limits<int64_t>::min()) {
    return absl::OutOfRangeError(
        "the number has more digits than 63 bits hold; use fewer decimals");
  }
  return Decimal(static_cast<int64_t>(unscaled), scale);
}

}  // namespace

Int128 PowerOfTen(uint32_t exponent) {
  DAYBOOK_CHECK(exponent <= 37);
  Int128 power = 1;
  for (uint32_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

Int128 DivideHalfAwayFromZero(Int128 numerator, Int128 denominator) {
  DAYBOOK_CHECK(denominator != 0);
  const bool negative = (numerator < 0) != (denominator < 0);
  const Int128 n = numerator < 0 ? -numerator : numerator;
  const Int128 d = denominator < 0 ? -denominator : denominator;
  const Int128 remainder = n % d;
  const Int128 rounded = n / d + (remainder >= d - remainder ? 1 : 0);
  return negative ? -rounded : rounded;
}

absl::StatusOr<Decimal> Decimal::Parse(absl::string_view text) {
  absl::string_view digits = text;
  if (!digits.empty() && digits.front() == '-') digits.remove_prefix(1);
  const size_t point = digits.find('.');
  const absl::string_view whole = digits.substr(0, point);
  const absl::string_view fraction = point == absl::string_view::npos
                                         ? absl::string_view()
                                         : digits.substr(point + 1);
  const auto all_digits = [](absl::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
      return absl::ascii_isdigit(static_cast<unsigned char>(c));
    });
  };
  if (!all_digits(whole) ||
      (point != absl::string_view::npos && !all_digits(fraction))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", Shortened(text, 64), "' is not a decimal number such as 341.5"));
  }
  if (fraction.size() > scale_max) {
    return absl::OutOfRangeError(
        absl::StrCat("'", Shortened(text, 64), "' has more than 9 decimals"));
  }
  int64_t unscaled = 0;
  if (!absl::SimpleAtoi(
          absl::StrCat(text.front() == '-' ? "-" : "", whole, fraction),
          &unscaled)) {
    return absl::OutOfRangeError(
        absl::StrCat("'", Shortened(text, 64), "' does not fit into 63 bits"));
  }
  return Decimal(unscaled, static_cast<uint32_t>(fraction.size()));
}

absl::StatusOr<Decimal> Decimal::DivideRoundHalfAwayFromZero(Int128 numerator,
                                                             Int128 denominator,
                                                             uint32_t scale) {
  DAYBOOK_CHECK(scale <= scale_max);
  return Narrow(
      DivideHalfAwayFromZero(numerator * PowerOfTen(scale), denominator),
      scale);
}

Int128 Decimal::UnscaledAt(uint32_t scale) const {
  DAYBOOK_CHECK(scale >= scale_);
  return static_cast<Int128>(unscaled_) * PowerOfTen(scale - scale_);
}

absl::StatusOr<Decimal> Decimal::Plus(Decimal other) const {
  const uint32_t scale = std::max(scale_, other.scale_);
  return Narrow(UnscaledAt(scale) + other.UnscaledAt(scale), scale);
}

absl::StatusOr<Decimal> Decimal::RoundHalfAwayFromZero(uint32_t scale) const {
  DAYBOOK_CHECK(scale <= scale_max);
  if (scale >= scale_) return Narrow(UnscaledAt(scale), scale);
  return Narrow(DivideHalfAwayFromZero(unscaled_, PowerOfTen(scale_ - scale)),
                scale);
}

std::string Decimal::ToString() const {
  const bool negative = unscaled_ < 0;
  const uint64_t magnitude = negative ? 0 - static_cast<uint64_t>(unscaled_)
                                      : static_cast<uint64_t>(unscaled_);
  std::string digits = absl::StrCat(magnitude);
  if (digits.size() <= scale_) {
    digits.insert(0, scale_ + 1 - digits.size(), '0');
  }
  if (scale_ > 0) digits.insert(digits.size() - scale_, 1, '.');
  return negative ? absl::StrCat("-", digits) : digits;
}

std::strong_ordering operator<=>(Decimal a, Decimal b) {
  const uint32_t scale = std::max(a.scale_, b.scale_);
  const Int128 left = a.UnscaledAt(scale);
  const Int128 right = b.UnscaledAt(scale);
  if (left < right) return std::strong_ordering::less;
  if (left > right) return std::strong_ordering::greater;
  return std::strong_ordering::equal;
}

}  // namespace daybook
