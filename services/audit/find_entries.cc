#include "services/audit/find_entries.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/report/entry_filter.h"
#include "services/audit/entry_scan.h"
#include "services/grpc/page_token.h"

namespace daybook::services {
namespace {

// Where a page begins, and the size that the first one saw.
struct Place {
  Position next{0};
  LogSize size{0};
};

// What must be the same for all pages.
std::string QuestionOf(const v1::FindEntriesRequest& request) {
  return absl::StrCat("FindEntries/", request.ledger(), "/",
                      request.include_personal_data(), "/",
                      request.filter().SerializeAsString());
}

absl::StatusOr<Place> PlaceOf(const LedgerEngine& ledger,
                              const v1::FindEntriesRequest& request) {
  const LogSize size = ledger.size();
  if (request.page_token().empty()) return Place{Position(0), size};
  ASSIGN_OR_RETURN(const std::string text,
                   ParsePageToken(QuestionOf(request), request.page_token()));
  const std::vector<std::string> parts = absl::StrSplit(text, ' ');
  uint64_t next = 0;
  uint64_t first_size = 0;
  if (parts.size() == 2 && absl::SimpleAtoi(parts[0], &next) &&
      absl::SimpleAtoi(parts[1], &first_size) && next < first_size &&
      first_size <= size.value()) {
    return Place{Position(next), LogSize(first_size)};
  }
  return absl::InvalidArgumentError(
      "page_token: it is not of this ledger as it is now; ask for the first "
      "page with an empty token");
}

// One page as it fills.
class Page {
 public:
  Page(const LedgerEngine& ledger, bool with_personal_data, size_t rows_max,
       size_t bytes_max)
      : ledger_(ledger),
        with_personal_data_(with_personal_data),
        rows_max_(rows_max),
        bytes_max_(bytes_max) {}

  bool full() const {
    return static_cast<size_t>(response.entries_size()) >= rows_max_ ||
           bytes_ >= bytes_max_;
  }

  // Takes as many as there is room for; answers the position of the first that
  // it left.
  absl::StatusOr<std::optional<Position>> Take(
      std::vector<EntryScan::Found> found) {
    std::vector<Position> positions;
    for (const EntryScan::Found& one : found) {
      positions.push_back(one.position);
    }
    std::vector<std::optional<PersonalRecord>> personal(found.size());
    if (with_personal_data_) {
      ASSIGN_OR_RETURN(personal, ledger_.ReadPersonalData(positions));
    }
    for (size_t i = 0; i < found.size(); ++i) {
      if (full()) return std::optional<Position>(positions[i]);
      v1::StoredEntry& stored = *response.add_entries();
      stored.set_position(positions[i].value());
      stored.set_entry(std::move(found[i].entry));
      if (personal[i].has_value()) {
        *stored.mutable_personal_data() = std::move(personal[i]->data);
        stored.set_salt(std::move(personal[i]->salt));
      }
      bytes_ += stored.ByteSizeLong();
    }
    return std::optional<Position>();
  }

  v1::FindEntriesResponse response;

 private:
  const LedgerEngine& ledger_;
  const bool with_personal_data_;
  const size_t rows_max_;
  const size_t bytes_max_;
  size_t bytes_ = 0;
};

}  // namespace

absl::StatusOr<v1::FindEntriesResponse> FindEntries(
    const LedgerEngine& ledger, const v1::FindEntriesRequest& request,
    absl::FunctionRef<bool()> goes_on, FindLimits limits) {
  ASSIGN_OR_RETURN(const size_t page_size, ParsePageSize(request.page_size()));
  ASSIGN_OR_RETURN(EntryFilter filter,
                   EntryFilter::Make(request.filter(), ledger.ledger()));
  ASSIGN_OR_RETURN(const Place place, PlaceOf(ledger, request));
  std::vector<EntryFilter> filters;
  filters.push_back(std::move(filter));
  EntryScan scan(ledger, place.next, NextPosition(place.size),
                 std::move(filters));
  Page page(ledger, request.include_personal_data(), page_size,
            limits.bytes_max);
  std::optional<Position> left;
  while (!scan.done() && !left.has_value() && !page.full()) {
    ASSIGN_OR_RETURN(std::vector<EntryScan::Found> found, scan.NextChunk());
    ASSIGN_OR_RETURN(left, page.Take(std::move(found)));
    const uint64_t read = scan.next().value() - place.next.value();
    if (read >= limits.entries_max || !goes_on()) break;
  }
  const Position next = left.value_or(scan.next());
  v1::FindEntriesResponse response = std::move(page.response);
  response.set_read_size(next.value());
  response.set_size(place.size.value());
  if (next < NextPosition(place.size)) {
    response.set_next_page_token(
        MakePageToken(QuestionOf(request),
                      absl::StrCat(next.value(), " ", place.size.value())));
  }
  return response;
}

}  // namespace daybook::services
