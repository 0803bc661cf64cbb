#include "core/report/lineage_block.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"

namespace daybook {
namespace {

constexpr DayOfYear day_max = 366;

// Of the number that holds a row's day.
constexpr uint64_t cancelled_bit = 1;
constexpr int day_shift = 1;

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
  explicit Reader(absl::string_view bytes)
      : next_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  uint64_t Number() {
    if (next_ != end_ && static_cast<unsigned char>(*next_) < 0x80) {
      return static_cast<unsigned char>(*next_++);
    }
    return LongNumber();
  }

  int64_t Signed() {
    const uint64_t number = Number();
    return static_cast<int64_t>(number >> 1) ^
           -static_cast<int64_t>(number & 1);
  }

  uint32_t Count() {
    const uint64_t number = Number();
    ok_ = ok_ && number <= UINT32_MAX;
    return static_cast<uint32_t>(number);
  }

  DayOfYear Day(uint64_t day) {
    ok_ = ok_ && day >= 1 && day <= day_max;
    return ok_ ? static_cast<DayOfYear>(day) : DayOfYear{1};
  }

  bool at_end() const { return next_ == end_; }
  bool ok() const { return ok_; }

 private:
  uint64_t LongNumber() {
    uint64_t number = 0;
    const char* next = next_;
    for (int shift = 0; shift < 64 && next != end_; shift += 7) {
      const auto byte = static_cast<unsigned char>(*next++);
      number |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) {
        next_ = next;
        return number;
      }
    }
    next_ = end_;
    ok_ = false;
    return 0;
  }

  const char* next_;
  const char* const end_;
  bool ok_ = true;
};

absl::Status NoBlock(Position first) {
  return absl::DataLossError(
      absl::StrCat("the lineage block from position ", first.value(),
                   " can not be read; restore the log from a backup or a "
                   "mirror"));
}

// What ReadBlock does; here, so that summing a block costs no call for a row.
template <typename Day, typename Row>
absl::Status VisitBlock(absl::string_view block, Position first, Day day,
                        Row row) {
  Reader reader(block);
  const uint64_t days = reader.Number();
  if (days > day_max) return NoBlock(first);
  uint64_t number = 0;
  for (uint64_t i = 0; i < days; ++i) {
    number += reader.Number();
    const DayOfYear valid_day = reader.Day(number);
    DayTotal total;
    total.fen = reader.Signed();
    total.recorded = reader.Count();
    total.cancelled = reader.Count();
    if (!reader.ok()) return NoBlock(first);
    day(valid_day, total);
  }
  while (!reader.at_end()) {
    MoneyRow next;
    next.position = Position(first.value() + reader.Number());
    const uint64_t day_and_flag = reader.Number();
    next.day = reader.Day(day_and_flag >> day_shift);
    next.delta.events = (day_and_flag & cancelled_bit) != 0 ? -1 : 1;
    next.delta.fen = reader.Signed();
    if (!reader.ok()) return NoBlock(first);
    if (!row(next)) break;
  }
  return reader.ok() ? absl::OkStatus() : NoBlock(first);
}

}  // namespace

void AppendBlockRow(const MoneyRow& row, Position first, std::string& block) {
  DAYBOOK_CHECK(row.position >= first);
  DAYBOOK_CHECK(row.delta.events == 1 || row.delta.events == -1);
  PutNumber(row.position.value() - first.value(), block);
  PutNumber((uint64_t{row.day} << day_shift) |
                (row.delta.events < 0 ? cancelled_bit : 0),
            block);
  PutSigned(row.delta.fen, block);
}

std::string BlockRow(const MoneyRow& row, Position first) {
  std::string bytes;
  AppendBlockRow(row, first, bytes);
  return bytes;
}

absl::Status ReadBlock(
    absl::string_view block, Position first,
    absl::FunctionRef<void(DayOfYear day, const DayTotal& total)> day,
    absl::FunctionRef<bool(const MoneyRow& row)> row) {
  return VisitBlock(block, first, day, row);
}

absl::StatusOr<uint64_t> RowsBefore(absl::string_view block, Position first,
                                    DayOfYear first_day, DayOfYear last_day) {
  uint64_t rows = 0;
  RETURN_IF_ERROR(ReadBlock(
      block, first,
      [&](DayOfYear day, const DayTotal& total) {
        if (day >= first_day && day <= last_day) rows += total.rows();
      },
      [](const MoneyRow&) { return false; }));
  return rows;
}

void LineageSum::Add(DayOfYear day, const DayTotal& total) {
  DAYBOOK_CHECK(day < days);
  totals_[day].fen += total.fen;
  totals_[day].recorded += total.recorded;
  totals_[day].cancelled += total.cancelled;
  rows_ += total.rows();
}

void LineageSum::Add(const MoneyRow& row) {
  const bool cancels = row.delta.events < 0;
  Add(row.day, {row.delta.fen, cancels ? 0U : 1U, cancels ? 1U : 0U});
}

absl::StatusOr<bool> LineageSum::AddBlock(absl::string_view block,
                                          Position first, Position limit) {
  bool whole = true;
  RETURN_IF_ERROR(VisitBlock(
      block, first,
      [this](DayOfYear day, const DayTotal& total) { Add(day, total); },
      [&](const MoneyRow& row) {
        whole = row.position < limit;
        if (whole) Add(row);
        return whole;
      }));
  return whole;
}

std::string LineageSum::BlockHeader() const {
  std::string header;
  uint64_t count = 0;
  for (const DayTotal& total : totals_) count += total.rows() > 0 ? 1 : 0;
  PutNumber(count, header);
  size_t before = 0;
  for (size_t day = 0; day < days; ++day) {
    const DayTotal& total = totals_[day];
    if (total.rows() == 0) continue;
    PutNumber(day - before, header);
    PutSigned(total.fen, header);
    PutNumber(total.recorded, header);
    PutNumber(total.cancelled, header);
    before = day;
  }
  return header;
}

MoneyTimeline LineageSum::Take() {
  size_t count = 0;
  for (const DayTotal& total : totals_) count += total.rows() > 0 ? 1 : 0;
  MoneyTimeline timeline;
  timeline.Reserve(count);
  for (size_t day = 0; day < days; ++day) {
    const DayTotal& total = totals_[day];
    if (total.rows() == 0) continue;
    timeline.Append(static_cast<DayOfYear>(day),
                    {total.fen, static_cast<int32_t>(total.recorded) -
                                    static_cast<int32_t>(total.cancelled)});
  }
  totals_.fill({});
  rows_ = 0;
  return timeline;
}

}  // namespace daybook
