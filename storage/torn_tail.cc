// A log file of RocksDB is a sequence of blocks of 32 KiB; a block is a
// sequence of fragments, with zeros where less than a header fits:
//   fragment := checksum  4 bytes, masked CRC-32C of type and payload
//               length    2 bytes, little-endian
//               type      1 byte: full, or first, middle, last of a record
//               payload   `length` bytes
// docs/formats/event_log.md says how torn and damaged are told apart.

#include "storage/torn_tail.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "rocksdb/env.h"
#include "storage/rocksdb_status.h"

namespace daybook::storage {
namespace {

constexpr size_t kBlockBytes = 32'768;
constexpr size_t kHeaderBytes = 7;
// The smallest unit that a disk writes whole.
constexpr size_t kSectorBytes = 512;

constexpr uint8_t kFull = 1;
constexpr uint8_t kFirst = 2;
constexpr uint8_t kMiddle = 3;
constexpr uint8_t kLast = 4;

constexpr absl::string_view kCheckDisk =
    "check the disk and the permissions, then open the log again";

constexpr absl::string_view kRestore = "restore the log from a backup";

using Crc32cTables = std::array<std::array<uint32_t, 256>, 8>;

// Table k advances a byte past k further ones.
constexpr Crc32cTables MakeCrc32cTables() {
  Crc32cTables tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78u : 0u);
    }
    tables[0][byte] = crc;
  }
  for (size_t k = 1; k < tables.size(); ++k) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

constexpr Crc32cTables kCrc32c = MakeCrc32cTables();

uint32_t ByteAt(absl::string_view bytes, size_t i) {
  return static_cast<uint8_t>(bytes[i]);
}

uint32_t LittleEndian32(absl::string_view bytes) {
  return ByteAt(bytes, 0) | ByteAt(bytes, 1) << 8 | ByteAt(bytes, 2) << 16 |
         ByteAt(bytes, 3) << 24;
}

uint32_t Crc32c(absl::string_view bytes) {
  uint32_t crc = 0xffffffff;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    const uint32_t low = crc ^ LittleEndian32(bytes);
    const uint32_t high = LittleEndian32(bytes.substr(4));
    crc = kCrc32c[7][low & 0xff] ^ kCrc32c[6][(low >> 8) & 0xff] ^
          kCrc32c[5][(low >> 16) & 0xff] ^ kCrc32c[4][low >> 24] ^
          kCrc32c[3][high & 0xff] ^ kCrc32c[2][(high >> 8) & 0xff] ^
          kCrc32c[1][(high >> 16) & 0xff] ^ kCrc32c[0][high >> 24];
  }
  for (; !bytes.empty(); bytes.remove_prefix(1)) {
    crc = (crc >> 8) ^ kCrc32c[0][(crc ^ ByteAt(bytes, 0)) & 0xff];
  }
  return ~crc;
}

