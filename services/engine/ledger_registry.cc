#include "services/engine/ledger_registry.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/budget/resource_name.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/note_text.h"
#include "services/engine/entry_codec.h"
#include "services/engine/random_bytes.h"

namespace daybook::services {
namespace {

constexpr size_t shown_bytes = 128;

// Of the last checkpoint of a log that lost entries, and of what is said of it.
constexpr size_t lost_checkpoint_bytes_max = size_t{16} << 10;
constexpr size_t loss_bytes_max = 1'024;

std::string LedgerName(absl::string_view ledger_id) {
  return absl::StrCat("ledgers/", ledger_id);
}

absl::Status CheckLedgerId(absl::string_view ledger_id) {
  if (IsResourceId(ledger_id)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "ledger_id: \"", Shortened(ledger_id, shown_bytes),
      "\" is not an id; give 1 to 32 of [0-9A-Za-z-], such as 430203"));
}

absl::Status BadLostLog(absl::string_view field, absl::string_view problem) {
  return absl::InvalidArgumentError(
      absl::StrCat("continues.", field, ": ", problem));
}

// Of a ledger that goes on under this origin.
absl::Status CheckLostLog(const v1::LostLog& lost, absl::string_view origin) {
  if (lost.loss().empty() || lost.loss().size() > loss_bytes_max ||
      !checkpoint::IsNoteText(lost.loss())) {
    return BadLostLog("loss",
                      "say what was lost and how, in 1 to 1,024 bytes of text");
  }
  if (lost.checkpoint().size() > lost_checkpoint_bytes_max) {
    return BadLostLog("checkpoint",
                      absl::StrCat("it has ", lost.checkpoint().size(),
                                   " bytes; give a signed note of at most 16 "
                                   "KiB"));
  }
  const auto note = checkpoint::ParseNote(lost.checkpoint());
  if (!note.ok()) return BadLostLog("checkpoint", note.status().message());
  const auto old = checkpoint::ParseCheckpoint(note->text);
  if (!old.ok()) return BadLostLog("checkpoint", old.status().message());
  if (old->origin != origin) return absl::OkStatus();
  return BadLostLog(
      "checkpoint",
      absl::StrCat("it is of the origin ", Shortened(origin, shown_bytes),
                   " too; give the ledger that goes on another origin, and "
                   "make its key for that"));
}

absl::Status NoSuchLedger(absl::string_view ledger_id) {
  return absl::NotFoundError(absl::StrCat(
      "there is no ledger ", LedgerName(ledger_id),
      " on this server; create it with: daybook ledger create ", ledger_id));
}

}  // namespace

absl::Status CheckOrigin(absl::string_view origin) {
  const bool plain = std::all_of(origin.begin(), origin.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != '+';
  });
  if (plain && origin.size() <= origin_bytes_max &&
      !absl::StrContains(origin, "://")) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "origin: \"", Shortened(origin, shown_bytes),
      "\" is not a log's name; give a URL without scheme, spaces and \"+\", at "
      "most 128 bytes, such as example.gov/ledgers/430203"));
}

LedgerRegistry::LedgerRegistry(storage::DataDirectory& directory,
                               const Clock& clock, LedgerEngineOptions options)
    : directory_(directory), clock_(clock), options_(options) {}

LedgerRegistry::~LedgerRegistry() = default;

absl::StatusOr<v1::Ledger> LedgerRegistry::Create(absl::string_view ledger_id,
                                                  absl::string_view origin) {
  v1::CreateLedgerRequest request;
  request.set_ledger_id(std::string(ledger_id));
  request.set_origin(std::string(origin));
  return Create(request);
}

