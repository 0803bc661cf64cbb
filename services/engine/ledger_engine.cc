#include "services/engine/ledger_engine.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/admission/fact_keys.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "daybook/internal/fact.pb.h"
#include "services/engine/rebuild.h"
#include "services/engine/report_loader.h"
#include "services/engine/source_rows.h"

namespace daybook::services {
namespace {

absl::Status NoSuchDepartment(const ResourceName& name, LogSize size) {
  return absl::NotFoundError(absl::StrCat(
      "there is no department ", name.DepartmentString(), " at size ",
      size.value(),
      "; record its department_registered first, or ask as known after it"));
}

absl::Status CheckExists(const ResourceName& name,
                         const ReportSnapshot& snapshot, LogSize size) {
  if (snapshot.department.name.empty()) return NoSuchDepartment(name, size);
  if (snapshot.report.is_opened()) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(
      "there is no report ", name.ToString(), " at size ", size.value(),
      "; record its report_opened first, or ask as known after it"));
}

absl::StatusOr<v1::Genesis> ReadGenesis(const storage::EventLog& log,
                                        absl::string_view ledger) {
  if (log.size() == LogSize(0)) {
    return absl::DataLossError(
        absl::StrCat("the log of ", ledger, " has no genesis entry"));
  }
  ASSIGN_OR_RETURN(const std::string bytes, log.Read(Position(0)));
  ASSIGN_OR_RETURN(v1::Entry entry, ParseEntry(Position(0), bytes));
  v1::Genesis& genesis = *entry.mutable_genesis();
  if (genesis.ledger() != ledger) {
    return absl::DataLossError(absl::StrCat(
        "the log of ", ledger, " begins with an entry of another ledger"));
  }
  if (genesis.ledger_id().size() != ledger_id_bytes) {
    return absl::DataLossError(
        absl::StrCat("the genesis of ", ledger, " has no ledger id"));
  }
  return genesis;
}

}  // namespace

LedgerEngine::LedgerEngine(storage::EventLog& log, Parts parts,
                           const Clock& clock, LedgerEngineOptions options)
    : log_(log),
      options_(std::move(options)),
      genesis_(std::move(parts.genesis)),
      identities_(std::move(parts.identities)),
      tree_(std::move(parts.tree)),
      lineage_(log, storage::Space::kLineage, options_.lineage),
      history_(log, *identities_, lineage_),
      reports_(log, lineage_, options_.report_bytes_max),
      tip_(log, clock),
      eraser_(log),
      writer_({ledger(), log, *identities_, tip_, lineage_, *tree_, reports_,
               eraser_},
              options_.writer) {}

LedgerEngine::~LedgerEngine() {
  rebuild_ = nullptr;
  Settle().IgnoreError();
}

absl::Status LedgerEngine::Settle() {
  return writer_.Hold([this] { return lineage_.Settle(); });
}

absl::StatusOr<std::unique_ptr<LedgerEngine>> LedgerEngine::Open(
    storage::EventLog& log, absl::string_view ledger, const Clock& clock,
    LedgerEngineOptions options) {
  Parts parts;
  ASSIGN_OR_RETURN(parts.genesis, ReadGenesis(log, ledger));
  ASSIGN_OR_RETURN(parts.identities,
                   Identities::Open(log, parts.genesis.ledger_id()));
  ASSIGN_OR_RETURN(parts.tree, LedgerTree::Open(log));
  std::unique_ptr<LedgerEngine> engine(
      new LedgerEngine(log, std::move(parts), clock, std::move(options)));
  ASSIGN_OR_RETURN(const int64_t recorded,
                   engine->RecordedTimeAt(Position(log.size().value() - 1)));
  RETURN_IF_ERROR(engine->tip_.Load(recorded));
  ASSIGN_OR_RETURN(const std::optional<uint32_t> stored, StoredVersion(log));
  const bool rebuilds = !stored.has_value() || engine->options_.rebuild;
  if (rebuilds) RETURN_IF_ERROR(Rebuild(log, *engine->identities_));
  RETURN_IF_ERROR(engine->eraser_.EraseAgain());
  RETURN_IF_ERROR(engine->lineage_.CatchUp([&engine](const v1::Entry& entry) {
    return engine->history_.Target(entry);
  }));
  if (!rebuilds && *stored != projection_version) {
    LedgerEngine* const opened = engine.get();
    engine->rebuild_ = std::make_unique<BackgroundRebuild>(
        BackgroundRebuild::Ledger{
            engine->ledger(), log, *engine->identities_,
            [opened](absl::FunctionRef<absl::Status()> work) {
              return opened->writer_.Hold(work);
            },
            [opened] { return opened->SwitchGeneration(); }},
        engine->options_.background);
    return engine;
  }
  RETURN_IF_ERROR(ClearNextGeneration(log));
  return engine;
}

