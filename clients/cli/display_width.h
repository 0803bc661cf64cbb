// How many columns of a terminal a text takes.
//
// Chinese characters, full-width punctuation and the like take two; combining
// marks none. Characters of ambiguous width (— “ ≥) take one, as terminals have
// it unless they are told otherwise.
//
// Thread safety: pure functions.
//
// Source: Unicode Standard Annex #11, East Asian Width.

#ifndef DAYBOOK_CLIENTS_CLI_DISPLAY_WIDTH_H_
#define DAYBOOK_CLIENTS_CLI_DISPLAY_WIDTH_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace daybook::cli {

// `text` is UTF-8; a byte that is none counts as one column.
size_t DisplayWidth(absl::string_view text);

// `text` without what a terminal would obey instead of print: each control
// character, line ends included, becomes U+FFFD.
std::string Printable(absl::string_view text);

// `text`, made printable, in lines of at most `width` columns, at least one
// character each. Breaks at line ends of the text, else anywhere between
// characters, never before closing punctuation, and drops the blanks that a
// break falls on; words of Latin letters are kept whole where a line can hold
// them.
std::vector<std::string> Wrap(absl::string_view text, size_t width);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_DISPLAY_WIDTH_H_
