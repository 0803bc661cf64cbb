// Where a report is read from: parsed from a request, and pinned so that every
// page of an answer is read from the same place.
//
// Thread safety: value types and pure functions, unless said otherwise.

#ifndef DAYBOOK_SERVICES_REPORT_REPORT_PLACE_H_
#define DAYBOOK_SERVICES_REPORT_REPORT_PLACE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "daybook/v1/report_history.pb.h"
#include "google/protobuf/message.h"
#include "services/engine/ledger_engine.h"

namespace daybook::services {

// When a call is answered.
struct CallTimes {
  absl::Time now;
  // Until when it may wait.
  absl::Time deadline;
};

// How much a call must know.
struct AskedSize {
  KnownAt known_at;
  // At least so many entries.
  LogSize min_size{0};
};

// Of any request that has `known_at` and `min_size`.
//
// Errors: INVALID_ARGUMENT for a time that is none, or when it must know more
// than it may.
absl::StatusOr<AskedSize> ParseSize(const v1::KnownAt& known_at,
                                    uint64_t min_size);
template <typename Request>
absl::StatusOr<AskedSize> ParseSize(const Request& request) {
  return ParseSize(request.known_at(), request.min_size());
}

// Waits for `min_size`; the size that `known_at` means, absent for the newest.
// Safe from any thread.
//
// Errors: as LedgerEngine::Resolve and WaitForSize; INVALID_ARGUMENT when the
// size is below `min_size`.
absl::StatusOr<std::optional<LogSize>> AwaitSize(LedgerEngine& engine,
                                                 const AskedSize& asked,
                                                 absl::Time deadline);

// Errors: INVALID_ARGUMENT when it names no report.
absl::StatusOr<ResourceName> ParseReportName(absl::string_view name);

// Coordinates as they were asked for.
struct ReportPlace {
  ResourceName name;
  absl::CivilDay as_of;
  AskedSize size;
};

// Errors: INVALID_ARGUMENT.
absl::StatusOr<ReportPlace> ParsePlace(const v1::Coordinates& coordinates,
                                       absl::Time now);

// Coordinates that do not move any more.
struct PinnedPlace {
  ResourceName name;
  absl::CivilDay as_of;
  LogSize size{0};
};

// Safe from any thread.
//
// Errors: as AwaitSize.
absl::StatusOr<PinnedPlace> Pin(LedgerEngine& engine, const ReportPlace& place,
                                absl::Time deadline);

// That a page token was answered to another question, or from another
// projection version.
absl::Status OtherToken();

// Page tokens that hold numbers: the pinned places, then where to go on.
// `request` is the question; its page token does not matter. All pages are of
// one projection version.
std::string MakeNumbersToken(const LedgerEngine& engine,
                             const google::protobuf::Message& request,
                             const std::vector<uint64_t>& numbers);

// Empty for the first page.
//
// Errors: INVALID_ARGUMENT when the token was not answered to this question
// with `count` numbers, or from another projection version.
absl::StatusOr<std::vector<uint64_t>> ParseNumbersToken(
    const LedgerEngine& engine, const google::protobuf::Message& request,
    absl::string_view token, size_t count);

// A pinned place as two numbers of a token, and back.
//
// Errors: INVALID_ARGUMENT for a day or size that the ledger never answered.
void AppendPlace(const PinnedPlace& place, std::vector<uint64_t>& numbers);
absl::StatusOr<PinnedPlace> PlaceFrom(const LedgerEngine& engine,
                                      const ReportPlace& asked, uint64_t day,
                                      uint64_t size);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_REPORT_PLACE_H_
