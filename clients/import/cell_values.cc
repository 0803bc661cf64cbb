#include "clients/import/cell_values.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "clients/import/spreadsheet_values.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/money.h"

namespace daybook::importer {
namespace {

constexpr size_t value_shown_bytes_max = 64;
// More digits than any amount or count has, zeros included.
constexpr size_t number_digits_max = 40;
// A day is looked for in the first 4 characters and the like of them.
constexpr size_t day_bytes_max = 64;

absl::Status Wrong(absl::string_view text, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", Shortened(text, value_shown_bytes_max), "': ", what));
}

bool IsDigit(char character) {
  return absl::ascii_isdigit(static_cast<unsigned char>(character));
}

void Trim(absl::string_view& text) { text = absl::StripAsciiWhitespace(text); }

// Removes `prefix` or `suffix` with the blanks behind or before it.
bool ConsumeFront(absl::string_view& text, absl::string_view prefix) {
  if (!absl::ConsumePrefix(&text, prefix)) return false;
  Trim(text);
  return true;
}
bool ConsumeBack(absl::string_view& text, absl::string_view suffix) {
  if (!absl::ConsumeSuffix(&text, suffix)) return false;
  Trim(text);
  return true;
}

// Digits without separators, and how many of them are decimals.
struct PlainDigits {
  std::string digits;
  size_t decimals = 0;
};

// Reads "1,234.56" or "1 234.56"; separators stand before each three digits or
// nowhere.
std::optional<PlainDigits> ReadDigits(absl::string_view text) {
  const size_t point = text.find('.');
  const absl::string_view whole = text.substr(0, point);
  PlainDigits plain;
  const size_t first = whole.find_first_of(", ");
  if (first == absl::string_view::npos) {
    plain.digits = std::string(whole);
  } else {
    const char separator = whole[first];
    if (first == 0 || first > 3 || (whole.size() - first) % 4 != 0) {
      return std::nullopt;
    }
    for (size_t i = 0; i < whole.size(); ++i) {
      const bool here = i >= first && (i - first) % 4 == 0;
      if (here != (whole[i] == separator)) return std::nullopt;
      if (!here) plain.digits.push_back(whole[i]);
    }
  }
  if (point != absl::string_view::npos) {
    const absl::string_view decimals = text.substr(point + 1);
    if (decimals.empty()) return std::nullopt;
    plain.decimals = decimals.size();
    absl::StrAppend(&plain.digits, decimals);
  }
  // ".5" is written by some programs.
  if (plain.digits.empty() || plain.digits.size() > number_digits_max) {
    return std::nullopt;
  }
  for (const char digit : plain.digits) {
    if (!IsDigit(digit)) return std::nullopt;
  }
  return plain;
}

struct SignedDigits {
  PlainDigits digits;
  bool negative = false;
};

// Reads sign, brackets, 红字 and currency around the digits. Each may stand
// once; two signs are no number.
absl::StatusOr<SignedDigits> ReadSigned(absl::string_view shown,
                                        absl::string_view text) {
  int signs = 0;
  bool negative = false;
  const auto sign = [&](bool minus) {
    ++signs;
    negative = minus;
  };
  if (ConsumeFront(text, "红字") || ConsumeFront(text, "红")) sign(true);
  bool currency = false;
  // In any order: -￥5, ￥-5, (￥5), ￥(5).
  for (bool more = true; more;) {
    more = false;
    if (!currency &&
        (ConsumeFront(text, "¥") || ConsumeFront(text, "CNY") ||
         ConsumeFront(text, "RMB") || ConsumeFront(text, "人民币"))) {
      currency = more = true;
    } else if (ConsumeFront(text, "-") || ConsumeFront(text, "−")) {
      sign(true);
      more = true;
    } else if (ConsumeFront(text, "+")) {
      sign(false);
      more = true;
    } else if (absl::StartsWith(text, "(") && absl::EndsWith(text, ")")) {
      text = text.substr(1, text.size() - 2);
      Trim(text);
      sign(true);
      more = true;
    }
  }
  if (ConsumeBack(text, "-")) sign(true);
  if (signs > 1) return Wrong(shown, "it has two signs; write one");
  if (text.find_first_of("eE") != absl::string_view::npos) {
    return Wrong(shown,
                 "a number with an exponent has lost digits; format the column "
                 "as number with two decimals and save the table again");
  }
  std::optional<PlainDigits> digits = ReadDigits(text);
  if (!digits.has_value()) {
    return Wrong(shown, "it is no number; write it like 1234.56 or 1,234.56");
  }
  return SignedDigits{*std::move(digits), negative};
}

// The number `digits` * 10^-decimals in units of 10^-`scale`.
absl::StatusOr<Int128> ScaledTo(absl::string_view shown, PlainDigits plain,
                                size_t scale, absl::string_view remedy) {
  while (plain.decimals > scale && plain.digits.back() == '0') {
    plain.digits.pop_back();
    --plain.decimals;
  }
  if (plain.decimals > scale) {
    return absl::OutOfRangeError(absl::StrCat(
        "'", Shortened(shown, value_shown_bytes_max), "': has ", plain.decimals,
        " decimals, at most ", scale, "; ", remedy));
  }
  Int128 value = 0;
  const Int128 limit = PowerOfTen(30);
  for (const char digit : plain.digits) {
    value = value * 10 + (digit - '0');
    if (value > limit) break;
  }
  for (size_t i = plain.decimals; i < scale && value <= limit; ++i) value *= 10;
  return value;
}

// Drops "元" or "万元" where it is the expected unit.
absl::Status ConsumeUnit(absl::string_view shown, absl::string_view& text,
                         AmountUnit unit) {
  std::optional<AmountUnit> written;
  if (ConsumeBack(text, "万元")) {
    written = AmountUnit::kWanYuan;
  } else if (ConsumeBack(text, "元")) {
    written = AmountUnit::kYuan;
  }
  if (!written.has_value() || *written == unit) return absl::OkStatus();
  return Wrong(shown, unit == AmountUnit::kYuan
                          ? "it is in 万元 where 元 is expected"
                          : "it is in 元 where 万元 is expected");
}

// The formats that are tried where the mapping names none.
const std::vector<std::string>& DefaultFormats() {
  static const auto* const formats = new std::vector<std::string>{
      "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"};
  return *formats;
}

// The day that `text` says by `format`, a time of day behind it allowed.
std::optional<absl::CivilDay> ReadDay(const std::string& text,
                                      const std::string& format) {
  for (const char* const time :
       {"", " %H:%M", " %H:%M:%E*S", "T%H:%M:%E*S", "T%H:%M:%E*S%Ez"}) {
    absl::Time parsed;
    // Midnight where it begins: an offset tells the zone of the clock, and the
    // day is the one that is written.
    const bool zone = absl::EndsWith(time, "%Ez");
    if (zone) {
      const size_t t = text.find('T');
      if (t == std::string::npos) continue;
      absl::Time whole;
      if (!absl::ParseTime(absl::StrCat(format, time), text, &whole, nullptr)) {
        continue;
      }
      return ReadDay(text.substr(0, t), format);
    }
    if (absl::ParseTime(absl::StrCat(format, time), text, absl::UTCTimeZone(),
                        &parsed, nullptr)) {
      return absl::ToCivilDay(parsed, absl::UTCTimeZone());
    }
  }
  return std::nullopt;
}

// 20240305, and 45356 as spreadsheets count days.
std::optional<absl::CivilDay> ReadNumericDay(const std::string& text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsDigit(text[i]) && (text[i] != '.' || i != 5)) return std::nullopt;
  }
  if (text.size() == 8 && text.find('.') == std::string::npos) {
    const absl::StatusOr<absl::CivilDay> day = daybook::ParseDay(absl::StrCat(
        text.substr(0, 4), "-", text.substr(4, 2), "-", text.substr(6, 2)));
    return day.ok() ? std::make_optional(*day) : std::nullopt;
  }
  if (text.size() != 5 && (text.size() < 6 || text[5] != '.')) {
    return std::nullopt;
  }
  const std::optional<std::string> day = DayOfSerial(text, false);
  if (!day.has_value()) return std::nullopt;
  const absl::StatusOr<absl::CivilDay> parsed =
      daybook::ParseDay(day->substr(0, 10));
  return parsed.ok() ? std::make_optional(*parsed) : std::nullopt;
}

}  // namespace

