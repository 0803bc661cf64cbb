// StrongInt: an integer that is not interchangeable with other integers.
//
// No implicit conversion and no arithmetic: whoever wants the number asks for
// it. Position and LogSize, the two that everything shares, are here too.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CORE_BASE_STRONG_INT_H_
#define DAYBOOK_CORE_BASE_STRONG_INT_H_

#include <compare>
#include <cstdint>

namespace daybook {

template <typename Tag, typename Rep = uint64_t>
class StrongInt {
 public:
  constexpr explicit StrongInt(Rep value) : value_(value) {}
  constexpr Rep value() const { return value_; }
  friend constexpr auto operator<=>(StrongInt, StrongInt) = default;

 private:
  Rep value_;
};

// Place of one entry in its ledger. The first entry has position 0.
using Position = StrongInt<struct PositionTag>;

// How many entries a ledger holds. Size n holds positions [0, n).
using LogSize = StrongInt<struct LogSizeTag>;

// The position that the next entry gets in a ledger of this size.
constexpr Position NextPosition(LogSize size) { return Position(size.value()); }

}  // namespace daybook

#endif  // DAYBOOK_CORE_BASE_STRONG_INT_H_
