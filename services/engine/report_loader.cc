#include "services/engine/report_loader.h"

#include <climits>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/report/lineage_block.h"
#include "services/engine/entry_codec.h"
#include "services/engine/lineage_keys.h"
#include "services/engine/lineage_reader.h"

namespace daybook::services {
namespace {

constexpr size_t position_bytes = 8;

struct Definition {
  uint32_t number = 0;
  Bucket bucket;
};

// Calls `visit` for what is stated about a subject within `size`.
absl::Status ScanStated(
    LineageCursor& cursor, absl::string_view subject, LogSize size,
    absl::FunctionRef<absl::Status(const StatedPosting&)> visit) {
  const std::string prefix = StatedPrefix(subject);
  StatedPosting stated;
  for (cursor.Seek(prefix);
       cursor.valid() && absl::StartsWith(cursor.key(), prefix);
       cursor.Next()) {
    ASSIGN_OR_RETURN(stated.position, PositionOfKey(cursor.key(), prefix));
    if (stated.position >= NextPosition(size)) return absl::OkStatus();
    const absl::string_view bytes = cursor.value();
    if (bytes.size() > INT_MAX ||
        !stated.row.ParseFromArray(bytes.data(),
                                   static_cast<int>(bytes.size()))) {
      return IncompleteLineage(
          subject, absl::StrCat("what position ", stated.position.value(),
                                " states can not be read"));
    }
    RETURN_IF_ERROR(visit(stated));
  }
  return cursor.status();
}

// The buckets whose first posting lies within `size`.
absl::StatusOr<std::vector<Definition>> FindBuckets(LineageCursor& cursor,
                                                    absl::string_view subject,
                                                    LogSize size) {
  const std::string prefix = DefinitionPrefix(subject);
  std::vector<Definition> buckets;
  for (cursor.Seek(prefix);
       cursor.valid() && absl::StartsWith(cursor.key(), prefix);
       cursor.Next()) {
    Definition definition;
    ASSIGN_OR_RETURN(definition.number, BucketOfKey(cursor.key(), prefix));
    if (definition.number != buckets.size()) {
      return IncompleteLineage(
          subject, absl::StrCat("the definition of bucket ", buckets.size(),
                                " is missing"));
    }
    ASSIGN_OR_RETURN(const Position first,
                     ParsePosition(cursor.value().substr(0, position_bytes)));
    // Numbers rise with first positions.
    if (first >= NextPosition(size)) break;
    ASSIGN_OR_RETURN(definition.bucket,
                     ParseBucketKey(cursor.value().substr(position_bytes)));
    buckets.push_back(std::move(definition));
  }
  RETURN_IF_ERROR(cursor.status());
  return buckets;
}

}  // namespace

absl::StatusOr<ReportState> LoadReport(const Lineage& lineage,
                                       const ResourceName& name, LogSize size) {
  const std::string subject = name.ToString();
  const auto cursor = lineage.NewCursor(subject);
  ReportState report(name);
  RETURN_IF_ERROR(ScanStated(
      *cursor, subject, size,
      [&](const StatedPosting& stated) { return report.Apply(stated); }));
  ASSIGN_OR_RETURN(const std::vector<Definition> buckets,
                   FindBuckets(*cursor, subject, size));
  LineageSum sum;
  for (const Definition& definition : buckets) {
    ASSIGN_OR_RETURN(
        const bool found,
        AddLineage(*cursor, subject, definition.number, size, sum));
    if (!found) {
      return IncompleteLineage(
          subject, absl::StrCat("bucket ", definition.number, " is missing"));
    }
    report.SetMoney(definition.bucket, sum.Take());
  }
  return report;
}

absl::StatusOr<DepartmentState> LoadDepartment(const Lineage& lineage,
                                               const std::string& name,
                                               LogSize size) {
  const auto cursor = lineage.NewCursor(name);
  DepartmentState department;
  RETURN_IF_ERROR(ScanStated(
      *cursor, name, size,
      [&](const StatedPosting& stated) { return department.Apply(stated); }));
  return department;
}

absl::StatusOr<std::vector<std::string>> FindReports(const Lineage& lineage,
                                                     absl::string_view parent,
                                                     absl::string_view after,
                                                     size_t count) {
  const std::string prefix = absl::StrCat(parent, "/");
  const auto cursor = lineage.NewNameCursor();
  cursor->Seek(after.empty() ? prefix : KeyBehind(after));
  std::vector<std::string> names;
  while (names.size() < count && cursor->valid() &&
         absl::StartsWith(cursor->key(), prefix)) {
    std::string subject(SubjectOfKey(cursor->key()));
    const std::string behind = KeyBehind(subject);
    if (absl::StrContains(subject, "/reports/")) {
      names.push_back(std::move(subject));
    }
    cursor->Seek(behind);
  }
  RETURN_IF_ERROR(cursor->status());
  return names;
}

}  // namespace daybook::services