std::string HalfWidth(absl::string_view text) {
  std::string half;
  half.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const auto byte = [&](size_t offset) {
      return i + offset < text.size()
                 ? static_cast<unsigned char>(text[i + offset])
                 : 0u;
    };
    // U+FF01 to U+FF5E are the ASCII characters from 0x21 on.
    const bool full = byte(0) == 0xEF && (byte(1) == 0xBC || byte(1) == 0xBD);
    const uint32_t code = 0xF000u | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    if (full && code >= 0xFF01 && code <= 0xFF5E) {
      half.push_back(static_cast<char>(code - 0xFF01 + 0x21));
      i += 3;
    } else if (absl::StartsWith(text.substr(i), "￥")) {
      half.append("¥");
      i += 3;
    } else if (absl::StartsWith(text.substr(i), "\u3000")) {
      half.push_back(' ');
      i += 3;
    } else if (absl::StartsWith(text.substr(i), "\u00A0")) {
      half.push_back(' ');
      i += 2;
    } else {
      half.push_back(text[i]);
      ++i;
    }
  }
  return std::string(absl::StripAsciiWhitespace(half));
}

absl::StatusOr<CellAmount> ParseAmount(absl::string_view text,
                                       AmountUnit unit) {
  const std::string half = HalfWidth(text);
  absl::string_view rest = half;
  if (rest.empty()) return CellAmount{};
  if (rest == "无") return CellAmount{CellAmount::Kind::kNone};
  if (rest == "——" || rest == "—" || rest == "--" || rest == "-") {
    return CellAmount{CellAmount::Kind::kNotApplicable};
  }
  RETURN_IF_ERROR(ConsumeUnit(text, rest, unit));
  ASSIGN_OR_RETURN(SignedDigits digits, ReadSigned(text, rest));
  const bool yuan = unit == AmountUnit::kYuan;
  ASSIGN_OR_RETURN(
      const Int128 fen,
      ScaledTo(text, std::move(digits.digits), yuan ? 2 : 6,
               yuan ? "money is whole fen: round it where it comes from"
                    : "money is whole fen: round it where it comes from, to "
                      "six decimals of 万元"));
  if (fen > Money::event_fen_max) {
    return absl::OutOfRangeError(absl::StrCat(
        "'", Shortened(text, value_shown_bytes_max),
        "': is over 10^14 fen, a million million 元; check the unit"));
  }
  const auto amount = static_cast<int64_t>(fen);
  return CellAmount{CellAmount::Kind::kAmount,
                    digits.negative ? -amount : amount};
}

