// How a figure came about, and where an event went, as people read it.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_EXPLAIN_TEXT_H_
#define DAYBOOK_CLIENTS_CLI_EXPLAIN_TEXT_H_

#include <string>

#include "core/report/figure_text.h"
#include "daybook/v1/report_history.pb.h"

namespace daybook::cli {

// The figure with its coordinates, and its formula as a tree:
//
//   数据项             路径              数值  单位  算法  事项
//   -----------------  ------------  ------  ----  ----  ----------
//   执行数             all.executed  643.14  万元  合计
//   ├─ 一般公共预算    ...
//   └─ 政府性基金预算  ...
//
// A term that is taken away has a minus before its label.
std::string ExplainText(const v1::ExplainFigureResponse& page, MoneyUnit unit);

// How many rows of `last_page` and those before it were added up, to which sum,
// and whether these are all: `complete` says so.
std::string CheckedText(const v1::ExplainFigureResponse& last_page,
                        int64_t rows, bool complete);

// An event, and the figures that it enters.
std::string TraceText(const v1::TraceEventResponse& trace, MoneyUnit unit);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_EXPLAIN_TEXT_H_
