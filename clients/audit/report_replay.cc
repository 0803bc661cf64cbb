#include "clients/audit/report_replay.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "core/admission/references.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/frontier.h"
#include "core/merkle/tile.h"

namespace daybook::audit {
namespace {

constexpr uint32_t entry_format = 1;

absl::Status Damaged(Position position, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the entry at position ", position.value(), ": ", what));
}

// Neither holds a zero byte.
std::string IdentityKey(const std::string& source, const std::string& id) {
  return absl::StrCat(source, absl::string_view("\0", 1), id);
}

// Of the event that a reversal cancels.
std::string TargetKey(const v1::Entry& entry) {
  const v1::Reversal& reversal = entry.event().reversal();
  return IdentityKey(reversal.target_source().empty()
                         ? entry.source()
                         : reversal.target_source(),
                     reversal.target_event_id());
}

// Whether it lies beside reports, and changes none.
bool IsOfNoReport(const v1::Event& event) {
  return event.has_personal_data_erased() || event.has_key_rotated();
}

// Whether it came into a period that was closed.
bool IsLate(const v1::Event& event, const ReportState& report) {
  const std::optional<absl::CivilDay> closed = report.closed_through();
  if (!closed.has_value() || !event.has_correction()) return false;
  if (ChangesEveryDay(event)) return true;
  if (!event.has_effective_date()) return false;
  const absl::StatusOr<absl::CivilDay> day = ToCivilDay(event.effective_date());
  return day.ok() && *day <= *closed;
}

}  // namespace

absl::Status ReportReplay::ForEachEntry(LogSize limit, Take take) {
  constexpr uint64_t width = merkle::tile_width_max.value();
  for (uint64_t first = 0; first < limit.value(); first += width) {
    const std::optional<merkle::Bundle> bundle =
        merkle::BundleAt(merkle::TileIndex(first / width), whole_);
    const std::string path = merkle::BundlePath(*bundle);
    ASSIGN_OR_RETURN(const std::string bytes, fetcher_.Read(path));
    const auto entries = merkle::ParseBundle(bytes, bundle->width);
    if (!entries.ok()) {
      return absl::DataLossError(
          absl::StrCat(path, ": ", entries.status().message()));
    }
    for (size_t i = 0; i < entries->size(); ++i) {
      if (first + i == limit.value()) break;
      RETURN_IF_ERROR(take(Position(first + i), (*entries)[i]));
    }
  }
  return absl::OkStatus();
}

absl::Status ReportReplay::Parse(Position position, absl::string_view bytes) {
  // At most what the length of a bundled entry tells.
  if (!entry_.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Damaged(position, "it is no Entry");
  }
  if (entry_.format() != entry_format ||
      (entry_.has_event() &&
       entry_.event().payload_case() == v1::Event::PAYLOAD_NOT_SET)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the entry at position ", position.value(),
        " is of a kind that this program does not know; use a later one"));
  }
  if (entry_.position() != position.value()) {
    return Damaged(position, absl::StrCat("it says that its position is ",
                                          entry_.position()));
  }
  if (entry_.has_genesis() != (position == Position(0)) ||
      (!entry_.has_genesis() && !entry_.has_event())) {
    return Damaged(position,
                   "only the first is a genesis, and all else events");
  }
  return absl::OkStatus();
}

absl::Status ReportReplay::SurveyEntry(Position position,
                                       absl::string_view bytes) {
  RETURN_IF_ERROR(Parse(position, bytes));
  if (entry_.has_genesis()) {
    genesis_ = entry_.genesis();
  } else if (entry_.event().has_reversal() &&
             entry_.event().subject() == name_.ToString()) {
    reversed_.insert(TargetKey(entry_));
  }
  return absl::OkStatus();
}

absl::Status ReportReplay::Survey() {
  merkle::Frontier tree;
  RETURN_IF_ERROR(
      ForEachEntry(whole_, [&](Position position, absl::string_view bytes) {
        tree.Append(merkle::LeafHash(bytes));
        if (tree.size() == size_) root_ = tree.Root();
        // What came later is hashed, and means nothing here.
        if (position.value() >= size_.value()) return absl::OkStatus();
        return SurveyEntry(position, bytes);
      }));
  whole_root_ = tree.Root();
  return absl::OkStatus();
}

absl::StatusOr<ReportReplay::State> ReportReplay::Fold(Visit visit) {
  State state{ReportState(name_), {}, 0};
  merkle::Frontier tree;
  targets_.clear();
  const auto fold = [&](Position position,
                        absl::string_view bytes) -> absl::Status {
    tree.Append(merkle::LeafHash(bytes));
    RETURN_IF_ERROR(Parse(position, bytes));
    state.recorded_time_us = entry_.recorded_time_us();
    if (entry_.has_genesis() || IsOfNoReport(entry_.event())) {
      return absl::OkStatus();
    }
    return FoldEntry(bytes, state, visit);
  };
  RETURN_IF_ERROR(ForEachEntry(size_, fold));
  if (tree.Root() == root_) return state;
  return absl::DataLossError(
      "what is read again is not what was read before; whoever gives it out "
      "changed it meanwhile");
}

absl::Status ReportReplay::FoldEntry(absl::string_view bytes, State& state,
                                     Visit visit) {
  const v1::Event& event = entry_.event();
  const Position position(entry_.position());
  if (event.subject() == name_.DepartmentString()) {
    ASSIGN_OR_RETURN(const Posting posting, PostingOf(entry_, nullptr, false));
    if (!posting.stated.has_value()) {
      return Damaged(position, "a department has no money");
    }
    return state.department.Apply(*posting.stated);
  }
  if (event.subject() != name_.ToString()) return absl::OkStatus();
  std::optional<v1::Entry> target;
  if (event.has_reversal()) {
    const auto kept = targets_.find(TargetKey(entry_));
    if (kept == targets_.end() ||
        !target.emplace().ParseFromString(kept->second)) {
      return Damaged(position, "what it reverses does not stand before it");
    }
  }
  ASSIGN_OR_RETURN(const Posting posting,
                   PostingOf(entry_, target.has_value() ? &*target : nullptr,
                             IsLate(event, state.report)));
  RETURN_IF_ERROR(state.report.Apply(posting));
  const std::string identity = IdentityKey(entry_.source(), event.event_id());
  if (reversed_.contains(identity)) {
    // The first counts, and there is no second.
    targets_.emplace(identity, std::string(bytes));
  }
  visit(entry_, posting);
  return absl::OkStatus();
}

}  // namespace daybook::audit