absl::StatusOr<CellAmount> ParseAmount(const Cell& cell, AmountUnit unit) {
  if (cell.kind == Cell::Kind::kError) {
    return Wrong(cell.text,
                 "the formula has no result; mend it in the spreadsheet");
  }
  if (cell.kind == Cell::Kind::kDate) {
    return Wrong(cell.text,
                 "it is a date where an amount is expected; format the column "
                 "as number, or check the mapping");
  }
  if (cell.merged) {
    return Wrong(cell.text,
                 "the amount is merged over several rows; give each row its "
                 "own");
  }
  return ParseAmount(cell.text, unit);
}

absl::StatusOr<Decimal> ParseNumber(absl::string_view text) {
  const std::string half = HalfWidth(text);
  ASSIGN_OR_RETURN(const SignedDigits digits, ReadSigned(text, half));
  const PlainDigits& plain = digits.digits;
  const size_t point = plain.digits.size() - plain.decimals;
  const absl::string_view all(plain.digits);
  return Decimal::Parse(absl::StrCat(
      digits.negative ? "-" : "", point == 0 ? "0" : all.substr(0, point),
      plain.decimals == 0 ? "" : ".", all.substr(point)));
}

absl::StatusOr<absl::CivilDay> ParseDay(
    const Cell& cell, const std::vector<std::string>& formats) {
  if (cell.kind == Cell::Kind::kDate) {
    return daybook::ParseDay(cell.text.substr(0, 10));
  }
  const std::string text = HalfWidth(cell.text);
  if (text.empty()) {
    return absl::InvalidArgumentError("the day is blank; fill it in");
  }
  if (text.size() <= day_bytes_max) {
    for (const std::string& format :
         formats.empty() ? DefaultFormats() : formats) {
      const std::optional<absl::CivilDay> day = ReadDay(text, format);
      if (day.has_value() && day->year() >= 1 && day->year() <= 9999) {
        return *day;
      }
    }
    const bool serial = formats.empty() || cell.kind == Cell::Kind::kNumber;
    const std::optional<absl::CivilDay> day =
        serial ? ReadNumericDay(text) : std::nullopt;
    if (day.has_value()) return *day;
  }
  return Wrong(cell.text,
               formats.empty()
                   ? "it is no day; write it like 2024-03-05"
                   : absl::StrCat("it is no day in the format ",
                                  formats.front(), "; mend it or the mapping"));
}

