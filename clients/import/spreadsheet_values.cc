#include "clients/import/spreadsheet_values.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "core/budget/fiscal_date.h"

namespace daybook::importer {
namespace {

constexpr size_t significant_digits = 15;
constexpr size_t digits_max = 40;
constexpr int exponent_max = 40;
constexpr int64_t seconds_of_day = 86'400;
// 31 December 9999 in the 1900 system.
constexpr int64_t serial_max = 2'958'465;

// Adds one to the last digit; true when it became one longer.
bool Increment(std::string& digits) {
  for (size_t i = digits.size(); i-- > 0;) {
    if (digits[i] != '9') {
      ++digits[i];
      return false;
    }
    digits[i] = '0';
  }
  digits.insert(digits.begin(), '1');
  return true;
}

// `point` is how many of `digits` stand before the decimal point; may lie
// outside of them.
std::string Write(bool negative, std::string digits, int point) {
  if (point <= 0) {
    digits.insert(0, static_cast<size_t>(1 - point), '0');
    point = 1;
  }
  if (digits.size() < static_cast<size_t>(point)) {
    digits.append(static_cast<size_t>(point) - digits.size(), '0');
  }
  std::string whole = digits.substr(0, static_cast<size_t>(point));
  std::string decimals = digits.substr(static_cast<size_t>(point));
  while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
  const size_t first = whole.find_first_not_of('0');
  whole.erase(0, first == std::string::npos ? whole.size() - 1 : first);
  const bool zero = whole == "0" && decimals.empty();
  return absl::StrCat(negative && !zero ? "-" : "", whole,
                      decimals.empty() ? "" : ".", decimals);
}

// Seconds of the day, rounded to the nearest, from "375" of 45356.375.
int64_t SecondsOf(absl::string_view decimals) {
  int64_t numerator = 0;
  int64_t denominator = 1;
  // A second is 1.2e-5 of a day: ten decimals are enough.
  for (const char digit : decimals.substr(0, 10)) {
    numerator = numerator * 10 + (digit - '0');
    denominator *= 10;
  }
  return (numerator * seconds_of_day + denominator / 2) / denominator;
}

}  // namespace

std::optional<std::string> PlainNumber(absl::string_view stored) {
  stored = absl::StripAsciiWhitespace(stored);
  const bool negative = absl::ConsumePrefix(&stored, "-");
  int exponent = 0;
  const size_t e = stored.find_first_of("eE");
  if (e != absl::string_view::npos) {
    if (!absl::SimpleAtoi(stored.substr(e + 1), &exponent) ||
        exponent > exponent_max || exponent < -exponent_max) {
      return std::nullopt;
    }
    stored = stored.substr(0, e);
  }
  std::string digits;
  std::optional<size_t> point;
  for (const char character : stored) {
    if (character == '.' && !point.has_value()) {
      point = digits.size();
    } else if (absl::ascii_isdigit(static_cast<unsigned char>(character))) {
      digits.push_back(character);
    } else {
      return std::nullopt;
    }
  }
  if (digits.empty() || digits.size() > digits_max) return std::nullopt;
  int places = static_cast<int>(point.value_or(digits.size())) + exponent;
  const size_t zeros = std::min(digits.find_first_not_of('0'), digits.size());
  digits.erase(0, zeros);
  places -= static_cast<int>(zeros);
  if (digits.empty()) return "0";
  if (digits.size() > significant_digits) {
    const bool up = digits[significant_digits] >= '5';
    digits.resize(significant_digits);
    if (up && Increment(digits)) ++places;
  }
  return Write(negative, std::move(digits), places);
}

std::optional<std::string> DayOfSerial(absl::string_view plain,
                                       bool system_1904) {
  const size_t point = plain.find('.');
  int64_t serial = 0;
  if (!absl::SimpleAtoi(plain.substr(0, point), &serial)) return std::nullopt;
  int64_t seconds =
      point == absl::string_view::npos ? 0 : SecondsOf(plain.substr(point + 1));
  if (seconds == seconds_of_day) {
    seconds = 0;
    ++serial;
  }
  if (serial < (system_1904 ? 0 : 1) || serial > serial_max ||
      (!system_1904 && serial == 60)) {
    return std::nullopt;
  }
  // The 1900 system counts a 29 February 1900.
  const absl::CivilDay first = system_1904   ? absl::CivilDay(1904, 1, 1)
                               : serial < 60 ? absl::CivilDay(1899, 12, 31)
                                             : absl::CivilDay(1899, 12, 30);
  const absl::CivilDay day = first + serial;
  if (day.year() > 9999) return std::nullopt;
  if (seconds == 0) return FormatDay(day);
  return absl::StrFormat("%s %02d:%02d:%02d", FormatDay(day), seconds / 3600,
                         seconds / 60 % 60, seconds % 60);
}

bool IsDateFormat(absl::string_view code) {
  // The first section is that of positive numbers.
  bool quoted = false;
  for (size_t i = 0; i < code.size(); ++i) {
    const char character =
        absl::ascii_tolower(static_cast<unsigned char>(code[i]));
    if (character == '"') {
      quoted = !quoted;
    } else if (quoted) {
      continue;
    } else if (character == '\\' || character == '_' || character == '*') {
      ++i;
    } else if (character == '[') {
      // [Red], [$-804] and [>=100] tell colour, language, condition; only [h],
      // [m] and [s] are a time, and no date.
      const size_t close = code.find(']', i);
      if (close == absl::string_view::npos) return false;
      i = close;
    } else if (character == ';') {
      return false;
    } else if (character == 'y' || character == 'd' || character == 'm' ||
               character == 'h') {
      return true;
    } else if (character == 'e' && i + 1 < code.size() &&
               (code[i + 1] == '+' || code[i + 1] == '-')) {
      // 0.00E+00.
      return false;
    } else if (absl::StartsWithIgnoreCase(code.substr(i), "general")) {
      i += 6;
    }
  }
  return false;
}

bool IsBuiltInDateFormat(int number) {
  return (number >= 14 && number <= 22) || (number >= 27 && number <= 36) ||
         (number >= 50 && number <= 58);
}

}  // namespace daybook::importer
