#include "clients/cli/audit_parts.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "clients/audit/export_folder.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

constexpr absl::Duration show_every = absl::Milliseconds(200);

std::string TimeLeft(double seconds) {
  const auto whole = static_cast<uint64_t>(seconds + 0.5);
  constexpr uint64_t minute = 60;
  if (whole < minute) return absl::StrCat(whole, " s");
  return absl::StrCat(whole / minute, " min ", whole % minute, " s");
}

}  // namespace

Flag VerifierKeyFlag(bool required) {
  Flag flag{"vkey", Flag::Kind::kText, "KEY|FILE",
            "the ledger's verifier key, from elsewhere than the server"};
  flag.required = required;
  return flag;
}

absl::StatusOr<checkpoint::VerifierKey> ReadVerifierKey(
    const std::string& key_or_file) {
  absl::StatusOr<checkpoint::VerifierKey> key =
      checkpoint::VerifierKey::Parse(key_or_file);
  if (key.ok()) return key;
  const absl::StatusOr<std::string> text = ReadWholeFile(key_or_file);
  if (!text.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--vkey: it is no key (", key.status().message(),
                     "), and no file either (", text.status().message(), ")"));
  }
  key = checkpoint::VerifierKey::Parse(absl::StripAsciiWhitespace(*text));
  if (key.ok()) return key;
  return absl::InvalidArgumentError(
      absl::StrCat("--vkey: ", key_or_file,
                   " holds no verifier key: ", key.status().message()));
}

std::string LedgerName(const std::string& argument) {
  return absl::StrCat("ledgers/", absl::StripPrefix(argument, "ledgers/"));
}

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return absl::NotFoundError(absl::StrCat("there is no file ", path));
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " can not be read"));
  }
  return bytes;
}

absl::Status WriteWholeFile(const std::string& path, absl::string_view bytes) {
  const absl::Status written = audit::ReplaceFile(path, bytes);
  return written.ok() ? written
                      : absl::FailedPreconditionError(written.message());
}

audit::Progress ProgressLine::progress() {
  if (!streams_.progress) return {};
  return [this](const char* what, uint64_t done, uint64_t total) {
    Tell(what, done, total);
  };
}

void ProgressLine::Tell(const char* what, uint64_t done, uint64_t total) {
  const absl::Time now = absl::Now();
  if (what_ != what) {
    what_ = what;
    begun_ = now;
    shown_ = now;
    done_before_ = done;
  }
  if (now - shown_ < show_every) return;
  shown_ = now;
  const double seconds = absl::ToDoubleSeconds(now - begun_);
  const double rate = static_cast<double>(done - done_before_) / seconds;
  std::string line = absl::StrCat(done, " of ", total, " ", what);
  if (rate > 0 && total >= done) {
    absl::StrAppend(&line, ", ", static_cast<uint64_t>(rate), " a second, ",
                    TimeLeft(static_cast<double>(total - done) / rate),
                    " left");
  }
  const size_t width = line.size();
  line.append(width_ > width ? width_ - width : 0, ' ');
  width_ = width;
  streams_.err << "\r" << line << std::flush;
}

void ProgressLine::Clear() {
  if (width_ > 0) {
    streams_.err << "\r" << std::string(width_, ' ') << "\r" << std::flush;
  }
  width_ = 0;
}

}  // namespace daybook::cli