// The checksum as RocksDB stores it.
uint32_t MaskedCrc32c(absl::string_view bytes) {
  const uint32_t crc = Crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

struct Fragment {
  uint8_t type = 0;
  // With its header, as the header says; may be more than there is.
  size_t bytes = 0;
  bool intact = false;
};

// `rest` is a block from the fragment's first byte to its end, and holds at
// least a header.
Fragment ParseFragment(absl::string_view rest) {
  Fragment fragment;
  fragment.type = static_cast<uint8_t>(rest[6]);
  fragment.bytes = kHeaderBytes + (ByteAt(rest, 4) | ByteAt(rest, 5) << 8);
  fragment.intact =
      fragment.bytes <= rest.size() &&
      MaskedCrc32c(rest.substr(6, fragment.bytes - 6)) == LittleEndian32(rest);
  return fragment;
}

bool BeginsRecord(const Fragment& fragment) {
  return fragment.type != kMiddle && fragment.type != kLast;
}

class LogFile {
 public:
  static absl::StatusOr<LogFile> Open(std::filesystem::path path,
                                      rocksdb::Env& env) {
    LogFile file;
    RETURN_IF_ERROR(ToStatus(env.GetFileSize(path, &file.size_), path.string(),
                             kCheckDisk));
    RETURN_IF_ERROR(ToStatus(
        env.NewRandomAccessFile(path, &file.file_, rocksdb::EnvOptions()),
        path.string(), kCheckDisk));
    file.path_ = std::move(path);
    return file;
  }

  const std::filesystem::path& path() const { return path_; }
  uint64_t size() const { return size_; }

  // The block that begins at `offset`, shorter at the end of the file. Valid
  // until the next call.
  absl::StatusOr<absl::string_view> ReadBlock(uint64_t offset) {
    buffer_.resize(std::min<uint64_t>(kBlockBytes, size_ - offset));
    rocksdb::Slice read;
    RETURN_IF_ERROR(
        ToStatus(file_->Read(offset, buffer_.size(), &read, buffer_.data()),
                 path_.string(), kCheckDisk));
    if (read.size() != buffer_.size()) {
      return absl::UnavailableError(
          absl::StrCat(path_.string(), ": ended early at byte ",
                       offset + read.size(), "; ", kCheckDisk));
    }
    return absl::string_view(read.data(), read.size());
  }

 private:
  LogFile() = default;

  std::filesystem::path path_;
  uint64_t size_ = 0;
  std::unique_ptr<rocksdb::RandomAccessFile> file_;
  std::string buffer_;
};

struct Damage {
  // First byte of the bad fragment.
  uint64_t at;
  // First byte of the record that it belongs to.
  uint64_t record;
  // Whether a loss of power leaves such bytes, if nothing follows.
  bool like_torn;
};

// Sectors of a torn fragment are missing: the file ends, or they read as zeros.
// `block` holds the bad fragment at `offset`.
bool LooksTorn(absl::string_view block, size_t offset) {
  const absl::string_view rest = block.substr(offset);
  const Fragment fragment = ParseFragment(rest);
  const bool file_ends =
      block.size() < kBlockBytes && fragment.bytes > rest.size();
  // When the bytes that are there fit the checksum, the length was damaged.
  if (file_ends && MaskedCrc32c(rest.substr(6)) != LittleEndian32(rest)) {
    return true;
  }
  const size_t end = offset + std::min(fragment.bytes, rest.size());
  for (size_t begin = offset; begin < end;) {
    const size_t next =
        std::min(end, (begin / kSectorBytes + 1) * kSectorBytes);
    const absl::string_view sector = block.substr(begin, next - begin);
    if (sector.find_first_not_of('\0') == absl::string_view::npos) return true;
    begin = next;
  }
  return false;
}

// The first thing wrong in a log.
absl::StatusOr<std::optional<Damage>> FindDamage(LogFile& file) {
  // Start of the record being read, and whether its last fragment is due.
  uint64_t record = 0;
  bool unfinished = false;
  for (uint64_t base = 0; base < file.size(); base += kBlockBytes) {
    ASSIGN_OR_RETURN(const absl::string_view block, file.ReadBlock(base));
    for (size_t offset = 0; offset < block.size();) {
      const uint64_t at = base + offset;
      if (!unfinished) record = at;
      if (block.size() - offset < kHeaderBytes) {
        if (block.size() == kBlockBytes) break;
        return Damage{at, record, true};
      }
      const Fragment fragment = ParseFragment(block.substr(offset));
      if (!fragment.intact) {
        return Damage{at, record, LooksTorn(block, offset)};
      }
      if (BeginsRecord(fragment) == unfinished) {
        return Damage{at, record, false};
      }
      if (fragment.type == kFirst) unfinished = true;
      if (fragment.type == kLast) unfinished = false;
      offset += fragment.bytes;
    }
  }
  if (unfinished) return Damage{file.size(), record, true};
  return std::nullopt;
}

// Whether an intact record begins after a bad fragment at `at`. Lengths of bad
// fragments are not to be trusted, so any byte after one may be a header.
absl::StatusOr<bool> RecordBeginsAfter(uint64_t at, LogFile& file) {
  size_t offset = at % kBlockBytes + 1;
  for (uint64_t base = at - at % kBlockBytes; base < file.size();
       base += kBlockBytes) {
    ASSIGN_OR_RETURN(const absl::string_view block, file.ReadBlock(base));
    while (offset + kHeaderBytes <= block.size()) {
      const uint32_t type = ByteAt(block, offset + 6);
      // Spares the checksum for most bytes.
      const bool possible = type >= kFull && type <= kLast;
      const Fragment fragment =
          possible ? ParseFragment(block.substr(offset)) : Fragment{};
      if (fragment.intact && BeginsRecord(fragment)) return true;
      offset += fragment.intact ? fragment.bytes : 1;
    }
    offset = 0;
  }
  return false;
}

absl::Status Truncate(const std::filesystem::path& path, uint64_t size,
                      rocksdb::Env& env) {
  std::unique_ptr<rocksdb::WritableFile> file;
  rocksdb::Status status =
      env.ReopenWritableFile(path, &file, rocksdb::EnvOptions());
  if (status.ok()) status = file->Truncate(size);
  if (status.ok()) status = file->Fsync();
  if (status.ok()) status = file->Close();
  return ToStatus(status, path.string(), kCheckDisk);
}

// Names of the write-ahead logs, oldest first.
std::vector<std::string> WalsAmong(std::vector<std::string> names) {
  std::erase_if(names, [](const std::string& name) {
    return !absl::EndsWith(name, ".log") ||
           !absl::ascii_isdigit(static_cast<unsigned char>(name.front()));
  });
  // Numbers are padded to six digits, and longer ones are higher.
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) {
              return std::pair(a.size(), a) < std::pair(b.size(), b);
            });
  return names;
}

