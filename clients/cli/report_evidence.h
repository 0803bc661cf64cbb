// The evidence of a printed report: its coordinates, and what ties them to a
// signed log, as one table that people and programs read.
//
// Thread safety: value types and pure functions.
//
// Fields: docs/reports.md.

#ifndef DAYBOOK_CLIENTS_CLI_REPORT_EVIDENCE_H_
#define DAYBOOK_CLIENTS_CLI_REPORT_EVIDENCE_H_

#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/report_sheets.h"
#include "core/report/figure_text.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook::cli {

// Which cells stand where in a file. A change of that is a new number: the
// prints of before must be laid out as they were.
inline constexpr int report_layout = 1;

// 校验: coordinates and evidence, one field a row.
PrintedSheet EvidenceSheet(const v1::Report& report, MoneyUnit unit);

struct PrintedEvidence {
  // Name, as_of, size, policy, projection version, recorded time and evidence
  // are set, and nothing else.
  v1::Report report;
  MoneyUnit unit = MoneyUnit::kWanYuan;
  int layout = report_layout;
};

// What the evidence of a file says that was read.
//
// Errors: INVALID_ARGUMENT when there is none, or fields of it are missing or
// malformed; all of them are named.
absl::StatusOr<PrintedEvidence> ReadEvidence(const PrintedSheets& sheets);

// "凭据：根 7f83b165…，数据摘要 9f86d081…" with the log's name; empty without
// evidence.
std::string EvidenceText(const v1::Report& report);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_REPORT_EVIDENCE_H_
