#include "services/publisher/recover.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/frontier.h"
#include "core/merkle/hash.h"
#include "core/merkle/tile.h"
#include "services/engine/entry_codec.h"
#include "services/engine/ledger_engine.h"
#include "services/engine/ledger_tree.h"
#include "services/engine/rebuild.h"
#include "services/publisher/durable_file.h"
#include "services/publisher/keygen.h"
#include "services/publisher/ledger_keys.h"

namespace daybook::services {
namespace {

constexpr uint64_t bundle_entries = 256;
constexpr size_t bundle_bytes_max =
    bundle_entries * (merkle::bundled_entry_bytes_max + 2);

// The entries of an export as a tree of this size has them.
class Export {
 public:
  Export(std::filesystem::path folder, LogSize size)
      : folder_(std::move(folder)), size_(size) {}

  // The missing entries of one bundle after the other, from size `from` on, and
  // their hashes.
  struct Part {
    std::vector<std::string> entries;
    std::vector<merkle::Hash> leaves;
  };

  absl::StatusOr<Part> Read(LogSize from) const {
    const uint64_t index = from.value() / bundle_entries;
    const auto bundle = merkle::BundleAt(merkle::TileIndex(index), size_);
    if (!bundle.has_value()) {
      return absl::InternalError("a bundle behind the end was asked for");
    }
    const std::filesystem::path path = folder_ / merkle::BundlePath(*bundle);
    ASSIGN_OR_RETURN(const std::string bytes,
                     ReadSmallFile(path, bundle_bytes_max));
    const auto entries = merkle::ParseBundle(bytes, bundle->width);
    if (!entries.ok()) {
      return absl::DataLossError(
          absl::StrCat(path.string(), ": ", entries.status().message()));
    }
    Part part;
    for (uint64_t i = from.value() % bundle_entries; i < entries->size(); ++i) {
      const Position position(index * bundle_entries + i);
      RETURN_IF_ERROR(ParseEntry(position, (*entries)[i]).status());
      part.entries.emplace_back((*entries)[i]);
      part.leaves.push_back(merkle::LeafHash((*entries)[i]));
    }
    return part;
  }

 private:
  const std::filesystem::path folder_;
  const LogSize size_;
};

merkle::Hash RootOf(const std::vector<merkle::Hash>& leaves) {
  merkle::Frontier frontier;
  for (const merkle::Hash& leaf : leaves) frontier.Append(leaf);
  return frontier.Root();
}

// The checkpoint of an export, by a key that the ledger names or the folder
// holds: the ledger may have been given another one after what it has.
absl::StatusOr<checkpoint::Checkpoint> OpenExported(
    const std::string& text, const LedgerKeys& named, const KeyDirectory& keys,
    absl::string_view ledger_id) {
  ASSIGN_OR_RETURN(const checkpoint::Note note, checkpoint::ParseNote(text));
  const auto opened = named.Open(note);
  if (opened.ok()) return opened->checkpoint;
  if (!absl::IsUnauthenticated(opened.status())) return opened.status();
  return OpenWith(keys, ledger_id, text);
}

// What is known of the ledger before it is appended to.
struct Begin {
  merkle::Frontier edge;
  checkpoint::Checkpoint target;
};

absl::StatusOr<Begin> Look(storage::EventLog& log, const KeyDirectory& keys,
                           absl::string_view ledger_id, const Clock& clock,
                           const std::string& note) {
  const std::string name = absl::StrCat("ledgers/", ledger_id);
  ASSIGN_OR_RETURN(const std::unique_ptr<LedgerEngine> engine,
                   LedgerEngine::Open(log, name, clock));
  ASSIGN_OR_RETURN(const LedgerKeys named, LedgerKeys::Read(*engine));
  ASSIGN_OR_RETURN(checkpoint::Checkpoint target,
                   OpenExported(note, named, keys, ledger_id));
  if (target.origin != engine->genesis().origin()) {
    return absl::PermissionDeniedError(absl::StrCat(
        "the export is of the log ", target.origin,
        ", and the ledger's origin is ", engine->genesis().origin()));
  }
  Begin begin{engine->tree().Durable(), std::move(target)};
  if (begin.target.head.size > begin.edge.size()) return begin;
  return absl::FailedPreconditionError(absl::StrCat(
      name, " has ", begin.edge.size().value(), " entries, and the export ",
      begin.target.head.size.value(), "; it lacks none of them"));
}

// Reads all that is missing, and answers the root over each part.
absl::StatusOr<std::vector<merkle::Hash>> Check(const Export& exported,
                                                const Begin& begin) {
  merkle::Frontier edge = begin.edge;
  std::vector<merkle::Hash> roots;
  while (edge.size() < begin.target.head.size) {
    ASSIGN_OR_RETURN(const Export::Part part, exported.Read(edge.size()));
    for (const merkle::Hash& leaf : part.leaves) edge.Append(leaf);
    roots.push_back(RootOf(part.leaves));
  }
  if (edge.Head() == begin.target.head) return roots;
  return absl::DataLossError(
      "what the ledger has and the entries of the export together do not give "
      "the root that was signed; nothing was appended. Verify the export, or "
      "restore another backup");
}

absl::Status AppendAll(storage::EventLog& log, const Export& exported,
                       const std::vector<merkle::Hash>& roots) {
  ASSIGN_OR_RETURN(const std::unique_ptr<LedgerTree> tree,
                   LedgerTree::Open(log));
  for (const merkle::Hash& root : roots) {
    ASSIGN_OR_RETURN(const Export::Part part, exported.Read(log.size()));
    if (RootOf(part.leaves) != root) {
      return absl::DataLossError(
          "the export changed while it was read; begin again");
    }
    std::vector<storage::SideWrite> writes;
    tree->Add(part.leaves, writes);
    RETURN_IF_ERROR(log.CheckDiskRoom());
    RETURN_IF_ERROR(log.Append(log.size(), part.entries, writes).status());
    tree->Written();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Recovery> Recover(storage::DataDirectory& data,
                                 const KeyDirectory& keys,
                                 absl::string_view ledger_id,
                                 const std::filesystem::path& exported,
                                 const Clock& clock) {
  ASSIGN_OR_RETURN(storage::EventLog* const log, data.OpenLedger(ledger_id));
  Recovery recovery;
  recovery.before = log->size();
  ASSIGN_OR_RETURN(
      const std::string note,
      ReadSmallFile(exported / "checkpoint", checkpoint::note_bytes_max));
  ASSIGN_OR_RETURN(const Begin begin, Look(*log, keys, ledger_id, clock, note));
  const Export source(exported, begin.target.head.size);
  ASSIGN_OR_RETURN(const std::vector<merkle::Hash> roots, Check(source, begin));
  // From here on what lies beside the log is not of all that it holds.
  RETURN_IF_ERROR(ForgetVersion(*log));
  RETURN_IF_ERROR(AppendAll(*log, source, roots));
  // Makes it anew.
  RETURN_IF_ERROR(
      LedgerEngine::Open(*log, absl::StrCat("ledgers/", ledger_id), clock)
          .status());
  recovery.after = log->size();
  const auto last = keys.ReadSigned(ledger_id);
  if (last.ok() && last->has_value()) {
    recovery.last_signed = (*last)->head.size;
  }
  return recovery;
}

}  // namespace daybook::services