// Where the record begins that a loss of power tore; absent when all are whole.
// `newest`: no later file was written to.
absl::StatusOr<std::optional<uint64_t>> FindTorn(
    const std::filesystem::path& path, bool newest, rocksdb::Env& env) {
  ASSIGN_OR_RETURN(LogFile file, LogFile::Open(path, env));
  ASSIGN_OR_RETURN(const std::optional<Damage> damage, FindDamage(file));
  if (!damage.has_value()) return std::optional<uint64_t>();
  bool torn = newest && damage->like_torn;
  if (torn) {
    ASSIGN_OR_RETURN(const bool followed, RecordBeginsAfter(damage->at, file));
    torn = !followed;
  }
  if (torn) return std::optional<uint64_t>(damage->record);
  return absl::DataLossError(
      absl::StrCat(path.string(), ": the record at byte ", damage->record,
                   " is damaged at byte ", damage->at,
                   ", and not by a loss of power; ", kRestore));
}

// Cuts a torn record off one file.
absl::Status CutFile(const std::filesystem::path& path, bool newest,
                     rocksdb::Env& env) {
  ASSIGN_OR_RETURN(const std::optional<uint64_t> torn,
                   FindTorn(path, newest, env));
  return torn.has_value() ? Truncate(path, *torn, env) : absl::OkStatus();
}

}  // namespace

absl::Status CutTornTail(const std::filesystem::path& directory,
                         rocksdb::Env& env) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(ToStatus(env.GetChildren(directory, &names),
                           directory.string(), kCheckDisk));
  const std::vector<std::string> wals = WalsAmong(std::move(names));
  for (const std::string& wal : wals) {
    RETURN_IF_ERROR(CutFile(directory / wal, wal == wals.back(), env));
  }
  // The manifest has the same format and the same promise.
  ASSIGN_OR_RETURN(const std::filesystem::path manifest,
                   ManifestOf(directory, env));
  return CutFile(manifest, true, env);
}

absl::Status CheckRecords(const std::filesystem::path& path,
                          rocksdb::Env& env) {
  return FindTorn(path, true, env).status();
}

absl::StatusOr<std::filesystem::path> ManifestOf(
    const std::filesystem::path& directory, rocksdb::Env& env) {
  const std::filesystem::path current = directory / "CURRENT";
  std::string manifest;
  RETURN_IF_ERROR(ToStatus(rocksdb::ReadFileToString(&env, current, &manifest),
                           current.string(), kRestore));
  return directory / std::string(absl::StripAsciiWhitespace(manifest));
}

}  // namespace daybook::storage
