// An entry in a person's words, and what it does to its report.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_EVENT_WORDS_H_
#define DAYBOOK_CLIENTS_CLI_EVENT_WORDS_H_

#include <optional>
#include <string>

#include "clients/cli/report_folder.h"
#include "core/report/figure_text.h"
#include "daybook/v1/entry.pb.h"

namespace daybook::cli {

enum class Language { kChinese, kEnglish };

// "#298 2024-05-20 支出 34280.00 元，一般公共预算 项目支出，凭证 12；accounting
// 记录于 2025-01-08 09:30:12". `target` is what it reverses, where it does.
std::string EventWords(const v1::Entry& entry,
                       const std::optional<v1::Entry>& target,
                       Language language);

// "一般公共预算 项目支出 执行数 +12.34 万元 → 本年累计 53.70 万元".
std::string ChangeWords(const FigureChange& change, MoneyUnit unit,
                        Language language);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_EVENT_WORDS_H_