absl::StatusOr<v1::Ledger> LedgerRegistry::Create(
    const v1::CreateLedgerRequest& request) {
  const std::string& ledger_id = request.ledger_id();
  RETURN_IF_ERROR(CheckLedgerId(ledger_id));
  RETURN_IF_ERROR(CheckOrigin(request.origin()));
  if (options_.writer.read_only) {
    return absl::FailedPreconditionError(
        "ledger_id: nothing is created, the server runs with --read_only");
  }

  v1::Entry entry;
  entry.set_format(entry_format);
  entry.set_position(0);
  entry.set_recorded_time_us(absl::ToUnixMicros(clock_.Now()));
  entry.set_principal(local_principal);
  v1::Genesis& genesis = *entry.mutable_genesis();
  ASSIGN_OR_RETURN(*genesis.mutable_ledger_id(), RandomBytes(ledger_id_bytes));
  genesis.set_origin(request.origin());
  genesis.set_ledger(LedgerName(ledger_id));
  if (keeper_ != nullptr) {
    RETURN_IF_ERROR(keeper_->Begin(ledger_id, genesis));
    RETURN_IF_ERROR(CheckOrigin(genesis.origin()));
  }
  if (genesis.origin().empty()) {
    genesis.set_origin(absl::StrCat("daybook.local/ledgers/", ledger_id));
  }
  if (request.has_continues()) {
    RETURN_IF_ERROR(CheckLostLog(request.continues(), genesis.origin()));
    *genesis.mutable_continues() = request.continues();
  }

  const absl::StatusOr<storage::EventLog*> log =
      directory_.CreateLedger(ledger_id, EntryBytes(entry));
  if (absl::IsAlreadyExists(log.status())) {
    return absl::AlreadyExistsError(
        absl::StrCat(genesis.ledger(),
                     " exists already and was left as it is; append to it, or "
                     "choose another id"));
  }
  RETURN_IF_ERROR(log.status());
  v1::Ledger ledger;
  ledger.set_name(genesis.ledger());
  ledger.set_origin(genesis.origin());
  ledger.set_size((*log)->size().value());
  if (keeper_ != nullptr) RETURN_IF_ERROR(keeper_->Describe(ledger_id, ledger));
  return ledger;
}

absl::StatusOr<LedgerEngine*> LedgerRegistry::Find(
    absl::string_view ledger_id) {
  Slot* slot = nullptr;
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = slots_.find(ledger_id);
    if (found != slots_.end()) slot = found->second.get();
  }
  if (slot == nullptr) {
    // Before there is a slot the ledger must exist, or made-up ids would fill
    // the memory.
    const auto log = directory_.OpenLedger(ledger_id);
    if (absl::IsNotFound(log.status())) return NoSuchLedger(ledger_id);
    RETURN_IF_ERROR(log.status());
    absl::MutexLock lock(&mutex_);
    auto& made = slots_[std::string(ledger_id)];
    if (made == nullptr) made = std::make_unique<Slot>();
    slot = made.get();
  }
  absl::MutexLock lock(&slot->mutex);
  if (slot->engine == nullptr) {
    ASSIGN_OR_RETURN(storage::EventLog* const log,
                     directory_.OpenLedger(ledger_id));
    ASSIGN_OR_RETURN(
        auto engine,
        LedgerEngine::Open(*log, LedgerName(ledger_id), clock_, options_));
    if (keeper_ != nullptr) {
      RETURN_IF_ERROR(keeper_->Opened(ledger_id, *engine));
    }
    slot->engine = std::move(engine);
    absl::MutexLock opened(&mutex_);
    opened_.push_back(std::string(ledger_id));
  }
  return slot->engine.get();
}

std::vector<std::string> LedgerRegistry::Opened() const {
  absl::ReaderMutexLock lock(&mutex_);
  return opened_;
}

absl::StatusOr<std::vector<v1::Ledger>> LedgerRegistry::List(
    absl::string_view after, size_t count) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   directory_.ListLedgers());
  std::vector<v1::Ledger> ledgers;
  for (const std::string& id : ids) {
    if (ledgers.size() == count) break;
    if (id <= after) continue;
    absl::StatusOr<v1::Ledger> ledger = Describe(id);
    if (ledger.ok()) {
      ledgers.push_back(*std::move(ledger));
      continue;
    }
    // One ledger that can not be read must not hide the others.
    ledgers.emplace_back().set_name(LedgerName(id));
    ledgers.back().set_problem(std::string(ledger.status().message()));
    ledgers.back().set_problem_code(ledger.status().raw_code());
  }
  return ledgers;
}

absl::StatusOr<v1::Ledger> LedgerRegistry::Describe(
    absl::string_view ledger_id) {
  ASSIGN_OR_RETURN(storage::EventLog* const log,
                   directory_.OpenLedger(ledger_id));
  if (log->size() == LogSize(0)) {
    return absl::DataLossError(
        absl::StrCat("the log of ", LedgerName(ledger_id),
                     " has no genesis entry; restore it from a backup"));
  }
  ASSIGN_OR_RETURN(const std::string bytes, log->Read(Position(0)));
  ASSIGN_OR_RETURN(const v1::Entry entry, ParseEntry(Position(0), bytes));
  v1::Ledger ledger;
  ledger.set_name(LedgerName(ledger_id));
  ledger.set_origin(entry.genesis().origin());
  ledger.set_size(log->size().value());
  if (keeper_ != nullptr) RETURN_IF_ERROR(keeper_->Describe(ledger_id, ledger));
  return ledger;
}

}  // namespace daybook::services
