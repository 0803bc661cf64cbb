// The personal data of an export: for each bundle that has some, one file with
// a row for each entry that has; and the checking of such data against the
// commitments in the entries.
//
// Thread safety: PersonalReader may be used from any thread; the rest are pure
// functions.
//
// Bytes: docs/formats/export.md.

#ifndef DAYBOOK_CLIENTS_AUDIT_PERSONAL_FILE_H_
#define DAYBOOK_CLIENTS_AUDIT_PERSONAL_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/audit/entry_note.h"
#include "clients/audit/fetcher.h"
#include "clients/audit/finding.h"
#include "clients/cpp/client.h"
#include "core/merkle/tile.h"
#include "daybook/v1/event.pb.h"

namespace daybook::audit {

// "personal/checkpoint": the checkpoint up to which the folder is complete.
inline constexpr const char* personal_checkpoint_path = "personal/checkpoint";

// What lies beside one entry.
struct PersonalRow {
  // Place in the bundle, from 0.
  uint32_t place = 0;
  // 16 bytes.
  std::string salt;
  v1::PersonalData data;
};

// "personal/x001/x234/067": the file beside a bundle. It has the same name
// whatever the width of the bundle is.
std::string PersonalPath(merkle::TileIndex index);

// Errors: INVALID_ARGUMENT when it is no such path.
absl::StatusOr<merkle::TileIndex> ParsePersonalPath(absl::string_view path);

// Rows in rising places.
std::string FormatPersonalFile(const std::vector<PersonalRow>& rows);

// Errors: INVALID_ARGUMENT when it is no such file.
absl::StatusOr<std::vector<PersonalRow>> ParsePersonalFile(
    absl::string_view bytes);

// What lies beside one entry of a server's; absent when nothing does.
//
// Errors: as AuditService.GetEvent; DATA_LOSS when the salt is none.
absl::StatusOr<std::optional<PersonalRow>> ReadPersonalRow(
    client::Client& client, const std::string& ledger, Position position,
    uint32_t place);

// Where personal data is read from, and compared with what entries say.
class PersonalReader {
 public:
  explicit PersonalReader(Findings& findings) : findings_(findings) {}
  virtual ~PersonalReader() = default;

  // Whether it tells what is there now, which may have been erased behind the
  // size that is verified.
  virtual bool may_be_newer() const = 0;

  // Compares the data beside the entries of a bundle with their commitments,
  // adds to `missing` the places of those that have a commitment and no data,
  // and to `checked` how many agree.
  //
  // Errors: as the source that is read; what is damaged is a finding.
  absl::Status Check(const merkle::Bundle& bundle,
                     const std::vector<EntryNote>& notes,
                     std::vector<uint32_t>& missing, uint64_t& checked);

 protected:
  // The rows beside a bundle, in rising places.
  //
  // Errors: those of the source.
  virtual absl::StatusOr<std::vector<PersonalRow>> Rows(
      const merkle::Bundle& bundle, const std::vector<EntryNote>& notes) = 0;

  Findings& findings() { return findings_; }

 private:
  Findings& findings_;
};

// Of an export.
class PersonalFolder final : public PersonalReader {
 public:
  PersonalFolder(Fetcher& fetcher, Findings& findings)
      : PersonalReader(findings), fetcher_(fetcher) {}

  bool may_be_newer() const override { return false; }

 protected:
  absl::StatusOr<std::vector<PersonalRow>> Rows(
      const merkle::Bundle& bundle,
      const std::vector<EntryNote>& notes) override;

 private:
  Fetcher& fetcher_;
};

// Of a server, entry by entry.
class PersonalServer final : public PersonalReader {
 public:
  PersonalServer(client::Client& client, std::string ledger, Findings& findings)
      : PersonalReader(findings), client_(client), ledger_(std::move(ledger)) {}

  bool may_be_newer() const override { return true; }

 protected:
  absl::StatusOr<std::vector<PersonalRow>> Rows(
      const merkle::Bundle& bundle,
      const std::vector<EntryNote>& notes) override;

 private:
  client::Client& client_;
  const std::string ledger_;
};

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_PERSONAL_FILE_H_