absl::StatusOr<absl::Time> ParseDayTime(
    const Cell& cell, const std::vector<std::string>& formats) {
  ASSIGN_OR_RETURN(const absl::CivilDay day, ParseDay(cell, formats));
  static const absl::TimeZone* const zone =
      new absl::TimeZone(absl::FixedTimeZone(8 * 60 * 60));
  const std::string text = HalfWidth(cell.text);
  const size_t begin = text.find_first_of(" T");
  if (begin != std::string::npos) {
    const std::string clock =
        absl::StrCat(FormatDay(day), " ", text.substr(begin + 1));
    for (const char* const format :
         {"%Y-%m-%d %H:%M:%E*S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%E*S%Ez"}) {
      absl::Time time;
      if (absl::ParseTime(format, clock, *zone, &time, nullptr)) return time;
    }
  }
  return absl::FromCivil(day, *zone);
}

std::string HeadingKey(absl::string_view heading) {
  std::string key = HalfWidth(heading);
  absl::AsciiStrToLower(&key);
  key.erase(
      std::remove_if(key.begin(), key.end(),
                     [](unsigned char c) { return absl::ascii_isspace(c); }),
      key.end());
  return key;
}

SubtotalKind SubtotalKindOf(absl::string_view text) {
  std::string key = HeadingKey(text);
  while (!key.empty() && (key.back() == ':' || key.back() == '.')) {
    key.pop_back();
  }
  if (key.empty()) return SubtotalKind::kNone;
  for (const char* const word :
       {"期初余额", "年初余额", "月初余额", "上年结转", "上年结余"}) {
    if (absl::EndsWith(key, word)) return SubtotalKind::kOpening;
  }
  for (const char* const word : {"承前页", "过次页", "期末余额"}) {
    if (absl::EndsWith(key, word)) return SubtotalKind::kBalance;
  }
  if (absl::EndsWith(key, "累计")) return SubtotalKind::kYear;
  if (absl::EndsWith(key, "小计")) return SubtotalKind::kSubtotal;
  if (absl::EndsWith(key, "月合计") || absl::EndsWith(key, "月份合计") ||
      absl::EndsWith(key, "本期合计") || absl::EndsWith(key, "月计")) {
    return SubtotalKind::kMonth;
  }
  if (key == "合计" || key == "总计" || absl::EndsWith(key, "总计") ||
      key == "共计" || key == "全部合计") {
    return SubtotalKind::kTotal;
  }
  if (absl::EndsWith(key, "合计")) return SubtotalKind::kSubtotal;
  return SubtotalKind::kNone;
}

SubtotalKind SubtotalKindOf(const Row& row) {
  for (const Cell& cell : row.cells) {
    const SubtotalKind kind = SubtotalKindOf(cell.text);
    if (kind != SubtotalKind::kNone) return kind;
  }
  return SubtotalKind::kNone;
}

bool IsBlankRow(const Row& row) {
  for (const Cell& cell : row.cells) {
    // What is only repeated from above is not the row's own.
    if (!cell.merged && !HalfWidth(cell.text).empty()) return false;
  }
  return true;
}

}  // namespace daybook::importer