absl::Status LedgerEngine::SwitchGeneration() {
  RETURN_IF_ERROR(
      tip_.CarryOver([this](std::vector<storage::SideWrite> writes) {
        for (storage::SideWrite& write :
             CompleteWrites(storage::Space::kNextFact, log_.size())) {
          writes.push_back(std::move(write));
        }
        return log_.SwitchGeneration(writes);
      }));
  writer_.Forget();
  reports_.Clear();
  return absl::OkStatus();
}

absl::StatusOr<int64_t> LedgerEngine::RecordedTimeAt(Position position) const {
  ASSIGN_OR_RETURN(const std::string bytes, log_.Read(position));
  ASSIGN_OR_RETURN(const v1::Entry entry, ParseEntry(position, bytes));
  return entry.recorded_time_us();
}

absl::StatusOr<std::optional<LogSize>> LedgerEngine::Resolve(
    const KnownAt& known_at) {
  if (known_at.size.has_value()) {
    const LogSize known = size();
    if (*known_at.size > known || *known_at.size == LogSize(0)) {
      return absl::OutOfRangeError(absl::StrCat(
          "known_at.size: ", ledger(), " has ", known.value(), " entries, and ",
          known_at.size->value(), " was asked for; give 1 to ", known.value()));
    }
    return known_at.size;
  }
  if (!known_at.time_us.has_value()) return std::optional<LogSize>();
  const int64_t time = *known_at.time_us;
  {
    ASSIGN_OR_RETURN(const std::optional<LogSize> size, tip_.AnswerTime(time));
    if (size.has_value()) return size;
  }
  ASSIGN_OR_RETURN(const LogSize size, SizeAt(time));
  if (size == LogSize(0)) {
    return absl::OutOfRangeError(
        absl::StrCat("known_at.time: ", ledger(), " did not exist at ",
                     absl::FormatTime(absl::FromUnixMicros(time)),
                     "; ask for a later time"));
  }
  return std::optional<LogSize>(size);
}

// Recorded times rise with positions.
absl::StatusOr<LogSize> LedgerEngine::SizeAt(int64_t time_us) const {
  uint64_t within = 0;
  uint64_t past = size().value();
  while (within < past) {
    const uint64_t middle = within + (past - within) / 2;
    ASSIGN_OR_RETURN(const int64_t recorded, RecordedTimeAt(Position(middle)));
    if (recorded <= time_us) {
      within = middle + 1;
    } else {
      past = middle;
    }
  }
  return LogSize(within);
}

absl::Status LedgerEngine::WaitForSize(LogSize size,
                                       absl::Time deadline) const {
  if (tip_.WaitForSize(size, deadline)) return absl::OkStatus();
  return absl::DeadlineExceededError(absl::StrCat(
      "min_size: ", ledger(), " has ", this->size().value(), " entries, not ",
      size.value(), "; wait until they are recorded, and retry"));
}

absl::Status LedgerEngine::ReadReport(
    const ResourceName& report, std::optional<LogSize> known_at,
    absl::FunctionRef<void(const ReportInput&)> read) {
  absl::Status found;
  bool answered = false;
  LogSize answered_size(0);
  const auto answer = [&](const ReportSnapshot& snapshot) {
    const LogSize size = known_at.value_or(snapshot.size);
    answered = true;
    answered_size = size;
    found = CheckExists(report, snapshot, size);
    if (!found.ok()) return;
    const auto recorded = RecordedTimeAt(Position(size.value() - 1));
    found = recorded.status();
    if (!found.ok()) return;
    read({snapshot.report, snapshot.department, size, *recorded,
          snapshot.projection_version});
  };
  // The tip's state serves a past size as well when nothing was recorded since,
  // up to after it was taken.
  const auto answer_from_tip = [&](const ReportSnapshot& snapshot) {
    if (known_at.has_value()) {
      const auto changed = LastChange(report);
      found = changed.status();
      if (!found.ok() || *changed > *known_at) return;
    }
    answer(snapshot);
  };
  if (known_at.has_value()) {
    ASSIGN_OR_RETURN(const LogSize changed, LastChange(report));
    if (changed > *known_at) {
      RETURN_IF_ERROR(reports_.Read(report, known_at, answer));
      return found;
    }
  }
  RETURN_IF_ERROR(reports_.Read(report, std::nullopt, answer_from_tip));
  RETURN_IF_ERROR(found);
  // A report that was loaded during a commit may know of it before the ledger
  // says so.
  if (answered) return WaitForSize(answered_size, absl::InfiniteFuture());
  RETURN_IF_ERROR(reports_.Read(report, known_at, answer));
  return found;
}

