#include "tests/clients/audit/signed_ledger.h"

#include "absl/strings/str_cat.h"
#include "core/admission/personal_data.h"
#include "core/base/check.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/frontier.h"
#include "core/merkle/tile.h"

namespace daybook::audit {

using merkle::Hash;

checkpoint::SignerKey TestKey(char seed) {
  auto bytes = checkpoint::Ed25519Seed::FromBytes(
      std::string(checkpoint::ed25519_seed_bytes, seed));
  DAYBOOK_CHECK(bytes.ok());
  auto key = checkpoint::SignerKey::Create(
      test_origin, checkpoint::KeyType::kEd25519, *std::move(bytes));
  DAYBOOK_CHECK(key.ok());
  return *std::move(key);
}

absl::StatusOr<std::string> MemoryFetcher::Read(const std::string& path) {
  if (--reads_left < 0) return absl::UnavailableError("out of reach");
  const auto file = files.find(path);
  if (file == files.end()) return absl::NotFoundError(path);
  return file->second;
}

SignedLedger::SignedLedger(const std::string& ledger, char key_seed)
    : key_seed_(key_seed), memory_(ledger) {
  v1::Entry genesis = memory_.entries()[0];
  genesis.set_principal("local");
  genesis.mutable_genesis()->set_ledger_id(std::string(16, 'i'));
  genesis.mutable_genesis()->set_origin(test_origin);
  const auto key = TestKey(key_seed_).verifier().public_key();
  genesis.mutable_genesis()->set_public_key(key.data(), key.size());
  entries_.push_back(std::move(genesis));
}

SignedLedger SignedLedger::OfLoad(uint64_t events, uint64_t seed) {
  testing::LoadOptions options;
  options.seed = seed;
  options.departments = 3;
  options.events = events;
  options.duplicates = 0;
  options.corrections = 300;
  options.personal_data = true;
  testing::Load load(options);
  SignedLedger ledger(options.ledger);
  testing::LoadEvent event;
  while (load.Next(event)) ledger.Append(options.source, event.input);
  return ledger;
}

void SignedLedger::Append(const std::string& source,
                          const v1::EventInput& input) {
  const auto problems = memory_.Append(source, input);
  DAYBOOK_CHECK(problems.empty());
  v1::Entry entry = memory_.entries().back();
  entry.set_position(entries_.size());
  if (HasPersonalData(input.personal_data())) {
    PersonalRow row;
    row.place = static_cast<uint32_t>(entries_.size() % 256);
    row.salt =
        absl::StrCat("salt-", absl::Dec(entries_.size(), absl::kZeroPad11));
    row.data = input.personal_data();
    entry.set_personal_data_commitment(
        PersonalDataCommitment(row.salt, row.data));
    personal_.emplace(entries_.size(), std::move(row));
  }
  Force(std::move(entry));
}

void SignedLedger::Force(v1::Entry entry) {
  const uint64_t position = entries_.size();
  if (entry.format() == 0) entry.set_format(1);
  if (entry.position() == 0) entry.set_position(position);
  if (entry.recorded_time_us() == 0) {
    entry.set_recorded_time_us(static_cast<int64_t>(position));
  }
  entry.set_principal("local");
  entries_.push_back(std::move(entry));
}

void SignedLedger::Change(uint64_t position,
                          const std::function<void(v1::Entry&)>& change) {
  change(entries_.at(position));
}

std::string SignedLedger::bytes(uint64_t position) const {
  return entries_.at(position).SerializeAsString();
}

std::optional<PersonalRow> SignedLedger::personal(uint64_t position) const {
  const auto row = personal_.find(position);
  if (row == personal_.end()) return std::nullopt;
  return row->second;
}

Hash SignedLedger::Root(uint64_t size) const {
  merkle::Frontier tree;
  for (uint64_t i = 0; i < size; ++i) tree.Append(merkle::LeafHash(bytes(i)));
  return tree.Root();
}

std::string SignedLedger::Checkpoint(uint64_t size,
                                     const checkpoint::SignerKey& key) const {
  const auto note = checkpoint::SignCheckpoint(
      {test_origin, {LogSize(size), Root(size)}, {}}, key);
  DAYBOOK_CHECK(note.ok());
  return *checkpoint::FormatNote(*note);
}

std::map<std::string, std::string> SignedLedger::Files(uint64_t size) const {
  std::map<std::string, std::string> files;
  // Hashes by tile level.
  std::map<uint32_t, std::vector<Hash>> hashes;
  merkle::Frontier tree;
  for (uint64_t i = 0; i < size; ++i) {
    tree.Append(
        merkle::LeafHash(bytes(i)), [&](merkle::NodeId node, const Hash& hash) {
          if (node.level.value() % merkle::tile_height != 0) return;
          hashes[node.level.value() / merkle::tile_height].push_back(hash);
        });
  }
  for (const merkle::Tile& tile :
       merkle::TilesToPublish(LogSize(0), LogSize(size))) {
    const std::vector<Hash>& level = hashes[tile.level.value()];
    const auto first =
        level.begin() + static_cast<ptrdiff_t>(tile.index.value() * 256);
    files[merkle::TilePath(tile)] = merkle::FormatTile(
        std::vector<Hash>(first, first + tile.width.value()));
  }
  for (const merkle::Bundle& bundle :
       merkle::BundlesToPublish(LogSize(0), LogSize(size))) {
    std::string& content = files[merkle::BundlePath(bundle)];
    for (uint64_t i = 0; i < bundle.width.value(); ++i) {
      DAYBOOK_CHECK(
          merkle::AppendToBundle(bytes(bundle.index.value() * 256 + i), content)
              .ok());
    }
  }
  files["checkpoint"] = Checkpoint(size);
  return files;
}

}  // namespace daybook::audit
