// Text files that are compiled in, so that the core reads no files.
//
// Each is defined by a file that the build makes from the text of the same name
// in core/budget/data/ (cmake/embed.cmake).
//
// Thread safety: constants.

#ifndef DAYBOOK_CORE_BUDGET_EMBEDDED_H_
#define DAYBOOK_CORE_BUDGET_EMBEDDED_H_

namespace daybook::embedded {

extern const char* const kFile_codes_2024_csv;
extern const char* const kFile_form_zhuzhou_2024_csv;

}  // namespace daybook::embedded

#endif  // DAYBOOK_CORE_BUDGET_EMBEDDED_H_
