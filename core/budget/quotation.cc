#include "core/budget/quotation.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"

namespace daybook {

absl::StatusOr<std::string> ReplaceQuotations(
    absl::string_view text,
    absl::FunctionRef<std::string(const FigurePath&)> quote) {
  std::string result;
  while (true) {
    const size_t open = text.find("{{");
    if (open == absl::string_view::npos) break;
    absl::StrAppend(&result, text.substr(0, open));
    text.remove_prefix(open + 2);
    const size_t close = text.find("}}");
    if (close == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("'{{", Shortened(text, 64),
                       "' is not closed; write {{path}}, such as "
                       "{{all.executed}}"));
    }
    ASSIGN_OR_RETURN(const FigurePath path,
                     FigurePath::Parse(text.substr(0, close)));
    absl::StrAppend(&result, quote(path));
    text.remove_prefix(close + 2);
  }
  absl::StrAppend(&result, text);
  return result;
}

}  // namespace daybook
