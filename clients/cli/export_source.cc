#include "clients/cli/export_source.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/tile.h"
#include "core/report/entry_filter.h"

namespace daybook::cli {
namespace {

constexpr size_t page_bytes_max = size_t{1} << 20;

absl::Status Damaged(const std::string& path, const absl::Status& why) {
  return absl::DataLossError(
      absl::StrCat(path, ": ", why.message(),
                   "; daybook audit verify says what is damaged"));
}

uint64_t IdentityHash(const v1::EventIdentity& identity) {
  return absl::HashOf(identity.source(), identity.event_id());
}

absl::StatusOr<v1::Entry> Parse(uint64_t position, const std::string& bytes) {
  v1::Entry entry;
  if (entry.ParseFromString(bytes) && entry.position() == position) {
    return entry;
  }
  return absl::DataLossError(absl::StrCat("what stands at position ", position,
                                          " is no entry of that position"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ExportSource>> ExportSource::Open(
    const std::filesystem::path& directory) {
  audit::DirectoryFetcher fetcher(directory);
  const std::string path = "checkpoint";
  ASSIGN_OR_RETURN(const std::string bytes, fetcher.Read(path));
  const auto note = checkpoint::ParseNote(bytes);
  if (!note.ok()) return Damaged(path, note.status());
  const auto head = checkpoint::ParseCheckpoint(note->text);
  if (!head.ok()) return Damaged(path, head.status());
  std::unique_ptr<ExportSource> source(
      new ExportSource(std::move(fetcher), head->head.size));
  if (source->size_ == LogSize(0)) {
    return absl::NotFoundError(absl::StrCat(path, ": the export is empty"));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> first, source->ReadBundle(0));
  ASSIGN_OR_RETURN(const v1::Entry genesis, Parse(0, first.front()));
  source->ledger_ = genesis.genesis().ledger();
  return source;
}

absl::StatusOr<std::vector<std::string>> ExportSource::ReadBundle(
    uint64_t index) {
  const auto bundle = merkle::BundleAt(merkle::TileIndex(index), size_);
  if (!bundle.has_value()) {
    return absl::OutOfRangeError(absl::StrCat("the export has no bundle ",
                                              index, "; it has ", size_.value(),
                                              " entries"));
  }
  merkle::Bundle stored = *bundle;
  std::string path = merkle::BundlePath(stored);
  absl::StatusOr<std::string> bytes = fetcher_.Read(path);
  if (absl::IsNotFound(bytes.status())) {
    // Later entries may have filled it meanwhile.
    stored.width = merkle::tile_width_max;
    path = merkle::BundlePath(stored);
    bytes = fetcher_.Read(path);
  }
  RETURN_IF_ERROR(bytes.status());
  const auto entries = merkle::ParseBundle(*bytes, stored.width);
  if (!entries.ok()) return Damaged(path, entries.status());
  std::vector<std::string> copies;
  for (size_t i = 0; i < bundle->width.value(); ++i) {
    copies.emplace_back((*entries)[i]);
  }
  return copies;
}

absl::Status ExportSource::Replay(const ReplayRange& range, VisitEntry visit) {
  ASSIGN_OR_RETURN(const EntryFilter filter,
                   EntryFilter::Make(range.filter, ledger_));
  if (filter.asks_personal_data()) {
    return absl::FailedPreconditionError(
        "personal data is not searched in an export; ask the server");
  }
  constexpr uint64_t bundle_entries = merkle::tile_width_max.value();
  uint64_t left =
      range.limit == 0 ? std::numeric_limits<uint64_t>::max() : range.limit;
  v1::StoredEntry stored;
  for (uint64_t position = range.first; position < size_.value() && left > 0;) {
    ASSIGN_OR_RETURN(std::vector<std::string> entries,
                     ReadBundle(position / bundle_entries));
    for (size_t i = position % bundle_entries; i < entries.size() && left > 0;
         ++i, ++position) {
      if (!filter.MayFit(entries[i])) continue;
      ASSIGN_OR_RETURN(const v1::Entry entry, Parse(position, entries[i]));
      if (!filter.Fits(entry)) continue;
      v1::EventIdentity identity;
      identity.set_source(entry.source());
      identity.set_event_id(entry.event().event_id());
      if (!replayed_.emplace(IdentityHash(identity), position).second) {
        collided_.push_back(position);
      }
      stored.set_position(position);
      stored.set_entry(std::move(entries[i]));
      RETURN_IF_ERROR(visit(stored));
      --left;
    }
  }
  return absl::OkStatus();
}

absl::Status ExportSource::Find(const v1::EntryFilter& filter,
                                bool personal_data, VisitPage visit) {
  if (personal_data) {
    return absl::FailedPreconditionError(
        "personal data is not searched in an export; ask the server");
  }
  ASSIGN_OR_RETURN(const EntryFilter made, EntryFilter::Make(filter, ledger_));
  v1::FindEntriesResponse page;
  page.set_size(size_.value());
  constexpr uint64_t bundle_entries = merkle::tile_width_max.value();
  for (uint64_t first = 0; first < size_.value(); first += bundle_entries) {
    ASSIGN_OR_RETURN(std::vector<std::string> entries,
                     ReadBundle(first / bundle_entries));
    for (size_t i = 0; i < entries.size(); ++i) {
      if (!made.MayFit(entries[i])) continue;
      ASSIGN_OR_RETURN(const v1::Entry entry, Parse(first + i, entries[i]));
      if (!made.Fits(entry)) continue;
      v1::StoredEntry& stored = *page.add_entries();
      stored.set_position(first + i);
      stored.set_entry(std::move(entries[i]));
    }
    const uint64_t read = std::min(first + bundle_entries, size_.value());
    page.set_read_size(read);
    const bool last = read == size_.value();
    const bool is_due = (read / bundle_entries) % bundle_entries == 0;
    if (!last && !is_due && page.ByteSizeLong() < page_bytes_max) continue;
    RETURN_IF_ERROR(visit(page));
    page.clear_entries();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<v1::Entry>> ExportSource::FindEvent(
    const v1::EventIdentity& identity) {
  std::vector<uint64_t> positions;
  const auto replayed = replayed_.find(IdentityHash(identity));
  if (replayed == replayed_.end()) return std::optional<v1::Entry>();
  positions.push_back(replayed->second);
  positions.insert(positions.end(), collided_.begin(), collided_.end());
  constexpr uint64_t bundle_entries = merkle::tile_width_max.value();
  for (const uint64_t position : positions) {
    ASSIGN_OR_RETURN(const std::vector<std::string> entries,
                     ReadBundle(position / bundle_entries));
    ASSIGN_OR_RETURN(v1::Entry entry,
                     Parse(position, entries[position % bundle_entries]));
    if (entry.source() == identity.source() &&
        entry.event().event_id() == identity.event_id()) {
      return std::optional<v1::Entry>(std::move(entry));
    }
  }
  return std::optional<v1::Entry>();
}

}  // namespace daybook::cli
