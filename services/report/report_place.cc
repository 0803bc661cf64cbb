#include "services/report/report_place.h"

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "services/grpc/page_token.h"

namespace daybook::services {
namespace {

// 9999-12-31T23:59:59Z.
constexpr int64_t seconds_max = 253'402'300'799;

std::string IdentityOf(const LedgerEngine& engine,
                       const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> question(request.New());
  question->CopyFrom(request);
  const auto* token = question->GetDescriptor()->FindFieldByName("page_token");
  DAYBOOK_CHECK(token != nullptr);
  question->GetReflection()->ClearField(question.get(), token);
  return absl::StrCat(question->GetDescriptor()->full_name(), " ",
                      engine.generation(), " ", question->SerializeAsString());
}

absl::StatusOr<KnownAt> ParseKnownAt(const v1::KnownAt& when) {
  KnownAt known_at;
  if (when.has_size()) known_at.size = LogSize(when.size());
  if (when.has_time()) {
    constexpr int32_t nanos_max = 999'999'999;
    constexpr int32_t nanos_of_micro = 1'000;
    const google::protobuf::Timestamp& time = when.time();
    if (time.nanos() < 0 || time.nanos() > nanos_max || time.seconds() < 0 ||
        time.seconds() > seconds_max) {
      return absl::InvalidArgumentError(
          absl::StrCat("known_at.time: ", time.seconds(), " s and ",
                       time.nanos(), " ns are no time from 1970 to 9999"));
    }
    known_at.time_us =
        time.seconds() * 1'000'000 + time.nanos() / nanos_of_micro;
  }
  return known_at;
}

}  // namespace

absl::StatusOr<AskedSize> ParseSize(const v1::KnownAt& known_at,
                                    uint64_t min_size) {
  AskedSize asked;
  ASSIGN_OR_RETURN(asked.known_at, ParseKnownAt(known_at));
  asked.min_size = LogSize(min_size);
  if (asked.known_at.size.has_value() &&
      *asked.known_at.size < asked.min_size) {
    return absl::InvalidArgumentError(
        absl::StrCat("min_size: ", min_size, " is above known_at.size ",
                     asked.known_at.size->value(), "; leave one of them out"));
  }
  return asked;
}

absl::StatusOr<std::optional<LogSize>> AwaitSize(LedgerEngine& engine,
                                                 const AskedSize& asked,
                                                 absl::Time deadline) {
  if (asked.min_size > engine.size()) {
    RETURN_IF_ERROR(engine.WaitForSize(asked.min_size, deadline));
  }
  ASSIGN_OR_RETURN(const std::optional<LogSize> size,
                   engine.Resolve(asked.known_at));
  if (size.has_value() && *size < asked.min_size) {
    return absl::InvalidArgumentError(
        absl::StrCat("min_size: ", asked.min_size.value(),
                     " is above the size at known_at.time, ", size->value(),
                     "; leave one of them out"));
  }
  return size;
}

absl::Status OtherToken() {
  return absl::InvalidArgumentError(
      "page_token: it was not answered to this question; begin without one");
}

absl::StatusOr<ResourceName> ParseReportName(absl::string_view name) {
  absl::StatusOr<ResourceName> parsed =
      ResourceName::Parse(name, ResourceName::Kind::kReport);
  if (parsed.ok()) return parsed;
  return absl::InvalidArgumentError(
      absl::StrCat("name: ", parsed.status().message()));
}

absl::StatusOr<ReportPlace> ParsePlace(const v1::Coordinates& coordinates,
                                       absl::Time now) {
  ReportPlace place;
  ASSIGN_OR_RETURN(place.name, ParseReportName(coordinates.name()));
  ASSIGN_OR_RETURN(
      place.as_of,
      ResolveAsOf(place.name.fiscal_year(),
                  coordinates.has_as_of() ? &coordinates.as_of() : nullptr,
                  now));
  ASSIGN_OR_RETURN(place.size, ParseSize(coordinates));
  return place;
}

absl::StatusOr<PinnedPlace> Pin(LedgerEngine& engine, const ReportPlace& place,
                                absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::optional<LogSize> size,
                   AwaitSize(engine, place.size, deadline));
  return PinnedPlace{place.name, place.as_of, size.value_or(engine.size())};
}

std::string MakeNumbersToken(const LedgerEngine& engine,
                             const google::protobuf::Message& request,
                             const std::vector<uint64_t>& numbers) {
  return MakePageToken(IdentityOf(engine, request),
                       absl::StrJoin(numbers, " "));
}

absl::StatusOr<std::vector<uint64_t>> ParseNumbersToken(
    const LedgerEngine& engine, const google::protobuf::Message& request,
    absl::string_view token, size_t count) {
  ASSIGN_OR_RETURN(const std::string text,
                   ParsePageToken(IdentityOf(engine, request), token));
  std::vector<uint64_t> numbers;
  if (text.empty()) return numbers;
  for (const absl::string_view part : absl::StrSplit(text, ' ')) {
    if (!absl::SimpleAtoi(part, &numbers.emplace_back())) numbers.clear();
  }
  if (numbers.size() == count) return numbers;
  return OtherToken();
}

void AppendPlace(const PinnedPlace& place, std::vector<uint64_t>& numbers) {
  numbers.push_back(static_cast<uint64_t>(absl::GetYearDay(place.as_of)));
  numbers.push_back(place.size.value());
}

absl::StatusOr<PinnedPlace> PlaceFrom(const LedgerEngine& engine,
                                      const ReportPlace& asked, uint64_t day,
                                      uint64_t size) {
  const absl::CivilDay first = FirstDay(asked.name.fiscal_year());
  constexpr uint64_t days_max = 366;
  if (day == 0 || day > days_max || size == 0 || size > engine.size().value()) {
    return OtherToken();
  }
  const absl::CivilDay as_of = first + static_cast<int64_t>(day) - 1;
  if (as_of > LastDay(asked.name.fiscal_year())) return OtherToken();
  return PinnedPlace{asked.name, as_of, LogSize(size)};
}

}  // namespace daybook::services
