#include "clients/audit/personal_file.h"

#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/audit/bundle_reading.h"
#include "core/admission/personal_data.h"
#include "core/base/status_macros.h"

namespace daybook::audit {
namespace {

constexpr absl::string_view personal_folder = "personal/";
constexpr absl::string_view bundle_folder = "tile/entries/";

// Place, salt, length.
constexpr size_t length_bytes = 4;
constexpr size_t header_bytes = 1 + salt_bytes + length_bytes;

// Longer than any personal data.
constexpr size_t data_bytes_max = 8'192;

absl::Status NoRow(size_t number, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("row ", number, " of the personal data ", what));
}

bool HasCommitment(const EntryNote& note) { return !note.commitment.empty(); }

}  // namespace

std::string PersonalPath(merkle::TileIndex index) {
  const std::string path = merkle::BundlePath({index, merkle::tile_width_max});
  return absl::StrCat(personal_folder, absl::StripPrefix(path, bundle_folder));
}

absl::StatusOr<merkle::TileIndex> ParsePersonalPath(absl::string_view path) {
  absl::string_view rest = path;
  if (absl::ConsumePrefix(&rest, personal_folder)) {
    const auto bundle =
        merkle::ParseBundlePath(absl::StrCat(bundle_folder, rest));
    if (bundle.ok() && bundle->width == merkle::tile_width_max) {
      return bundle->index;
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", path, "' is not a path such as personal/x001/234"));
}

std::string FormatPersonalFile(const std::vector<PersonalRow>& rows) {
  std::string bytes;
  for (const PersonalRow& row : rows) {
    const std::string data = row.data.SerializeAsString();
    bytes.push_back(static_cast<char>(row.place));
    absl::StrAppend(&bytes, row.salt);
    for (size_t shift = 8 * length_bytes; shift > 0; shift -= 8) {
      bytes.push_back(static_cast<char>(data.size() >> (shift - 8) & 0xFF));
    }
    absl::StrAppend(&bytes, data);
  }
  return bytes;
}

absl::StatusOr<std::vector<PersonalRow>> ParsePersonalFile(
    absl::string_view bytes) {
  std::vector<PersonalRow> rows;
  for (size_t number = 0; !bytes.empty(); ++number) {
    if (bytes.size() < header_bytes) return NoRow(number, "is cut off");
    PersonalRow row;
    row.place = static_cast<unsigned char>(bytes[0]);
    row.salt = std::string(bytes.substr(1, salt_bytes));
    size_t length = 0;
    for (size_t i = 1 + salt_bytes; i < header_bytes; ++i) {
      length = length << 8 | static_cast<unsigned char>(bytes[i]);
    }
    bytes.remove_prefix(header_bytes);
    if (length > data_bytes_max) {
      return NoRow(number, absl::StrCat("has ", length, " bytes"));
    }
    if (bytes.size() < length) return NoRow(number, "is cut off");
    if (!row.data.ParseFromArray(bytes.data(), static_cast<int>(length)) ||
        row.data.SerializeAsString() != bytes.substr(0, length)) {
      return NoRow(number, "can not be read");
    }
    bytes.remove_prefix(length);
    if (!rows.empty() && rows.back().place >= row.place) {
      return NoRow(number, absl::StrCat("is of place ", row.place,
                                        ", behind place ", rows.back().place));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

absl::StatusOr<std::optional<PersonalRow>> ReadPersonalRow(
    client::Client& client, const std::string& ledger, Position position,
    uint32_t place) {
  v1::GetEventRequest request;
  request.set_ledger(ledger);
  request.set_position(position.value());
  request.set_include_personal_data(true);
  ASSIGN_OR_RETURN(v1::StoredEntry stored, client.GetEvent(request));
  if (!stored.has_personal_data()) return std::optional<PersonalRow>();
  if (stored.salt().size() != salt_bytes) {
    return absl::DataLossError(
        absl::StrCat("the salt at position ", position.value(), " has ",
                     stored.salt().size(), " bytes, not ", salt_bytes));
  }
  return std::optional<PersonalRow>(
      {place, stored.salt(), std::move(*stored.mutable_personal_data())});
}

absl::Status PersonalReader::Check(const merkle::Bundle& bundle,
                                   const std::vector<EntryNote>& notes,
                                   std::vector<uint32_t>& missing,
                                   uint64_t& checked) {
  ASSIGN_OR_RETURN(const std::vector<PersonalRow> rows, Rows(bundle, notes));
  auto row = rows.begin();
  for (uint32_t place = 0; place < notes.size(); ++place) {
    const bool has_row = row != rows.end() && row->place == place;
    if (!HasCommitment(notes[place])) {
      if (!has_row) continue;
      findings_.Add({.position = PositionIn(bundle, place).value(),
                     .field = "personal data",
                     .found = "some",
                     .expected = "none, as the entry has no commitment"});
      ++row;
      continue;
    }
    if (!has_row) {
      missing.push_back(place);
      continue;
    }
    const absl::string_view committed = notes[place].commitment;
    const std::string commitment = PersonalDataCommitment(row->salt, row->data);
    if (commitment == committed) {
      ++checked;
    } else {
      findings_.Add({.position = PositionIn(bundle, place).value(),
                     .field = "commitment of the personal data",
                     .found = absl::BytesToHexString(commitment),
                     .expected = absl::BytesToHexString(committed)});
    }
    ++row;
  }
  for (; row != rows.end(); ++row) {
    findings_.Add({.position = PositionIn(bundle, row->place).value(),
                   .field = "personal data",
                   .found = "some",
                   .expected = "no such entry"});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<PersonalRow>> PersonalFolder::Rows(
    const merkle::Bundle& bundle, const std::vector<EntryNote>& notes) {
  static_cast<void>(notes);
  const std::string path = PersonalPath(bundle.index);
  const absl::StatusOr<std::string> content = fetcher_.Read(path);
  // A bundle without personal data has no file; what is missing is seen by the
  // entries.
  if (absl::IsNotFound(content.status())) return std::vector<PersonalRow>();
  absl::StatusOr<std::vector<PersonalRow>> rows =
      content.ok() ? ParsePersonalFile(*content) : content.status();
  if (rows.ok()) return rows;
  findings().AddFile(path, rows.status());
  return std::vector<PersonalRow>();
}

absl::StatusOr<std::vector<PersonalRow>> PersonalServer::Rows(
    const merkle::Bundle& bundle, const std::vector<EntryNote>& notes) {
  std::vector<PersonalRow> rows;
  for (uint32_t place = 0; place < notes.size(); ++place) {
    if (!HasCommitment(notes[place])) continue;
    const Position position = PositionIn(bundle, place);
    absl::StatusOr<std::optional<PersonalRow>> row =
        ReadPersonalRow(client_, ledger_, position, place);
    if (absl::IsDataLoss(row.status())) {
      findings().Add({.position = position.value(),
                      .field = "personal data",
                      .found = std::string(row.status().message()),
                      .expected = "what was recorded"});
      continue;
    }
    RETURN_IF_ERROR(row.status());
    if (row->has_value()) rows.push_back(**std::move(row));
  }
  return rows;
}

}  // namespace daybook::audit
