// Narrative text that quotes figures instead of retyping them.
//
//   项目支出{{general.project.executed}}万元
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_REPORT_NARRATIVE_H_
#define DAYBOOK_CORE_REPORT_NARRATIVE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "core/report/figures.h"

namespace daybook {

// `text` with every {{path}} replaced by the figure's value. A blank figure
// reads （空）: a hole in a sentence would go unseen.
std::string RenderNarrative(absl::string_view text, const Figures& figures);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_NARRATIVE_H_