absl::StatusOr<bool> LedgerEngine::IsKnown(const ResourceName& subject) const {
  if (subject.kind() == ResourceName::Kind::kLedger) return true;
  ASSIGN_OR_RETURN(
      const auto values,
      log_.ReadSide(storage::Space::kFact, {SubjectKey(subject.ToString())}));
  return values[0].has_value();
}

absl::StatusOr<LogSize> LedgerEngine::LastChange(
    const ResourceName& report) const {
  ASSIGN_OR_RETURN(const auto values,
                   log_.ReadSide(storage::Space::kFact,
                                 {SubjectKey(report.ToString()),
                                  SubjectKey(report.DepartmentString())}));
  LogSize changed(0);
  for (const std::optional<std::string>& value : values) {
    if (!value.has_value()) continue;
    internal::SubjectFact fact;
    if (!fact.ParseFromString(*value)) {
      return absl::DataLossError(
          absl::StrCat("the stored facts about ", report.ToString(),
                       " can not be read; restore the log from a backup or a "
                       "mirror"));
    }
    changed = std::max(changed, LogSize(fact.last_position() + 1));
  }
  return changed;
}

absl::StatusOr<std::vector<std::string>> LedgerEngine::ListReports(
    const ResourceName& parent, absl::string_view after, size_t count) const {
  if (parent.kind() == ResourceName::Kind::kDepartment) {
    ASSIGN_OR_RETURN(const DepartmentState department,
                     LoadDepartment(lineage_, parent.ToString(), size()));
    if (department.name.empty()) return NoSuchDepartment(parent, size());
  }
  return FindReports(lineage_, parent.ToString(), after, count);
}

absl::StatusOr<std::string> LedgerEngine::ReadEntry(Position position) const {
  const LogSize size(position.value() + 1);
  ASSIGN_OR_RETURN(std::vector<std::string> entries,
                   tree_->ReadEntries(position, NextPosition(size)));
  return std::move(entries.front());
}

absl::StatusOr<std::vector<std::string>> LedgerEngine::ReadChunk(
    Position first, Position limit) const {
  return tree_->ReadEntries(first, limit);
}

absl::StatusOr<std::optional<Position>> LedgerEngine::FindEvent(
    absl::string_view source, absl::string_view event_id) const {
  ASSIGN_OR_RETURN(const std::optional<v1::Entry> entry,
                   identities_->Find(source, event_id));
  if (!entry.has_value()) return std::optional<Position>();
  const Position position(entry->position());
  // It may be of a write that is not done yet.
  if (position >= NextPosition(size())) return std::optional<Position>();
  return std::optional<Position>(position);
}

absl::StatusOr<v1::SourceProgress> LedgerEngine::ReadProgress(
    absl::string_view source) const {
  return services::ReadProgress(log_, source);
}

absl::StatusOr<std::vector<v1::SourceProgress>> LedgerEngine::ReadSources(
    absl::string_view after, size_t count) const {
  return services::ReadSources(log_, after, count);
}

absl::StatusOr<std::vector<v1::KeptRefusal>> LedgerEngine::ReadRefusals(
    absl::string_view source, uint64_t limit, size_t count) const {
  return services::ReadRefusals(log_, source, limit, count);
}

absl::StatusOr<std::optional<PersonalRecord>> LedgerEngine::ReadPersonalData(
    Position position) const {
  ASSIGN_OR_RETURN(auto records,
                   ReadPersonalData(std::vector<Position>{position}));
  return std::move(records.front());
}

absl::StatusOr<std::vector<std::optional<PersonalRecord>>>
LedgerEngine::ReadPersonalData(const std::vector<Position>& positions) const {
  std::vector<std::string> keys;
  for (const Position position : positions) {
    keys.push_back(PositionBytes(position));
  }
  ASSIGN_OR_RETURN(const auto values,
                   log_.ReadSide(storage::Space::kPersonal, keys));
  std::vector<std::optional<PersonalRecord>> records(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (!values[i].has_value()) continue;
    ASSIGN_OR_RETURN(records[i], ParsePersonalRecord(*values[i]));
  }
  return records;
}

}  // namespace daybook::services
