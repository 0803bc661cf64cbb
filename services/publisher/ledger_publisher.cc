#include "services/publisher/ledger_publisher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/admission/well_formed.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signed_checkpoint.h"

namespace daybook::services {
namespace {

absl::Status NothingSigns(absl::string_view ledger, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("checkpoints of ", ledger, " are not signed: ", why));
}

std::string RootText(const merkle::Hash& root) {
  return absl::Base64Escape(root.bytes());
}

}  // namespace

LedgerPublisher::LedgerPublisher(Ledger ledger)
    : ledger_(std::move(ledger)), kept_(ledger_.log) {}

absl::StatusOr<std::unique_ptr<LedgerPublisher>> LedgerPublisher::Open(
    Ledger ledger) {
  std::unique_ptr<LedgerPublisher> publisher(
      new LedgerPublisher(std::move(ledger)));
  const Ledger& of = publisher->ledger_;
  if (of.keys != nullptr && !of.read_only) {
    RETURN_IF_ERROR(CheckNotBehind(
        *of.keys, of.id, of.engine.genesis().origin(), of.engine.size()));
  }
  {
    absl::MutexLock signing(&publisher->signing_mutex_);
    publisher->Settle();
  }
  if (of.keys != nullptr) {
    publisher->thread_ =
        std::thread([opened = publisher.get()] { opened->Run(); });
  }
  return publisher;
}

LedgerPublisher::~LedgerPublisher() {
  stopping_ = true;
  {
    absl::MutexLock lock(&mutex_);
    changed_.SignalAll();
  }
  ledger_.engine.WakeWaiters();
  if (thread_.joinable()) thread_.join();
}

void LedgerPublisher::Settle() {
  absl::Status loaded = Load();
  absl::MutexLock lock(&mutex_);
  problem_ = std::move(loaded);
  const checkpoint::VerifierKey* const current = keys_.current();
  verifier_key_ = current == nullptr ? "" : current->ToString();
  changed_.SignalAll();
}

absl::Status LedgerPublisher::Sign(const checkpoint::SignerKey& key) {
  const merkle::TreeHead head = ledger_.engine.tree().Head();
  RETURN_IF_ERROR(CheckContinues(signed_));
  const checkpoint::Checkpoint checkpoint{
      ledger_.engine.genesis().origin(), head, {}};
  // The word is kept before it is given.
  if (head != signed_) {
    RETURN_IF_ERROR(ledger_.keys->WriteSigned(ledger_.id, checkpoint));
    signed_ = head;
  }
  ASSIGN_OR_RETURN(const checkpoint::Note note,
                   checkpoint::SignCheckpoint(checkpoint, key));
  v1::Checkpoint made;
  ASSIGN_OR_RETURN(*made.mutable_note(), checkpoint::FormatNote(note));
  made.set_size(head.size.value());
  made.set_signed_time_us(absl::ToUnixMicros(ledger_.clock.Now()));
  RETURN_IF_ERROR(kept_.Put(made));
  absl::MutexLock lock(&mutex_);
  newest_ = std::move(made);
  return absl::OkStatus();
}

absl::Status LedgerPublisher::CheckContinues(
    const merkle::TreeHead& head) const {
  if (head.size == LogSize(0)) return absl::OkStatus();
  const auto found = ledger_.engine.tree().HeadAt(head.size);
  if (!found.ok() && !absl::IsOutOfRange(found.status())) {
    return found.status();
  }
  if (found.ok() && found->root == head.root) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      "of ", ledger_.engine.ledger(), " size ", head.size.value(),
      " was signed with root ", RootText(head.root), ", and it has ",
      found.ok() ? RootText(found->root) : "less",
      " there: what was signed was changed or is lost. Nothing is signed over "
      "it; restore the data directory, and recover what it lacks with: "
      "daybookd recover"));
}

absl::Status LedgerPublisher::CheckKept(const v1::Checkpoint& kept,
                                        const LedgerKeys& keys) const {
  const auto check = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const checkpoint::Note note,
                     checkpoint::ParseNote(kept.note()));
    ASSIGN_OR_RETURN(const checkpoint::OpenedCheckpoint opened,
                     keys.Open(note));
    if (opened.checkpoint.head.size.value() != kept.size()) {
      return absl::DataLossError("it is of another size");
    }
    return CheckContinues(opened.checkpoint.head);
  };
  const absl::Status status = check();
  if (status.ok()) return status;
  return absl::DataLossError(
      absl::StrCat("the kept checkpoint of size ", kept.size(), " of ",
                   ledger_.engine.ledger(), ": ", status.message()));
}

absl::StatusOr<v1::Checkpoint> LedgerPublisher::Newest() {
  {
    absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(problem_);
    if (newest_.size() > 0) return newest_;
  }
  // The first takes no longer than one sync.
  return Await(LogSize(1), absl::Now() + 10 * interval);
}

