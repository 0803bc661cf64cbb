#include "core/report/lineage_block.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace daybook {
namespace {

constexpr DayOfYear day_max = 366;

// Of the number that holds a row's day.
constexpr uint64_t cancelled_bit = 1;
constexpr uint64_t link_bit = 2;
constexpr int day_shift = 2;

void PutNumber(uint64_t number, std::string& bytes) {
  while (number >= 0x80) {
    bytes.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  bytes.push_back(static_cast<char>(number));
}

// Small absolute values make small numbers.
void PutSigned(int64_t number, std::string& bytes) {
  PutNumber((static_cast<uint64_t>(number) << 1) ^
                static_cast<uint64_t>(number >> 63),
            bytes);
}

// Takes numbers off the front of bytes. Once they do not hold one, nothing that
// it gives means anything, and `ok` is false.
class Reader {
 public:
  explicit Reader(absl::string_view bytes) : bytes_(bytes) {}

  uint64_t Number() {
    uint64_t number = 0;
    for (int shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      number |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return number;
    }
    ok_ = false;
    return 0;
  }

  int64_t Signed() {
    const uint64_t number = Number();
    return static_cast<int64_t>(number >> 1) ^
           -static_cast<int64_t>(number & 1);
  }

  DayOfYear Day(uint64_t day) {
    ok_ = ok_ && day >= 1 && day <= day_max;
    return ok_ ? static_cast<DayOfYear>(day) : DayOfYear{1};
  }

  bool at_end() const { return bytes_.empty(); }
  bool ok() const { return ok_; }

 private:
  absl::string_view bytes_;
  bool ok_ = true;
};

absl::Status NoBlock(Position first) {
  return absl::DataLossError(
      absl::StrCat("the lineage block from position ", first.value(),
                   " can not be read; restore the log from a backup or a "
                   "mirror"));
}

}  // namespace

std::string BlockHeader(const MoneyTimeline& before) {
  std::string header;
  PutNumber(before.steps().size(), header);
  MoneySum sum;
  DayOfYear day = 0;
  for (const MoneyTimeline::Step& step : before.steps()) {
    PutNumber(static_cast<uint64_t>(step.day - day), header);
    PutSigned(step.fen - sum.fen, header);
    PutSigned(step.events - sum.events, header);
    sum = {step.fen, step.events};
    day = step.day;
  }
  return header;
}

std::string BlockRow(const MoneyRow& row, Position first) {
  DAYBOOK_CHECK(row.position >= first);
  DAYBOOK_CHECK(row.delta.events == 1 || row.delta.events == -1);
  std::string bytes;
  PutNumber(row.position.value() - first.value(), bytes);
  PutNumber((uint64_t{row.day} << day_shift) |
                (row.cancels.has_value() ? link_bit : 0) |
                (row.delta.events < 0 ? cancelled_bit : 0),
            bytes);
  PutSigned(row.delta.fen, bytes);
  if (row.cancels.has_value()) {
    DAYBOOK_CHECK(*row.cancels < row.position);
    PutNumber(row.position.value() - row.cancels->value(), bytes);
  }
  return bytes;
}

absl::Status ReadBlock(
    absl::string_view block, Position first,
    absl::FunctionRef<void(DayOfYear day, MoneySum delta)> step,
    absl::FunctionRef<bool(const MoneyRow& row)> row) {
  Reader reader(block);
  const uint64_t steps = reader.Number();
  if (steps > day_max) return NoBlock(first);
  uint64_t day = 0;
  for (uint64_t i = 0; i < steps; ++i) {
    day += reader.Number();
    const DayOfYear valid_day = reader.Day(day);
    MoneySum delta;
    delta.fen = reader.Signed();
    delta.events = static_cast<int32_t>(reader.Signed());
    if (!reader.ok()) return NoBlock(first);
    step(valid_day, delta);
  }
  while (!reader.at_end()) {
    MoneyRow next;
    next.position = Position(first.value() + reader.Number());
    const uint64_t day_and_flags = reader.Number();
    next.day = reader.Day(day_and_flags >> day_shift);
    next.delta.events = (day_and_flags & cancelled_bit) != 0 ? -1 : 1;
    next.delta.fen = reader.Signed();
    if ((day_and_flags & link_bit) != 0) {
      next.cancels = Position(next.position.value() - reader.Number());
    }
    if (!reader.ok()) return NoBlock(first);
    if (!row(next)) break;
  }
  return reader.ok() ? absl::OkStatus() : NoBlock(first);
}

void LineageSum::Add(DayOfYear day, MoneySum delta) {
  DAYBOOK_CHECK(day < days);
  deltas_[day].fen += delta.fen;
  deltas_[day].events += delta.events;
  touched_[day] = true;
}

absl::Status LineageSum::AddBlock(absl::string_view block, Position first,
                                  Position limit) {
  return ReadBlock(
      block, first, [this](DayOfYear day, MoneySum delta) { Add(day, delta); },
      [this, limit](const MoneyRow& row) {
        if (row.position >= limit) return false;
        Add(row.day, row.delta);
        return true;
      });
}

MoneyTimeline LineageSum::Take() {
  MoneyTimeline timeline;
  timeline.Reserve(
      static_cast<size_t>(std::count(touched_.begin(), touched_.end(), true)));
  for (size_t day = 0; day < days; ++day) {
    if (touched_[day]) timeline.Add(static_cast<DayOfYear>(day), deltas_[day]);
  }
  deltas_.fill({});
  touched_.fill(false);
  return timeline;
}

}  // namespace daybook
