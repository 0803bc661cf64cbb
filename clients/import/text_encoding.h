// Which encoding a text file has, and text from one encoding to another.
//
// Thread safety: pure functions; Transcoder is thread-compatible.

#ifndef DAYBOOK_CLIENTS_IMPORT_TEXT_ENCODING_H_
#define DAYBOOK_CLIENTS_IMPORT_TEXT_ENCODING_H_

#include <iconv.h>

#include <istream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook::importer {

inline constexpr const char* kUtf8 = "UTF-8";
inline constexpr const char* kUtf8WithMark = "UTF-8 with byte-order mark";
inline constexpr const char* kGb18030 = "GB18030";

// The bytes EF BB BF.
inline constexpr const char* kByteOrderMark = "\xEF\xBB\xBF";

// Reads all of `file`. What is valid UTF-8 to its last byte is that: a text of
// any length in GB18030 is not, by mistake, when it holds a few characters of
// Chinese.
//
// Errors: INVALID_ARGUMENT for UTF-16 and for what holds zero bytes.
absl::StatusOr<std::string> DetectEncoding(std::istream& file);

// Whether all of `text` is UTF-8.
bool IsUtf8(absl::string_view text);

// Turns a text that arrives in pieces into another encoding. A character may be
// cut by the end of a piece.
class Transcoder {
 public:
  // Names as above. Errors: FAILED_PRECONDITION when the machine lacks the
  // encoding.
  static absl::StatusOr<Transcoder> Create(const std::string& to,
                                           const std::string& from);
  Transcoder(Transcoder&& other) noexcept;
  Transcoder& operator=(Transcoder&&) = delete;
  ~Transcoder();

  // Appends what `piece` says to `out`.
  //
  // Errors: INVALID_ARGUMENT at bytes that are no character, or a character
  // that the other encoding lacks.
  absl::Status Append(absl::string_view piece, std::string& out);

  // Errors: INVALID_ARGUMENT when the text ends within a character.
  absl::Status Finish() const;

 private:
  Transcoder(iconv_t handle, std::string from);

  iconv_t handle_;
  std::string from_;
  // The beginning of a character whose end has not come yet.
  std::string rest_;
};

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_TEXT_ENCODING_H_