absl::StatusOr<v1::Checkpoint> LedgerPublisher::Await(LogSize size,
                                                      absl::Time deadline) {
  const LogSize known = ledger_.engine.size();
  if (size > known) {
    return absl::OutOfRangeError(absl::StrCat(
        ledger_.engine.ledger(), " has ", known.value(),
        " entries, and a checkpoint of ", size.value(), " was asked for"));
  }
  absl::MutexLock lock(&mutex_);
  const uint64_t failures = failures_;
  if (newest_.size() < size.value() && wanted_ < size) {
    wanted_ = size;
    changed_.SignalAll();
  }
  while (true) {
    RETURN_IF_ERROR(problem_);
    if (newest_.size() >= size.value()) return newest_;
    if (failures_ != failures) return failure_;
    if (changed_.WaitWithDeadline(&mutex_, deadline) &&
        newest_.size() < size.value()) {
      return absl::DeadlineExceededError(
          absl::StrCat("no checkpoint of ", ledger_.engine.ledger(),
                       " covers size ", size.value(), " yet; ask again"));
    }
  }
}

absl::StatusOr<std::vector<v1::Checkpoint>> LedgerPublisher::List(
    LogSize before, size_t count) const {
  LedgerKeys keys;
  {
    absl::MutexLock lock(&mutex_);
    keys = keys_;
  }
  ASSIGN_OR_RETURN(std::vector<v1::Checkpoint> found,
                   kept_.List(before, count));
  for (const v1::Checkpoint& kept : found) {
    RETURN_IF_ERROR(CheckKept(kept, keys));
  }
  return found;
}

absl::Status LedgerPublisher::AddCosignatures(
    LogSize size, const std::string& signature_lines) {
  ASSIGN_OR_RETURN(const std::vector<checkpoint::NoteSignature> added,
                   checkpoint::ParseSignatureLines(signature_lines));
  absl::MutexLock signing(&signing_mutex_);
  ASSIGN_OR_RETURN(std::optional<v1::Checkpoint> kept, kept_.Find(size));
  if (!kept.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("the checkpoint of size ", size.value(), " of ",
                     ledger_.engine.ledger(), " is not kept"));
  }
  ASSIGN_OR_RETURN(checkpoint::Note note, checkpoint::ParseNote(kept->note()));
  const std::string before = kept->note();
  for (const checkpoint::NoteSignature& signature : added) {
    // A later one of a witness says more than its earlier one; the first is the
    // ledger's own.
    const auto same =
        std::find_if(note.signatures.begin(), note.signatures.end(),
                     [&](const checkpoint::NoteSignature& s) {
                       return s.name == signature.name && s.id == signature.id;
                     });
    if (same == note.signatures.end()) {
      note.signatures.push_back(signature);
    } else if (same != note.signatures.begin()) {
      *same = signature;
    }
  }
  ASSIGN_OR_RETURN(*kept->mutable_note(), checkpoint::FormatNote(note));
  if (kept->note() == before) return absl::OkStatus();
  RETURN_IF_ERROR(kept_.Put(*kept));
  absl::MutexLock lock(&mutex_);
  if (newest_.size() == size.value()) newest_ = *std::move(kept);
  return absl::OkStatus();
}

std::string LedgerPublisher::verifier_key() const {
  absl::MutexLock lock(&mutex_);
  return verifier_key_;
}

absl::Status LedgerPublisher::problem() const {
  absl::MutexLock lock(&mutex_);
  return problem_;
}

void LedgerPublisher::Run() {
  while (!stopping_) {
    if (!Rest()) Attempt();
  }
}

bool LedgerPublisher::Rest() {
  LogSize newest(0);
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return true;
    if (!problem_.ok()) {
      changed_.Wait(&mutex_);
      return true;
    }
    newest = LogSize(newest_.size());
    if (wanted_ > newest) return false;
    if (ledger_.engine.size() > newest) {
      const absl::Time due = attempted_ + interval;
      if (absl::Now() >= due) return false;
      changed_.WaitWithDeadline(&mutex_, due);
      return true;
    }
  }
  // Nobody can wait for more than there is.
  ledger_.engine.WaitForSize(LogSize(newest.value() + 1), stopping_);
  return true;
}

void LedgerPublisher::Attempt() {
  absl::Status signed_now;
  {
    absl::MutexLock signing(&signing_mutex_);
    // Without a key there is a problem, which a rotation may just have left.
    if (key_.has_value()) signed_now = Sign(*key_);
  }
  absl::MutexLock lock(&mutex_);
  attempted_ = absl::Now();
  if (!signed_now.ok()) {
    if (absl::IsDataLoss(signed_now)) problem_ = signed_now;
    ++failures_;
    failure_ = std::move(signed_now);
    wanted_ = LogSize(0);
  }
  changed_.SignalAll();
}

