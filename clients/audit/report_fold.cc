#include "clients/audit/report_fold.h"

#include <algorithm>
#include <tuple>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/report/posting.h"

namespace daybook::audit {
namespace {

// A well mixed number from two, the same on every machine.
uint64_t Mixed(uint64_t seed, absl::string_view text) {
  constexpr uint64_t prime = 0x100'0000'01B3;
  uint64_t state = seed ^ 0xCBF2'9CE4'8422'2325;
  for (const char byte : text) {
    state = (state ^ static_cast<unsigned char>(byte)) * prime;
  }
  state ^= state >> 32;
  state *= 0x9E37'79B9'7F4A'7C15;
  return state ^ (state >> 29);
}

DayOfYear DayNumber(absl::CivilDay day) {
  return static_cast<DayOfYear>(absl::GetYearDay(day));
}

// Bytes of what is kept of a statement beside its row.
constexpr size_t stated_overhead = 64;

}  // namespace

absl::CivilDay ReportFold::DrawnDay(uint64_t seed, const ResourceName& report) {
  const absl::CivilDay first = FirstDay(report.fiscal_year());
  const auto days =
      static_cast<uint64_t>(LastDay(report.fiscal_year()) - first) + 1;
  return first + static_cast<int64_t>(Mixed(seed, report.ToString()) % days);
}

void ReportFold::Apply(Position position, const EntryNote& note) {
  if (note.kind == EntryNote::Kind::kDamaged ||
      note.kind == EntryNote::Kind::kGenesis) {
    return ApplyLost(position);
  }
  const uint32_t subject = SubjectOf(position, note.subject);
  if (!CheckYear(position, note, subjects_[subject])) {
    return ApplyLost(position);
  }
  if (note.may_be_late) ApplyLate(note, subject);
  switch (note.kind) {
    case EntryNote::Kind::kMoney:
      return ApplyMoney(position, note, subject);
    case EntryNote::Kind::kStated:
      return ApplyStated(position, note, subject);
    case EntryNote::Kind::kReversal:
    case EntryNote::Kind::kErasure: {
      const v1::EventIdentity target = TargetOf(note);
      const bool erases = note.kind == EntryNote::Kind::kErasure;
      references_.push_back(
          {.position = position.value(),
           .identity = IdentityHash(target.source(), target.event_id()),
           .subject = subject,
           .day = note.day,
           .erases = erases});
      return NoteMoved(position, erases ? no_bucket : reversing, 0);
    }
    default:
      return ApplyLost(position);
  }
}

void ReportFold::ApplyLost(Position position) {
  NoteMoved(position, no_bucket, 0);
}

uint32_t ReportFold::SubjectOf(Position position, absl::string_view name) {
  if (last_subject_ < subjects_.size() &&
      subjects_[last_subject_].name == name) {
    return last_subject_;
  }
  const auto known = subjects_by_name_.find(name);
  if (known != subjects_by_name_.end()) return last_subject_ = known->second;
  last_subject_ = static_cast<uint32_t>(subjects_.size());
  Subject& subject = subjects_.emplace_back();
  subject.name = std::string(name);
  absl::StatusOr<ResourceName> parsed = ResourceName::Parse(name);
  if (parsed.ok()) {
    subject.parsed = *std::move(parsed);
    if (subject.parsed->kind() == ResourceName::Kind::kReport) {
      subject.drawn = DayNumber(DrawnDay(seed_, *subject.parsed));
    }
  } else {
    AddFinding(position.value(), "subject", subject.name,
               "a ledger, department or report");
  }
  subjects_by_name_.emplace(subject.name, last_subject_);
  return last_subject_;
}

bool ReportFold::CheckYear(Position position, const EntryNote& note,
                           const Subject& subject) {
  if (!subject.parsed.has_value()) return false;
  if (note.year == 0 || note.year == subject.parsed->fiscal_year()) return true;
  AddFinding(position.value(), "effective_date", absl::StrCat(note.year),
             absl::StrCat("a day of ", subject.parsed->fiscal_year()));
  return false;
}

uint32_t ReportFold::BucketOf(uint32_t subject, absl::string_view key) {
  key_.assign(reinterpret_cast<const char*>(&subject), sizeof(subject));
  key_.append(key.data(), key.size());
  const auto known = buckets_by_key_.find(key_);
  if (known != buckets_by_key_.end()) return known->second;
  const auto number = static_cast<uint32_t>(buckets_.size());
  DAYBOOK_CHECK(number < to_reread);
  buckets_.push_back({.subject = subject, .key = std::string(key)});
  subjects_[subject].buckets.push_back(number);
  buckets_by_key_.emplace(key_, number);
  return number;
}

void ReportFold::Add(uint32_t bucket, DayOfYear day, MoneySum sum) {
  Bucket& known = buckets_[bucket];
  MoneySum& kept = known.sums[day <= subjects_[known.subject].drawn ? 0 : 1];
  kept.fen += sum.fen;
  kept.events += sum.events;
}

void ReportFold::ApplyMoney(Position position, const EntryNote& note,
                            uint32_t subject) {
  if (subjects_[subject].parsed->kind() != ResourceName::Kind::kReport) {
    AddFinding(position.value(), "subject", subjects_[subject].name,
               "a report, as it moves money");
    return ApplyLost(position);
  }
  uint32_t bucket = no_bucket;
  for (const MoneyFact& fact : note.money) {
    bucket = BucketOf(subject, fact.bucket_key);
    Add(bucket, note.day, {fact.fen, 1});
  }
  NoteMoved(position, note.money.size() == 1 ? bucket : to_reread,
            note.money.front().fen);
}

void ReportFold::ApplyStated(Position position, const EntryNote& note,
                             uint32_t subject) {
  const v1::Event& event = note.entry->event();
  internal::StatedRow row;
  *row.mutable_event() = event;
  KeepStated(subjects_[subject], position, row);
  NoteClosing(event, subjects_[subject]);
  NoteMoved(position, to_reread, 0);
}

void ReportFold::KeepStated(Subject& subject, Position position,
                            const internal::StatedRow& row) {
  std::string bytes = row.SerializeAsString();
  stated_bytes_ += bytes.size() + stated_overhead;
  if (!complete()) {
    // Without all of it there are no states.
    for (Subject& any : subjects_) std::vector<Stated>().swap(any.stated);
    return;
  }
  subject.stated.push_back({position.value(), std::move(bytes)});
}

void ReportFold::NoteClosing(const v1::Event& event, Subject& subject) {
  absl::StatusOr<absl::CivilDay> day = absl::CivilDay();
  if (event.has_period_closed()) {
    day = ToCivilDay(event.period_closed().through());
    if (day.ok()) subject.closed_through = DayNumber(*day);
  } else if (event.has_period_reopened()) {
    day = ToCivilDay(event.period_reopened().from());
    if (day.ok()) {
      subject.closed_through = static_cast<DayOfYear>(DayNumber(*day) - 1);
    }
  }
}

void ReportFold::ApplyLate(const EntryNote& note, uint32_t subject) {
  const DayOfYear closed = subjects_[subject].closed_through;
  if (closed == 0 || note.day > closed) return;
  // What has no date changes the year from its first day on.
  Add(BucketOf(subject, LateBucketKey()), std::max<DayOfYear>(note.day, 1),
      {0, 1});
}

void ReportFold::NoteMoved(Position position, uint32_t bucket, int64_t fen) {
  const size_t part = position.value() / Moved::entries;
  while (moved_.size() <= part) moved_.push_back(std::make_unique<Moved>());
  const size_t place = position.value() % Moved::entries;
  moved_[part]->fen[place] = fen;
  moved_[part]->bucket[place] = bucket;
}

void ReportFold::AddFinding(uint64_t position, const char* field,
                            std::string found, std::string expected) {
  findings_.Add({.position = position,
                 .field = field,
                 .found = std::move(found),
                 .expected = std::move(expected)});
}

void ReportFold::FindTargets(const IdentityTable& identities) {
  std::vector<Reference> found;
  for (Reference& reference : references_) {
    const std::optional<Position> target = identities.Find(reference.identity);
    const char* const field =
        reference.erases ? "personal_data_erased.target" : "reversal.target";
    if (!target.has_value()) {
      AddFinding(reference.position, field, "an event that is not there",
                 "an event before it");
    } else if (target->value() >= reference.position) {
      AddFinding(reference.position, field,
                 absl::StrCat("the event at position ", target->value()),
                 "an event before it");
    } else {
      reference.target = target->value();
      found.push_back(reference);
    }
  }
  references_ = std::move(found);
  // By target, so that what is read again is read in order.
  std::sort(references_.begin(), references_.end(),
            [](const Reference& a, const Reference& b) {
              return std::tie(a.erases, a.target, a.position) <
                     std::tie(b.erases, b.target, b.position);
            });
}

absl::Status ReportFold::Settle(const IdentityTable& identities,
                                Reread reread) {
  FindTargets(identities);
  for (size_t i = 0; i < references_.size(); ++i) {
    const Reference& reference = references_[i];
    const bool again = i > 0 && references_[i - 1].target == reference.target &&
                       references_[i - 1].erases == reference.erases;
    if (again) {
      AddFinding(
          reference.position,
          reference.erases ? "personal_data_erased.target" : "reversal.target",
          absl::StrCat("position ", reference.target, ", as of the entry at ",
                       references_[i - 1].position),
          "an event that no entry before it names so");
      continue;
    }
    RETURN_IF_ERROR(reference.erases ? SettleErasure(reference, reread)
                                     : SettleReversal(reference, reread));
  }
  std::vector<Reference>().swap(references_);
  std::vector<std::unique_ptr<Moved>>().swap(moved_);
  for (Subject& subject : subjects_) {
    std::sort(subject.stated.begin(), subject.stated.end(),
              [](const Stated& a, const Stated& b) {
                return a.position < b.position;
              });
  }
  return absl::OkStatus();
}

absl::Status ReportFold::SettleReversal(const Reference& reference,
                                        Reread reread) {
  const Moved& part = *moved_[reference.target / Moved::entries];
  const size_t place = reference.target % Moved::entries;
  const uint32_t bucket = part.bucket[place];
  const auto refuse = [&](const char* what, std::string expected) {
    AddFinding(reference.position, "reversal.target",
               absl::StrCat("position ", reference.target, ", ", what),
               std::move(expected));
    return absl::OkStatus();
  };
  if (bucket == reversing) return refuse("a reversal", "no reversal");
  if (bucket == no_bucket) {
    return refuse("which can not be reversed", "a fact of a report");
  }
  const std::string& own = subjects_[reference.subject].name;
  if (bucket != to_reread) {
    if (buckets_[bucket].subject != reference.subject) {
      return refuse("an event of another report", own);
    }
    Add(bucket, reference.day, {-part.fen[place], -1});
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const v1::Entry* const target,
                   reread(Position(reference.target)));
  if (target == nullptr) return absl::OkStatus();
  if (target->event().subject() != own) {
    return refuse("an event of another report", own);
  }
  MoneyFacts money = MoneyFactsOf(target->event(), target->source());
  for (const MoneyFact& fact : money) {
    Add(BucketOf(reference.subject, fact.bucket_key), reference.day,
        {-fact.fen, -1});
  }
  if (!money.empty()) return absl::OkStatus();
  internal::StatedRow row;
  *row.mutable_event() = target->event();
  row.set_absent_from(reference.day);
  row.set_target(reference.target);
  KeepStated(subjects_[reference.subject], Position(reference.position), row);
  return absl::OkStatus();
}

absl::Status ReportFold::SettleErasure(const Reference& reference,
                                       Reread reread) {
  ASSIGN_OR_RETURN(const v1::Entry* const target,
                   reread(Position(reference.target)));
  if (target == nullptr) return absl::OkStatus();
  const std::string& own = subjects_[reference.subject].name;
  if (target->event().subject() != own) {
    AddFinding(reference.position, "personal_data_erased.target",
               absl::StrCat("position ", reference.target, " about ",
                            target->event().subject()),
               own);
  } else if (target->personal_data_commitment().empty()) {
    AddFinding(reference.position, "personal_data_erased.target",
               absl::StrCat("position ", reference.target,
                            ", which has no personal data"),
               "an event with personal data");
  } else {
    erased_.push_back(reference.target);
  }
  return absl::OkStatus();
}

std::vector<std::string> ReportFold::Reports() const {
  std::vector<std::string> names;
  for (const Subject& subject : subjects_) {
    if (subject.parsed.has_value() &&
        subject.parsed->kind() == ResourceName::Kind::kReport) {
      names.push_back(subject.name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<DepartmentState> ReportFold::MakeDepartment(
    const std::string& name) const {
  DepartmentState department;
  const auto known = subjects_by_name_.find(name);
  if (known == subjects_by_name_.end()) return department;
  for (const Stated& stated : subjects_[known->second].stated) {
    StatedPosting posting{Position(stated.position), {}};
    DAYBOOK_CHECK(posting.row.ParseFromString(stated.row));
    RETURN_IF_ERROR(department.Apply(posting));
  }
  return department;
}

absl::StatusOr<ReportFold::State> ReportFold::MakeState(
    const std::string& report) const {
  const auto known = subjects_by_name_.find(report);
  if (known == subjects_by_name_.end() ||
      !subjects_[known->second].parsed.has_value() ||
      subjects_[known->second].parsed->kind() != ResourceName::Kind::kReport) {
    return absl::NotFoundError(absl::StrCat("no entry is about ", report));
  }
  const Subject& subject = subjects_[known->second];
  State state{ReportState(*subject.parsed), {}};
  for (const Stated& stated : subject.stated) {
    StatedPosting posting{Position(stated.position), {}};
    DAYBOOK_CHECK(posting.row.ParseFromString(stated.row));
    RETURN_IF_ERROR(state.report.Apply(posting));
  }
  const DayOfYear last = DayNumber(LastDay(subject.parsed->fiscal_year()));
  for (const uint32_t number : subject.buckets) {
    const Bucket& bucket = buckets_[number];
    ASSIGN_OR_RETURN(const daybook::Bucket parsed, ParseBucketKey(bucket.key));
    MoneyTimeline timeline;
    timeline.Append(subject.drawn, bucket.sums[0]);
    if (subject.drawn != last) timeline.Append(last, bucket.sums[1]);
    state.report.SetMoney(parsed, std::move(timeline));
  }
  ASSIGN_OR_RETURN(state.department,
                   MakeDepartment(subject.parsed->DepartmentString()));
  return state;
}

}  // namespace daybook::audit
