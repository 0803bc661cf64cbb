#include "core/report/narrative.h"

#include "core/base/check.h"
#include "core/budget/quotation.h"
#include "core/report/figure_text.h"

namespace daybook {

std::string RenderNarrative(absl::string_view text, const Figures& figures) {
  const absl::StatusOr<std::string> rendered =
      ReplaceQuotations(text, [&](const FigurePath& path) {
        std::string value = FormatFigureValue(figures.Value(path));
        return value.empty() ? "（空）" : value;
      });
  // Admission refuses text that quotes no figure.
  DAYBOOK_CHECK(rendered.ok());
  return *rendered;
}

}  // namespace daybook
