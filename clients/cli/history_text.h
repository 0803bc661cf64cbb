// Change points and late adjustments as people and programs read them.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_HISTORY_TEXT_H_
#define DAYBOOK_CLIENTS_CLI_HISTORY_TEXT_H_

#include <set>
#include <string>

#include "clients/cli/table.h"
#include "core/report/figure_text.h"
#include "daybook/v1/report_history.pb.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook::cli {

// Takes the figures that are not in `paths` out of `page`, and the days that
// have none left. Without paths the plain rows of the form stay: money by fund,
// nature and project.
void KeepFigures(const std::set<std::string>& paths,
                 v1::GetReportTimelineResponse& page);

// 日期, 路径, 数据项, 数值, 单位.
Table TimelineTable();

// The day stands before its first figure alone; a blank value is （空）, and
// left out on 1 January.
void AddTimeline(const v1::GetReportTimelineResponse& page, MoneyUnit unit,
                 Table& table);

// `date,figure,label,value,unit`, without the titles.
std::string TimelineCsv(const v1::GetReportTimelineResponse& page,
                        MoneyUnit unit);

// When books are closed, published or changed after closing: a line for each,
// with the command that shows more. Nothing when none of it happened.
std::string ClosingText(const v1::Report& report);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_HISTORY_TEXT_H_
