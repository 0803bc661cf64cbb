#include "services/engine/report_history.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/admission/fact_keys.h"
#include "core/admission/references.h"
#include "core/base/status_macros.h"
#include "daybook/internal/fact.pb.h"
#include "services/engine/entry_codec.h"
#include "services/engine/lineage_keys.h"

namespace daybook::services {
namespace {

using storage::Space;

// Adds the first positions of what is stated about the subject.
absl::Status AddStated(LineageCursor& cursor, const std::string& subject,
                       LogSize from, LogSize limit, size_t count_max,
                       std::vector<Position>& positions) {
  const std::string prefix = StatedPrefix(subject);
  size_t count = 0;
  for (cursor.Seek(StatedKey(subject, Position(from.value())));
       count < count_max && cursor.valid() &&
       absl::StartsWith(cursor.key(), prefix);
       cursor.Next()) {
    ASSIGN_OR_RETURN(const Position position,
                     PositionOfKey(cursor.key(), prefix));
    if (position >= NextPosition(limit)) return absl::OkStatus();
    positions.push_back(position);
    ++count;
  }
  return cursor.status();
}

// The numbers of all buckets that began before a size.
absl::StatusOr<std::vector<uint32_t>> BucketsBefore(LineageCursor& cursor,
                                                    const std::string& subject,
                                                    LogSize size) {
  const std::string prefix = DefinitionPrefix(subject);
  std::vector<uint32_t> numbers;
  for (cursor.Seek(prefix);
       cursor.valid() && absl::StartsWith(cursor.key(), prefix);
       cursor.Next()) {
    ASSIGN_OR_RETURN(const Position first,
                     ParsePosition(cursor.value().substr(0, sizeof(uint64_t))));
    if (first >= NextPosition(size)) break;
    ASSIGN_OR_RETURN(const uint32_t number, BucketOfKey(cursor.key(), prefix));
    numbers.push_back(number);
  }
  RETURN_IF_ERROR(cursor.status());
  return numbers;
}

}  // namespace

LineageReader ReportHistory::Rows(const ResourceName& report,
                                  std::vector<uint32_t> buckets,
                                  const RowRange& range) const {
  return LineageReader(lineage_, report.ToString(), std::move(buckets), range);
}

absl::StatusOr<std::vector<MoneyTimeline>> ReportHistory::Timelines(
    const ResourceName& report, const std::vector<uint32_t>& buckets,
    LogSize size) const {
  const std::string subject = report.ToString();
  const auto cursor = lineage_.NewCursor(subject);
  std::vector<MoneyTimeline> timelines;
  timelines.reserve(buckets.size());
  LineageSum sum;
  for (const uint32_t bucket : buckets) {
    if (size > LogSize(0)) {
      RETURN_IF_ERROR(AddLineage(*cursor, subject, bucket, size, sum).status());
    }
    timelines.push_back(sum.Take());
  }
  return timelines;
}

absl::StatusOr<ReportChanges> ReportHistory::Changes(const ResourceName& report,
                                                     LogSize from,
                                                     LogSize limit,
                                                     size_t count_max) const {
  const std::string subject = report.ToString();
  const auto cursor = lineage_.NewCursor(subject);
  ReportChanges changes;
  std::vector<Position>& positions = changes.positions;
  const std::string department = report.DepartmentString();
  const auto department_cursor = lineage_.NewCursor(department);
  RETURN_IF_ERROR(AddStated(*department_cursor, department, from, limit,
                            count_max + 1, positions));
  RETURN_IF_ERROR(
      AddStated(*cursor, subject, from, limit, count_max + 1, positions));
  ASSIGN_OR_RETURN(std::vector<uint32_t> buckets,
                   BucketsBefore(*cursor, subject, limit));
  LineageReader rows = Rows(report, std::move(buckets),
                            {Position(from.value()), NextPosition(limit)});
  // An entry may have rows in several buckets.
  for (size_t moved = 0; moved <= count_max;) {
    ASSIGN_OR_RETURN(const std::optional<BucketRow> row, rows.Next());
    if (!row.has_value()) break;
    if (positions.empty() || positions.back() != row->row.position) {
      positions.push_back(row->row.position);
      ++moved;
    }
  }
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()),
                  positions.end());
  changes.size = limit;
  if (positions.size() > count_max) {
    changes.size = LogSize(positions[count_max].value());
    positions.resize(count_max, Position(0));
  }
  return changes;
}

absl::StatusOr<std::vector<Position>> ReportHistory::Stated(
    const std::string& subject, LogSize limit, size_t count_max) const {
  std::vector<Position> positions;
  const auto cursor = lineage_.NewCursor(subject);
  RETURN_IF_ERROR(
      AddStated(*cursor, subject, LogSize(0), limit, count_max, positions));
  return positions;
}

absl::StatusOr<v1::Entry> ReportHistory::Entry(Position position) const {
  ASSIGN_OR_RETURN(const std::string bytes, log_.Read(position));
  return ParseEntry(position, bytes);
}

absl::StatusOr<std::optional<v1::Entry>> ReportHistory::Target(
    const v1::Entry& entry) const {
  if (!entry.event().has_reversal()) return std::optional<v1::Entry>();
  const auto named = TargetOf(entry.event(), entry.source());
  ASSIGN_OR_RETURN(std::optional<v1::Entry> target,
                   identities_.Find(named->source(), named->event_id()));
  if (target.has_value()) return target;
  return absl::DataLossError(
      absl::StrCat("position ", entry.position(),
                   " reverses an event that is not there; restart daybookd "
                   "with --rebuild"));
}

absl::StatusOr<std::optional<Position>> ReportHistory::Reversal(
    Position position) const {
  ASSIGN_OR_RETURN(const auto values,
                   log_.ReadSide(Space::kFact, {ReversedKey(position)}));
  if (!values[0].has_value()) return std::optional<Position>();
  internal::ReversedFact fact;
  if (!fact.ParseFromString(*values[0])) {
    return absl::DataLossError(
        absl::StrCat("the stored reversal of position ", position.value(),
                     " can not be read; restart daybookd with --rebuild"));
  }
  return std::optional<Position>(Position(fact.reversed_by()));
}

}  // namespace daybook::services
