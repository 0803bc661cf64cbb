#include "clients/audit/verify.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/audit/fetch_problem.h"
#include "clients/audit/ordered_work.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"

namespace daybook::audit {
namespace {

using merkle::TileIndex;

constexpr uint64_t width = merkle::tile_width_max.value();

// Bundles that may be read ahead, for each thread that reads.
constexpr size_t slots_per_reader = 4;

size_t ThreadsOr(size_t asked) {
  const size_t cores = std::max<size_t>(std::thread::hardware_concurrency(), 1);
  return asked == 0 ? cores : asked;
}

absl::Status NothingToRead() {
  return absl::DataLossError(
      "there is no checkpoint that says what there is to verify");
}

}  // namespace

Verification::Verification(Fetcher& fetcher, VerifyOptions options,
                           Findings& findings)
    : fetcher_(fetcher),
      options_(std::move(options)),
      findings_(findings),
      threads_(ThreadsOr(options_.threads)) {}

Verification::~Verification() = default;

absl::Status Verification::Run(std::vector<KeptCheckpoint> others) {
  RETURN_IF_ERROR(OpenNewest());
  RETURN_IF_ERROR(CheckSince());
  for (KeptCheckpoint& other : others) kept_.push_back(std::move(other));
  if (!options_.since.has_value()) {
    reports_ = std::make_unique<ReportFold>(options_.seed, findings_);
  }
  RETURN_IF_ERROR(ReadAll());
  RETURN_IF_ERROR(Settle());
  CheckMissingPersonalData();
  signers_ = CheckCheckpoints(
      {.trusted = options_.key, .named = named_keys_, .findings = findings_},
      kept_, [this](LogSize size) { return RootAt(size); });
  CheckSigner();
  NoteLimits();
  return absl::OkStatus();
}

absl::Status Verification::OpenNewest() {
  const absl::StatusOr<std::string> note = fetcher_.Read("checkpoint");
  if (!note.ok() && !SaysDamage(note.status())) return note.status();
  absl::StatusOr<KeptCheckpoint> newest =
      note.ok() ? ParseKept("checkpoint", *note) : note.status();
  if (!newest.ok()) {
    findings_.AddFile("checkpoint", newest.status());
    return NothingToRead();
  }
  const uint64_t size = newest->said.head.size.value();
  if (size == 0 || size > merkle::tree_size_max.value()) {
    findings_.Add({.place = "checkpoint",
                   .field = "size",
                   .found = absl::StrCat(size),
                   .expected = "at least 1, for the genesis"});
    return NothingToRead();
  }
  kept_.push_back(*std::move(newest));
  return absl::OkStatus();
}

absl::Status Verification::CheckSince() {
  if (!options_.since.has_value()) return absl::OkStatus();
  const VerifiedState& since = *options_.since;
  ledger_ = since.ledger;
  origin_ = since.origin;
  named_keys_ = since.keys;
  last_recorded_time_us_ = since.recorded_time_us;
  first_read_ = since.tree.size().value();
  const absl::Status consistent =
      CheckConsistency(fetcher_, since.tree.Head(), newest().said.head);
  if (consistent.ok()) return consistent;
  if (!SaysDamage(consistent)) return consistent;
  findings_.Add({.place = "checkpoint",
                 .field = "consistency with what was verified before",
                 .found = std::string(consistent.message()),
                 .expected = absl::StrCat("a tree that begins with the first ",
                                          first_read_, " entries")});
  return NothingToRead();
}

absl::StatusOr<merkle::Frontier> Verification::Begin() {
  if (!options_.since.has_value()) return merkle::Frontier();
  // The peaks that cover whole bundles are those over the bundles' roots.
  const merkle::Frontier& tree = options_.since->tree;
  const LogSize bundles(tree.size().value() / width);
  std::vector<merkle::Hash> peaks = tree.peaks();
  peaks.resize(static_cast<size_t>(std::popcount(bundles.value())));
  return merkle::Frontier::FromPeaks(bundles, std::move(peaks));
}

absl::Status Verification::ReadAll() {
  ASSIGN_OR_RETURN(merkle::Frontier begun, Begin());
  const uint64_t first = begun.size().value();
  const uint64_t limit = (size().value() + width - 1) / width;
  std::vector<uint64_t> roots_at = {first_read_};
  for (const KeptCheckpoint& kept : kept_) {
    roots_at.push_back(kept.said.head.size.value());
  }
  std::erase_if(roots_at, [&](uint64_t at) {
    return at <= first * width || at > size().value();
  });
  tree_ = std::make_unique<TreeFold>(fetcher_, size(), std::move(begun),
                                     std::move(roots_at), findings_);
  const BundleSource source{.fetcher = fetcher_,
                            .size = size(),
                            .personal = options_.personal,
                            .findings = findings_};
  const size_t readers = std::max(threads_, fetcher_.reads_at_once());
  OrderedWork<BundleReading> work(readers, readers * slots_per_reader);
  RETURN_IF_ERROR(work.Run(
      first, limit,
      [&](uint64_t index, BundleReading& reading) {
        ReadBundle(source, TileIndex(index), reading);
      },
      [&](BundleReading& reading) { return Take(reading); }));
  return tree_->Finish();
}

absl::Status Verification::Take(BundleReading& reading) {
  RETURN_IF_ERROR(tree_->Append(reading));
  bytes_ += reading.bytes;
  personal_checked_ += reading.personal_checked;
  const Position first = PositionIn(reading.bundle, 0);
  for (const uint32_t place : reading.without_personal_data) {
    const uint64_t position = first.value() + place;
    if (position >= first_read_) without_personal_data_.push_back(position);
  }
  const uint64_t end = first.value() + reading.bundle.width.value();
  lost_entries_ = lost_entries_ || reading.notes.empty();
  for (uint64_t at = std::max(first.value(), first_read_); at < end; ++at) {
    if (!reading.notes.empty()) {
      TakeNote(Position(at), reading.notes[at - first.value()]);
    } else if (reports_ != nullptr) {
      reports_->ApplyLost(Position(at));
    }
  }
  Tell("entries", end, size().value());
  return absl::OkStatus();
}

void Verification::TakeNote(Position position, const EntryNote& note) {
  if (note.kind != EntryNote::Kind::kDamaged) {
    if (note.recorded_time_us < last_recorded_time_us_) {
      findings_.Add({.position = position.value(),
                     .field = "recorded_time_us",
                     .found = absl::StrCat(note.recorded_time_us),
                     .expected = absl::StrCat(last_recorded_time_us_,
                                              " or later, as before it")});
    }
    last_recorded_time_us_ =
        std::max(last_recorded_time_us_, note.recorded_time_us);
  }
  if (note.kind == EntryNote::Kind::kGenesis)
    NoteGenesis(note.entry->genesis());
  if (note.kind == EntryNote::Kind::kKeyRotated) {
    NoteKey(position, note.entry->event().key_rotated().public_key());
  }
  if (!note.subject.empty() && !IsOfLedger(note.subject)) {
    findings_.Add({.position = position.value(),
                   .field = "subject",
                   .found = std::string(note.subject),
                   .expected = absl::StrCat(ledger_, " or what is under it")});
  }
  if (reports_ == nullptr) return;
  if (!note.event_id.empty()) {
    identities_.Add(note.identity, position);
    CountSource(position, note);
  }
  reports_->Apply(position, note);
}

bool Verification::IsOfLedger(absl::string_view subject) const {
  // Without the genesis nobody knows.
  if (ledger_.empty()) return true;
  return absl::ConsumePrefix(&subject, ledger_) &&
         (subject.empty() || subject.front() == '/');
}

void Verification::NoteGenesis(const v1::Genesis& genesis) {
  ledger_ = genesis.ledger();
  origin_ = genesis.origin();
  if (!genesis.public_key().empty()) NoteKey(Position(0), genesis.public_key());
  if (origin_ != newest().said.origin) {
    findings_.Add({.place = "checkpoint",
                   .field = "origin",
                   .found = newest().said.origin,
                   .expected = absl::StrCat(origin_, " of the genesis")});
  }
}

void Verification::NoteKey(Position position, const std::string& bytes) {
  NamedKey named{.position = position.value()};
  if (bytes.size() != named.key.size()) {
    findings_.Add({.position = position.value(),
                   .field = "public_key",
                   .found = absl::StrCat(bytes.size(), " bytes"),
                   .expected = absl::StrCat(named.key.size(), " bytes")});
    return;
  }
  std::memcpy(named.key.data(), bytes.data(), bytes.size());
  named_keys_.push_back(named);
}

void Verification::CountSource(Position position, const EntryNote& note) {
  if (last_source_ == nullptr || last_source_name_ != note.source) {
    last_source_name_ = std::string(note.source);
    last_source_ = &sources_[last_source_name_];
  }
  ++last_source_->created;
  if (note.kind == EntryNote::Kind::kKeyRotated) ++last_source_->by_server;
  last_source_->last_position = position.value();
  last_source_->last_recorded_time_us = note.recorded_time_us;
  last_source_->last_event_id.assign(note.event_id.data(),
                                     note.event_id.size());
}

absl::Status Verification::Settle() {
  if (options_.since.has_value()) {
    const std::optional<merkle::Hash> root = RootAt(LogSize(first_read_));
    const merkle::Hash before = options_.since->tree.Root();
    if (root.has_value() && *root != before) {
      findings_.Add({.place = "entries before the first new one",
                     .field = absl::StrCat("root of size ", first_read_),
                     .found = "another than was verified before",
                     .expected = "the same"});
    }
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(CheckRepeated(identities_.Settle(threads_, findings_max)));
  return reports_->Settle(identities_,
                          [this](Position at) { return Reread(at); });
}

absl::Status Verification::CheckRepeated(
    const std::vector<std::pair<Position, Position>>& pairs) {
  for (const auto& [first, second] : pairs) {
    ASSIGN_OR_RETURN(const v1::Entry* entry, Reread(first));
    if (entry == nullptr) continue;
    const std::string source = entry->source();
    const std::string event_id = entry->event().event_id();
    ASSIGN_OR_RETURN(entry, Reread(second));
    if (entry == nullptr || entry->source() != source ||
        entry->event().event_id() != event_id) {
      continue;
    }
    findings_.Add({.position = second.value(),
                   .field = "identity",
                   .found = absl::StrCat(event_id, " of source ", source),
                   .expected = absl::StrCat("another than that of position ",
                                            first.value())});
  }
  return absl::OkStatus();
}

absl::StatusOr<const v1::Entry*> Verification::Reread(Position position) {
  const TileIndex index(position.value() / width);
  if (reread_ == nullptr || reread_->bundle.index != index) {
    // What is wrong with it was said when it was read first.
    Findings known;
    if (reread_ == nullptr) reread_ = std::make_unique<BundleReading>();
    ReadBundle({.fetcher = fetcher_,
                .size = size(),
                .parsing = Parsing::kAll,
                .findings = known},
               index, *reread_);
    RETURN_IF_ERROR(reread_->status);
    const std::optional<merkle::Hash> root = tree_->BundleRoot(index);
    if (root.has_value() && !reread_->notes.empty() && reread_->root != *root) {
      findings_.Add({.place = merkle::BundlePath(reread_->bundle),
                     .field = "content",
                     .found = "other entries than a moment ago",
                     .expected = "what a path names never changes"});
      reread_->notes.clear();
    }
  }
  if (reread_->notes.empty()) return nullptr;
  return reread_->notes[position.value() % width].entry;
}

void Verification::CheckMissingPersonalData() {
  if (options_.personal == nullptr) return;
  const std::vector<uint64_t> none;
  const std::vector<uint64_t>& erased =
      reports_ == nullptr ? none : reports_->erased();
  uint64_t unexplained = 0;
  for (const uint64_t position : without_personal_data_) {
    if (std::binary_search(erased.begin(), erased.end(), position)) continue;
    ++unexplained;
    if (options_.personal->may_be_newer() || reports_ == nullptr) continue;
    findings_.Add({.position = position,
                   .field = "personal data",
                   .found = "missing",
                   .expected = "what the entry commits to, as no entry says "
                               "that it was erased"});
  }
  if (unexplained > 0 &&
      (options_.personal->may_be_newer() || reports_ == nullptr)) {
    limits_.push_back(absl::StrCat(
        "personal data: ", unexplained,
        " entries have none and no erasure that was read; they were erased "
        "elsewhere, or lost"));
  }
}

void Verification::CheckSigner() {
  if (!signer().has_value()) return;
  if (named_keys_.empty()) {
    if (!lost_entries_) {
      limits_.push_back(
          "keys: no entry names one, so that the key is the "
          "auditor's word alone");
    }
    return;
  }
  const bool named = std::any_of(named_keys_.begin(), named_keys_.end(),
                                 [this](const NamedKey& key) {
                                   return key.key == signer()->public_key();
                                 });
  if (named || lost_entries_) return;
  findings_.Add({.place = "checkpoint",
                 .field = "key",
                 .found = signer()->ToString(),
                 .expected = "one that an entry names"});
}

void Verification::NoteLimits() {
  uint64_t older = 0;
  uint64_t newer = 0;
  for (const KeptCheckpoint& kept : kept_) {
    const LogSize at = kept.said.head.size;
    if (at.value() < first_read_) ++older;
    if (at > size()) ++newer;
  }
  if (options_.since.has_value()) {
    limits_.push_back(absl::StrCat(
        "entries before position ", first_read_,
        " were not read again; identities and reversals were not looked up "
        "among them, and reports and sources were not derived"));
  }
  if (older > 0) {
    limits_.push_back(absl::StrCat("checkpoints: the roots of ", older,
                                   " older ones were not computed again"));
  }
  if (newer > 0) {
    limits_.push_back(absl::StrCat(
        "checkpoints: ", newer, " are newer than the one that was verified"));
  }
  if (reports_ != nullptr && !reports_->complete()) {
    limits_.push_back(absl::StrCat(
        "reports: more than ", stated_bytes_max >> 20,
        " MiB are stated, too much to derive them; their figures were not "
        "compared"));
  }
}

const ReportFold* Verification::reports() const {
  return reports_ != nullptr && reports_->complete() ? reports_.get() : nullptr;
}

std::optional<merkle::Hash> Verification::RootAt(LogSize size) const {
  if (options_.since.has_value() && size == options_.since->tree.size() &&
      size.value() % width == 0) {
    return options_.since->tree.Root();
  }
  return tree_->RootAt(size);
}

std::optional<VerifiedState> Verification::State() const {
  if (findings_.count() > 0 || signers_.empty() || !signer().has_value()) {
    return std::nullopt;
  }
  std::optional<std::vector<merkle::Hash>> peaks = tree_->Peaks();
  if (!peaks.has_value()) return std::nullopt;
  absl::StatusOr<merkle::Frontier> tree =
      merkle::Frontier::FromPeaks(size(), *std::move(peaks));
  DAYBOOK_CHECK(tree.ok());
  return VerifiedState{.ledger = ledger_,
                       .origin = origin_,
                       .tree = *std::move(tree),
                       .recorded_time_us = last_recorded_time_us_,
                       .keys = named_keys_};
}

void Verification::Tell(const char* what, uint64_t done, uint64_t total) const {
  if (options_.progress) options_.progress(what, done, total);
}

}  // namespace daybook::audit
