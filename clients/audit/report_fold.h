// ReportFold: the states of all reports of a ledger, derived from its entries
// alone.
//
// Money is kept as two sums for each bucket: of all days up to one that is
// drawn for the report, and of the days behind it. So a report can be compared
// on that day and on 31 December, on which all of its events count, and the
// state of a report takes what it has buckets, however many events there were.
// The day is drawn anew for each verification: a server can not know it.
//
// A reversal counts for what it cancels, which may stand anywhere before it. So
// of every entry it is kept where its money stands and how much it is, in 12
// bytes, and reversals are settled when all entries were read; entries that
// state something, or move money in two buckets, are read again for that.
// Refused: reading all targets again (one in a hundred events is enough to read
// every bundle twice).
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_AUDIT_REPORT_FOLD_H_
#define DAYBOOK_CLIENTS_AUDIT_REPORT_FOLD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "clients/audit/entry_note.h"
#include "clients/audit/finding.h"
#include "clients/audit/identity_table.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "core/report/department_state.h"
#include "core/report/money_timeline.h"
#include "core/report/report_state.h"
#include "daybook/v1/entry.pb.h"

namespace daybook::audit {

// As many bytes of statements are kept, over all reports together.
inline constexpr size_t stated_bytes_max = size_t{96} << 20;

class ReportFold {
 public:
  // Reads the entry at a position again. Null when it can not be read any more
  // as it was.
  using Reread = absl::FunctionRef<absl::StatusOr<const v1::Entry*>(Position)>;

  // `seed` draws the days.
  ReportFold(uint64_t seed, Findings& findings)
      : seed_(seed), findings_(findings) {}

  // The next entry, in order.
  void Apply(Position position, const EntryNote& note);

  // What stands for an entry that is lost, so that positions stay right.
  void ApplyLost(Position position);

  // Finds what reversals and erasures are about, once all entries are in and
  // `identities` is settled.
  //
  // Errors: those of `reread`.
  absl::Status Settle(const IdentityTable& identities, Reread reread);

  // Whether all that is stated could be kept; without it there are no states.
  bool complete() const { return stated_bytes_ <= stated_bytes_max; }

  // Positions of entries whose personal data was erased, rising.
  const std::vector<uint64_t>& erased() const { return erased_; }

  // Names of the reports, in byte order.
  std::vector<std::string> Reports() const;

  // The day drawn for a report.
  static absl::CivilDay DrawnDay(uint64_t seed, const ResourceName& report);

  // A report and its department as they are after all entries. Right on the day
  // drawn and on 31 December alone.
  //
  // Errors: NOT_FOUND when there is no such report; DATA_LOSS when its entries
  // can not stand where they do.
  struct State {
    ReportState report;
    DepartmentState department;
  };
  absl::StatusOr<State> MakeState(const std::string& report) const;

 private:
  // Of an entry, by position: its bucket, or one of these.
  static constexpr uint32_t no_bucket = 0xFFFF'FFFF;
  static constexpr uint32_t reversing = 0xFFFF'FFFE;
  static constexpr uint32_t to_reread = 0xFFFF'FFFD;

  // A part of the table of entries.
  struct Moved {
    static constexpr size_t entries = 16'384;
    std::array<int64_t, entries> fen;
    std::array<uint32_t, entries> bucket;
  };

  struct Stated {
    uint64_t position = 0;
    // A serialised StatedRow.
    std::string row;
  };

  struct Subject {
    std::string name;
    // Absent when it names nothing.
    std::optional<ResourceName> parsed;
    DayOfYear drawn = 0;
    // Last closed day; 0: none.
    DayOfYear closed_through = 0;
    std::vector<Stated> stated;
    std::vector<uint32_t> buckets;
  };

  struct Bucket {
    uint32_t subject = 0;
    std::string key;
    // Through the day drawn, and behind it.
    std::array<MoneySum, 2> sums{};
  };

  // A reversal or an erasure.
  struct Reference {
    uint64_t target = 0;
    uint64_t position = 0;
    // Of what it is about, until it is found.
    uint64_t identity = 0;
    uint32_t subject = 0;
    DayOfYear day = 0;
    bool erases = false;
  };

  uint32_t SubjectOf(Position position, absl::string_view name);
  uint32_t BucketOf(uint32_t subject, absl::string_view key);
  void Add(uint32_t bucket, DayOfYear day, MoneySum sum);
  void ApplyMoney(Position position, const EntryNote& note, uint32_t subject);
  void ApplyStated(Position position, const EntryNote& note, uint32_t subject);
  void ApplyLate(const EntryNote& note, uint32_t subject);
  void NoteClosing(const v1::Event& event, Subject& subject);
  void KeepStated(Subject& subject, Position position,
                  const internal::StatedRow& row);
  void NoteMoved(Position position, uint32_t bucket, int64_t fen);
  bool CheckYear(Position position, const EntryNote& note,
                 const Subject& subject);
  void FindTargets(const IdentityTable& identities);
  absl::Status SettleReversal(const Reference& reference, Reread reread);
  absl::Status SettleErasure(const Reference& reference, Reread reread);
  void AddFinding(uint64_t position, const char* field, std::string found,
                  std::string expected);
  // OK also when there is none; then the department has no name.
  absl::StatusOr<DepartmentState> MakeDepartment(const std::string& name) const;

  const uint64_t seed_;
  Findings& findings_;
  std::vector<Subject> subjects_;
  absl::flat_hash_map<std::string, uint32_t> subjects_by_name_;
  std::vector<Bucket> buckets_;
  // By number of the subject, 4 bytes, and key.
  absl::flat_hash_map<std::string, uint32_t> buckets_by_key_;
  std::string key_;
  uint32_t last_subject_ = 0;
  std::vector<std::unique_ptr<Moved>> moved_;
  std::vector<Reference> references_;
  std::vector<uint64_t> erased_;
  size_t stated_bytes_ = 0;
};

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_REPORT_FOLD_H_
