#include "clients/audit/entry_note.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "clients/audit/entry_scan.h"
#include "clients/audit/identity_table.h"

namespace daybook::audit {
namespace {

using google::protobuf::Arena;

constexpr uint64_t entry_format = 1;
constexpr size_t commitment_bytes = 32;
constexpr size_t name_bytes_max = 64;

// Looks at one entry.
class Noter {
 public:
  Noter(Position position, const EntryParts& parts, Findings& findings)
      : position_(position), parts_(parts), findings_(findings) {}

  // `event` is parsed as far as its payload; null of a genesis.
  EntryNote Make(const v1::Event* event) {
    if (parts_.format != entry_format) {
      Add("format", absl::StrCat(parts_.format), absl::StrCat(entry_format));
      return note_;
    }
    if (parts_.position != position_.value()) {
      Add("position", absl::StrCat(parts_.position),
          absl::StrCat(position_.value()));
      return note_;
    }
    note_.recorded_time_us = parts_.recorded_time_us;
    note_.commitment = parts_.commitment;
    const size_t committed = parts_.commitment.size();
    if (committed != 0 && committed != commitment_bytes) {
      Add("personal_data_commitment", absl::StrCat(committed, " bytes"),
          absl::StrCat(commitment_bytes, " bytes, or none"));
    }
    const bool is_first = position_ == Position(0);
    if (parts_.is_genesis != is_first || parts_.is_event == is_first) {
      Add("content", ContentName(), is_first ? "genesis" : "event");
      return note_;
    }
    if (is_first) {
      note_.kind = EntryNote::Kind::kGenesis;
    } else if (NoteEnvelope()) {
      NotePayload(*event);
    }
    return note_;
  }

 private:
  void Add(const char* field, std::string found, std::string expected) {
    findings_.Add({.position = position_.value(),
                   .field = field,
                   .found = std::move(found),
                   .expected = std::move(expected)});
  }

  std::string ContentName() const {
    if (parts_.is_genesis) return "genesis";
    return parts_.is_event ? "event" : "";
  }

  void CheckName(const char* field, absl::string_view name) {
    if (!name.empty() && name.size() <= name_bytes_max) return;
    Add(field, absl::StrCat(name.size(), " bytes"),
        absl::StrCat("1 to ", name_bytes_max, " bytes"));
  }

  // False when its date is none.
  bool NoteEnvelope() {
    note_.source = parts_.source;
    note_.event_id = parts_.event_id;
    note_.subject = parts_.subject;
    note_.identity = IdentityHash(note_.source, note_.event_id);
    CheckName("source", parts_.source);
    CheckName("event_id", parts_.event_id);
    if (parts_.has_effective_date) {
      const absl::CivilDay day(parts_.year, parts_.month, parts_.day);
      // A day that does not exist becomes another.
      if (day.year() != parts_.year || day.month() != parts_.month ||
          day.day() != parts_.day) {
        Add("effective_date",
            absl::StrCat(parts_.year, "-", parts_.month, "-", parts_.day),
            "a day");
        return false;
      }
      note_.day = static_cast<DayOfYear>(absl::GetYearDay(day));
      note_.year = parts_.year;
    }
    const bool changes_all = parts_.payload_case == v1::Event::kReportOpened ||
                             parts_.payload_case == v1::Event::kPolicyAdopted;
    note_.may_be_late =
        parts_.has_correction && (parts_.has_effective_date || changes_all);
    return true;
  }

  void NotePayload(const v1::Event& event) {
    switch (parts_.payload_case) {
      case v1::Event::PAYLOAD_NOT_SET:
        return Add("payload", "", "a kind that this program knows");
      case v1::Event::kReversal:
        return NoteReversal();
      case v1::Event::kPersonalDataErased:
        note_.kind = EntryNote::Kind::kErasure;
        return;
      case v1::Event::kKeyRotated:
        note_.kind = EntryNote::Kind::kKeyRotated;
        return;
      default:
        break;
    }
    note_.money = MoneyFactsOf(event, note_.source);
    if (note_.money.empty()) {
      note_.kind = EntryNote::Kind::kStated;
    } else if (note_.day == 0) {
      Add("effective_date", "", "a day of the fiscal year");
    } else {
      note_.kind = EntryNote::Kind::kMoney;
    }
  }

  void NoteReversal() {
    if (note_.day == 0) {
      return Add("effective_date", "", "a day of the fiscal year");
    }
    note_.kind = EntryNote::Kind::kReversal;
  }

  const Position position_;
  const EntryParts& parts_;
  Findings& findings_;
  EntryNote note_;
};

// Of an expenditure in the form in which they are written; absent for all else.
std::optional<EntryNote> ScannedNote(Position position, absl::string_view bytes,
                                     Arena& arena, Findings& findings) {
  const std::optional<ScannedEntry> scanned = ScanEntry(bytes);
  if (!scanned.has_value()) return std::nullopt;
  auto* const event = Arena::CreateMessage<v1::Event>(&arena);
  if (!event->mutable_expenditure_recorded()->ParseFromArray(
          scanned->payload.data(), static_cast<int>(scanned->payload.size()))) {
    return std::nullopt;
  }
  return Noter(position, scanned->parts, findings).Make(event);
}

}  // namespace

EntryNote NoteOf(Position position, absl::string_view bytes, Parsing parsing,
                 Arena& arena, Findings& findings) {
  if (parsing == Parsing::kWhatIsNeeded) {
    std::optional<EntryNote> note =
        ScannedNote(position, bytes, arena, findings);
    if (note.has_value()) return *std::move(note);
  }
  auto* const entry = Arena::CreateMessage<v1::Entry>(&arena);
  // At most what the length of a bundled entry tells.
  if (!entry->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    findings.Add({.position = position.value(),
                  .field = "entry",
                  .found = absl::StrCat(bytes.size(), " bytes that are none"),
                  .expected = "an Entry"});
    return {};
  }
  const EntryParts parts = PartsOf(*entry);
  EntryNote note = Noter(position, parts, findings)
                       .Make(entry->has_event() ? &entry->event() : nullptr);
  note.entry = entry;
  return note;
}

v1::EventIdentity TargetOf(const EntryNote& note) {
  const v1::Event& event = note.entry->event();
  v1::EventIdentity target;
  if (event.has_reversal()) {
    target.set_source(event.reversal().target_source());
    target.set_event_id(event.reversal().target_event_id());
  } else {
    target = event.personal_data_erased().target();
  }
  if (target.source().empty()) target.set_source(std::string(note.source));
  return target;
}

}  // namespace daybook::audit