absl::Status LedgerPublisher::Load() {
  key_.reset();
  ASSIGN_OR_RETURN(LedgerKeys keys, LedgerKeys::Read(ledger_.engine));
  {
    absl::MutexLock lock(&mutex_);
    keys_ = keys;
  }
  if (ledger_.keys == nullptr) {
    return NothingSigns(ledger_.engine.ledger(),
                        "daybookd runs without --key_dir; make a key with "
                        "daybookd keygen, and start it with --key_dir=DIR");
  }
  if (ledger_.read_only) {
    return NothingSigns(ledger_.engine.ledger(),
                        "daybookd runs with --read_only");
  }
  RETURN_IF_ERROR(LoadSigned(keys));
  RETURN_IF_ERROR(FinishRotation(keys));
  return LoadKey(keys);
}

absl::Status LedgerPublisher::LoadSigned(const LedgerKeys& keys) {
  const std::string& origin = ledger_.engine.genesis().origin();
  ASSIGN_OR_RETURN(const std::optional<checkpoint::Checkpoint> stored,
                   ledger_.keys->ReadSigned(ledger_.id));
  if (stored.has_value() && stored->origin != origin) {
    return NothingSigns(
        ledger_.engine.ledger(),
        absl::StrCat(ledger_.keys->SignedPath(ledger_.id).string(),
                     " is of the log ", stored->origin,
                     ", and the ledger's is ", origin,
                     "; use the key directory of this ledger"));
  }
  if (!stored.has_value() && ledger_.engine.size() > LogSize(1)) {
    return NothingSigns(
        ledger_.engine.ledger(),
        absl::StrCat(ledger_.keys->SignedPath(ledger_.id).string(),
                     " is missing, so that it is not known what was signed "
                     "last; give the last known checkpoint with: daybookd "
                     "adopt --key_dir=",
                     ledger_.keys->path().string(), " ", ledger_.id,
                     " CHECKPOINT_FILE"));
  }
  signed_ = stored.has_value()
                ? stored->head
                : merkle::TreeHead{LogSize(0), merkle::EmptyRoot()};
  RETURN_IF_ERROR(CheckContinues(signed_));
  ASSIGN_OR_RETURN(const std::vector<v1::Checkpoint> kept,
                   kept_.List(LogSize(UINT64_MAX), 1));
  if (kept.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckKept(kept[0], keys));
  {
    absl::MutexLock lock(&mutex_);
    newest_ = kept[0];
  }
  if (kept[0].size() <= signed_.size.value()) return absl::OkStatus();
  // An older copy of the key directory came back.
  ASSIGN_OR_RETURN(signed_,
                   ledger_.engine.tree().HeadAt(LogSize(kept[0].size())));
  return ledger_.keys->WriteSigned(ledger_.id, {origin, signed_, {}});
}

absl::Status LedgerPublisher::FinishRotation(const LedgerKeys& keys) {
  if (keys.current() == nullptr) return absl::OkStatus();
  const auto key = ledger_.keys->ReadKey(ledger_.id, KeyRole::kCurrent);
  if (key.ok() && key->verifier() == *keys.current()) return absl::OkStatus();
  const auto next = ledger_.keys->ReadKey(ledger_.id, KeyRole::kNext);
  if (!next.ok() || next->verifier() != *keys.current()) {
    return absl::OkStatus();
  }
  if (key.ok()) {
    const size_t count = keys.all().size();
    if (count < 2 || keys.all()[count - 2].verifier != key->verifier()) {
      return absl::OkStatus();
    }
    // It says itself that it is followed.
    if (signed_.size.value() <= keys.all().back().from.value()) {
      RETURN_IF_ERROR(Sign(*key));
    }
    RETURN_IF_ERROR(ledger_.keys->Retire(ledger_.id, key->verifier().id()));
  } else if (!absl::IsNotFound(key.status())) {
    return key.status();
  }
  return ledger_.keys->Advance(ledger_.id);
}

