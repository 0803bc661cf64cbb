// Where the next page of a list begins.
//
// A token holds the last name of the page before and a checksum over that name
// and the question it belongs to, so that a token that was made up, cut short
// or taken from another question is refused instead of answering some page. It
// is no secret: it grants nothing that the question itself does not.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_SERVICES_GRPC_PAGE_TOKEN_H_
#define DAYBOOK_SERVICES_GRPC_PAGE_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook::services {

// Entries of a page when the caller does not say, and the most there are.
inline constexpr size_t page_size_default = 100;
inline constexpr size_t page_size_max = 1'000;

// The size of page that is meant by the field `page_size`.
//
// Errors: INVALID_ARGUMENT below 0 and above the limit.
absl::StatusOr<size_t> ParsePageSize(int32_t page_size);

// The token of the page after the one that ends with `last_name`. `question`
// is whatever must be the same for all pages: the method and its arguments.
std::string MakePageToken(absl::string_view question,
                          absl::string_view last_name);

// The name that `token` continues after; empty for an empty token.
//
// Errors: INVALID_ARGUMENT when the token was not answered to this question.
absl::StatusOr<std::string> ParsePageToken(absl::string_view question,
                                           absl::string_view token);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_GRPC_PAGE_TOKEN_H_
