// Decimal: an exact decimal number, unscaled / 10^scale.
//
// Compared by value (1.0 == 1), printed with the scale it has. Arithmetic is in
// 128 bits and checked: it is exact, or an error, never rounded unless the
// function's name says so.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CORE_BASE_DECIMAL_H_
#define DAYBOOK_CORE_BASE_DECIMAL_H_

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook {

// GCC's 128-bit integer, wide enough for every product of two Decimals here.
__extension__ typedef __int128 Int128;

class Decimal {
 public:
  static constexpr uint32_t scale_max = 9;

  // Zero.
  constexpr Decimal() = default;

  // `scale` must be at most `scale_max`.
  constexpr Decimal(int64_t unscaled, uint32_t scale)
      : unscaled_(unscaled), scale_(scale) {}

  // Reads "12", "-0.5" or "341.50"; keeps the scale.
  //
  // Errors: INVALID_ARGUMENT for anything else; OUT_OF_RANGE when it does not
  // fit into 63 bits or has more than 9 decimals.
  static absl::StatusOr<Decimal> Parse(absl::string_view text);

  // The exact value of numerator / 10^scale, rounded half away from zero to
  // `scale` decimals: RoundHalfAwayFromZero(2, 3, 2) is 0.67.
  //
  // Errors: OUT_OF_RANGE when the result does not fit. `denominator` must not
  // be 0, and |numerator| must be below 10^28.
  static absl::StatusOr<Decimal> DivideRoundHalfAwayFromZero(Int128 numerator,
                                                             Int128 denominator,
                                                             uint32_t scale);

  constexpr int64_t unscaled() const { return unscaled_; }
  constexpr uint32_t scale() const { return scale_; }

  // unscaled * 10^(scale - this->scale()); `scale` must not be smaller.
  Int128 UnscaledAt(uint32_t scale) const;

  // Errors: OUT_OF_RANGE when the exact sum does not fit.
  absl::StatusOr<Decimal> Plus(Decimal other) const;

  // Rounded half away from zero to `scale` decimals; more decimals are padded.
  //
  // Errors: OUT_OF_RANGE when padding does not fit.
  absl::StatusOr<Decimal> RoundHalfAwayFromZero(uint32_t scale) const;

  // "341.50": all decimals of the scale, no exponent, no separators, no "-0".
  std::string ToString() const;

  friend std::strong_ordering operator<=>(Decimal a, Decimal b);
  friend bool operator==(Decimal a, Decimal b) { return (a <=> b) == 0; }

 private:
  int64_t unscaled_ = 0;
  uint32_t scale_ = 0;
};

// numerator / denominator rounded half away from zero; `denominator` not 0,
// |numerator| below 2^126.
Int128 DivideHalfAwayFromZero(Int128 numerator, Int128 denominator);

// 10^exponent, exponent at most 37.
Int128 PowerOfTen(uint32_t exponent);

}  // namespace daybook

#endif  // DAYBOOK_CORE_BASE_DECIMAL_H_
