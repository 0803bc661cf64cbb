#include "clients/import/text_encoding.h"

#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace daybook::importer {
namespace {

constexpr size_t piece_bytes = size_t{64} << 10;
// No character is longer in any encoding that is read here.
constexpr size_t character_bytes_max = 8;

// How far `text` is UTF-8, and whether it only ends within a character.
struct Utf8Prefix {
  size_t valid = 0;
  bool cut = false;
};

// The bytes that a character beginning with `lead` has; 0 when none does.
size_t SequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// Whether `second` may follow `lead`: no overlong forms, surrogates, or what
// lies beyond U+10FFFF.
bool FitsLead(unsigned char lead, unsigned char second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return second >= 0x80 && second <= 0xBF;
  }
}

Utf8Prefix PrefixOf(absl::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t length = SequenceLength(lead);
    if (length == 0) return {at, false};
    for (size_t i = 1; i < length; ++i) {
      if (at + i == text.size()) return {at, true};
      const auto byte = static_cast<unsigned char>(text[at + i]);
      if (i == 1 ? !FitsLead(lead, byte) : (byte & 0xC0) != 0x80) {
        return {at, false};
      }
    }
    at += length;
  }
  return {at, false};
}

// The name that iconv knows.
std::string IconvName(const std::string& encoding) {
  return encoding == kUtf8WithMark ? kUtf8 : encoding;
}

}  // namespace

bool IsUtf8(absl::string_view text) {
  return PrefixOf(text).valid == text.size();
}

absl::StatusOr<std::string> DetectEncoding(std::istream& file) {
  std::vector<char> buffer(piece_bytes);
  std::string rest;
  bool first = true;
  bool mark = false;
  bool utf8 = true;
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())),
         file.gcount() > 0) {
    const absl::string_view piece(buffer.data(),
                                  static_cast<size_t>(file.gcount()));
    if (first) {
      first = false;
      mark = absl::StartsWith(piece, kByteOrderMark);
      if (absl::StartsWith(piece, "\xFF\xFE") ||
          absl::StartsWith(piece, "\xFE\xFF")) {
        return absl::InvalidArgumentError(
            "the file is UTF-16; save it as CSV UTF-8");
      }
    }
    if (absl::StrContains(piece, absl::string_view("\0", 1))) {
      return absl::InvalidArgumentError(
          "the file is no text: it holds zero bytes; save the table as .xlsx "
          "or as CSV UTF-8");
    }
    if (!utf8) continue;
    absl::StrAppend(&rest, piece);
    const Utf8Prefix prefix = PrefixOf(rest);
    utf8 = prefix.valid == rest.size() || prefix.cut;
    rest.erase(0, prefix.valid);
  }
  if (mark) return std::string(kUtf8WithMark);
  return std::string(utf8 && rest.empty() ? kUtf8 : kGb18030);
}

absl::StatusOr<Transcoder> Transcoder::Create(const std::string& to,
                                              const std::string& from) {
  const iconv_t handle =
      iconv_open(IconvName(to).c_str(), IconvName(from).c_str());
  // iconv_open answers -1 cast to a pointer.
  if (handle == reinterpret_cast<iconv_t>(-1)) {
    return absl::FailedPreconditionError(
        absl::StrCat("this machine can not turn ", from, " into ", to,
                     "; install the C library's gconv modules"));
  }
  return Transcoder(handle, from);
}

Transcoder::Transcoder(iconv_t handle, std::string from)
    : handle_(handle), from_(std::move(from)) {}

Transcoder::Transcoder(Transcoder&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)),
      from_(std::move(other.from_)),
      rest_(std::move(other.rest_)) {}

Transcoder::~Transcoder() {
  if (handle_ != nullptr) iconv_close(handle_);
}

absl::Status Transcoder::Append(absl::string_view piece, std::string& out) {
  absl::StrAppend(&rest_, piece);
  char* in = rest_.data();
  size_t in_left = rest_.size();
  std::vector<char> buffer(4 * in_left + 64);
  char* to = buffer.data();
  size_t to_left = buffer.size();
  const size_t result = iconv(handle_, &in, &in_left, &to, &to_left);
  const int error = result == static_cast<size_t>(-1) ? errno : 0;
  out.append(buffer.data(), buffer.size() - to_left);
  rest_.erase(0, rest_.size() - in_left);
  // EINVAL: the last character is not complete yet.
  if (error == 0 || (error == EINVAL && rest_.size() < character_bytes_max)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("there are bytes or characters that do not fit ", from_,
                   "; save the table as CSV UTF-8"));
}

absl::Status Transcoder::Finish() const {
  if (rest_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the text ends within a character of ", from_,
                   "; the file is cut off, get it again"));
}

}  // namespace daybook::importer