absl::Status LedgerPublisher::LoadKey(const LedgerKeys& keys) {
  const std::string& ledger = ledger_.engine.ledger();
  const std::string& origin = ledger_.engine.genesis().origin();
  absl::StatusOr<checkpoint::SignerKey> key =
      ledger_.keys->ReadKey(ledger_.id, KeyRole::kCurrent);
  if (absl::IsNotFound(key.status())) {
    return NothingSigns(
        ledger,
        absl::StrCat(
            "there is no key of it; ",
            keys.current() == nullptr
                ? absl::StrCat("make one with: daybookd keygen "
                               "--key_dir=",
                               ledger_.keys->path().string(),
                               " --origin=", origin, " ", ledger_.id,
                               ", then: daybook admin rotate-key ", ledger_.id,
                               " --reason=TEXT")
                : absl::StrCat("put the key ", keys.current()->ToString(),
                               " back, and restart daybookd")));
  }
  RETURN_IF_ERROR(key.status());
  if (key->verifier().name() != origin) {
    return NothingSigns(
        ledger, absl::StrCat("its key is of the log ", key->verifier().name(),
                             ", and its origin is ", origin));
  }
  if (keys.current() == nullptr) {
    return NothingSigns(
        ledger, absl::StrCat("it does not name its key yet; have it do so "
                             "with: daybook admin rotate-key ",
                             ledger_.id, " --reason=TEXT"));
  }
  if (key->verifier() != *keys.current()) {
    return NothingSigns(
        ledger,
        absl::StrCat("its key is ", key->verifier().ToString(),
                     ", and the ledger names ", keys.current()->ToString(),
                     "; put that one in its place, and restart "
                     "daybookd"));
  }
  key_ = *std::move(key);
  return absl::OkStatus();
}

absl::StatusOr<checkpoint::SignerKey> LedgerPublisher::FindNext(
    const LedgerKeys& keys) const {
  auto next = ledger_.keys->ReadKey(ledger_.id, KeyRole::kNext);
  if (keys.current() == nullptr) {
    auto first = ledger_.keys->ReadKey(ledger_.id, KeyRole::kCurrent);
    if (!absl::IsNotFound(first.status())) next = std::move(first);
  }
  if (absl::IsNotFound(next.status())) {
    return absl::FailedPreconditionError(absl::StrCat(
        "ledger: there is no key to rotate ", ledger_.engine.ledger(),
        " to; make it with: daybookd keygen --next --key_dir=",
        ledger_.keys->path().string(), " ", ledger_.id));
  }
  RETURN_IF_ERROR(next.status());
  if (next->verifier().name() != ledger_.engine.genesis().origin()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "ledger: the next key is of the log ", next->verifier().name(),
        ", and the ledger's origin is ", ledger_.engine.genesis().origin(),
        "; make another with keygen --next --origin=",
        ledger_.engine.genesis().origin()));
  }
  if (keys.Has(next->verifier())) {
    return absl::FailedPreconditionError(
        "ledger: the next key has signed this ledger before; make another with "
        "keygen --next");
  }
  return next;
}

absl::StatusOr<Position> LedgerPublisher::Append(
    v1::Event event, const std::string& principal) const {
  AppendCommand command;
  command.by_server = true;
  command.principal = principal;
  command.source = server_source;
  *command.inputs->Add()->mutable_event() = std::move(event);
  ASSIGN_OR_RETURN(const AppendOutcome outcome,
                   ledger_.engine.Append(std::move(command)));
  if (outcome.refused_total == 0) {
    return Position(outcome.results[0].position());
  }
  const v1::Problem& problem = outcome.refusals[0].problems(0);
  return absl::Status(static_cast<absl::StatusCode>(problem.code()),
                      absl::StrCat(problem.field(), ": ", problem.message(),
                                   "; ", problem.remedy()));
}

absl::StatusOr<v1::RotateKeyResponse> LedgerPublisher::Rotate(
    const std::string& principal, const std::string& reason) {
  absl::MutexLock signing(&signing_mutex_);
  ASSIGN_OR_RETURN(const LedgerKeys keys, LedgerKeys::Read(ledger_.engine));
  absl::Status may_sign = problem();
  // That it names no key is what is to be mended.
  if (ledger_.keys != nullptr && !ledger_.read_only &&
      keys.current() == nullptr) {
    may_sign = LoadSigned(keys);
  }
  RETURN_IF_ERROR(may_sign);
  ASSIGN_OR_RETURN(const checkpoint::SignerKey next, FindNext(keys));
  const absl::string_view public_key(
      reinterpret_cast<const char*>(next.verifier().public_key().data()),
      next.verifier().public_key().size());
  v1::Event event;
  event.set_event_id(absl::StrCat(
      "key-", absl::Hex(next.verifier().id().value(), absl::kZeroPad8)));
  event.set_subject(ledger_.engine.ledger());
  event.mutable_key_rotated()->set_public_key(std::string(public_key));
  event.mutable_key_rotated()->set_reason(reason);
  v1::RotateKeyResponse response;
  ASSIGN_OR_RETURN(const Position position,
                   Append(std::move(event), principal));
  response.set_position(position.value());
  response.set_verifier_key(next.verifier().ToString());
  // The rest is what opening the ledger would find left to do.
  Settle();
  RETURN_IF_ERROR(problem());
  return response;
}

}  // namespace daybook::services
