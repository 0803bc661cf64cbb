#include "clients/cli/filter_flags.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/decimal.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/money.h"

namespace daybook::cli {
namespace {

constexpr uint32_t fen_scale = 2;

absl::Status OfFlag(absl::string_view flag, const absl::Status& status) {
  return absl::InvalidArgumentError(
      absl::StrCat("--", flag, ": ", status.message()));
}

}  // namespace

std::vector<Flag> WhoseFlags() {
  return {{.name = "subject",
           .value = "NAME",
           .help = "about this ledger, department or report, and what is under "
                   "it"},
          {.name = "source", .value = "NAME", .help = "stated by this source"},
          {.name = "principal",
           .value = "NAME",
           .help = "written by this principal"},
          {.name = "kind",
           .value = "PAYLOAD",
           .help = "of this kind, such as expenditure_recorded; may stand "
                   "several times",
           .repeated = true}};
}

std::vector<Flag> ContentFlags() {
  return {{.name = "number",
           .value = "NUMBER",
           .help = "with exactly this voucher, payment, contract or document "
                   "number"},
          {.name = "min-amount",
           .value = "YUAN",
           .help = "of at least so many yuan, whatever the sign"},
          {.name = "max-amount",
           .value = "YUAN",
           .help = "of at most so many yuan, whatever the sign"},
          {.name = "economic-code",
           .value = "DIGITS",
           .help = "with a department's economic code that begins with it"}};
}

absl::StatusOr<v1::EntryFilter> FilterOf(const CommandLine& line) {
  v1::EntryFilter filter;
  filter.set_subject(line.Text("subject"));
  filter.set_source(line.Text("source"));
  filter.set_principal(line.Text("principal"));
  for (const std::string& kind : line.Texts("kind")) filter.add_kinds(kind);
  filter.set_number(line.Text("number"));
  filter.set_economic_code(line.Text("economic-code"));
  filter.set_personal_text(line.Text("payee"));
  if (line.Has("min-amount")) {
    const auto fen = ParseYuan(line.Text("min-amount"));
    if (!fen.ok()) return OfFlag("min-amount", fen.status());
    filter.set_amount_from_fen(*fen);
  }
  if (line.Has("max-amount")) {
    const auto fen = ParseYuan(line.Text("max-amount"));
    if (!fen.ok()) return OfFlag("max-amount", fen.status());
    filter.set_amount_through_fen(*fen);
  }
  return filter;
}

absl::StatusOr<int64_t> ParseYuan(absl::string_view text) {
  const auto yuan = Decimal::Parse(text);
  if (yuan.ok() && yuan->scale() <= fen_scale && yuan->unscaled() >= 0) {
    const Int128 fen = yuan->UnscaledAt(fen_scale);
    if (fen <= Money::event_fen_max) return static_cast<int64_t>(fen);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", text,
                   "' is no amount; write yuan with at most two decimals, such "
                   "as 1234.50, without sign"));
}

absl::StatusOr<int64_t> ParseMoment(absl::string_view text, bool after) {
  const absl::TimeZone zone = absl::FixedTimeZone(8 * 60 * 60);
  const auto day = ParseDay(text);
  if (day.ok()) {
    return absl::ToUnixMicros(
        absl::FromCivil(absl::CivilSecond(after ? *day + 1 : *day), zone));
  }
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return absl::ToUnixMicros(time);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", text,
                   "' is no time; write a day, such as 2024-10-15, or a time "
                   "with its zone, such as 2024-10-15T12:00:00+08:00"));
}

}  // namespace daybook::cli
