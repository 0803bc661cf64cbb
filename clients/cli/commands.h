// The commands of `daybook`, each a function of its command line.
//
// A status that is not OK is printed by the caller, which also chooses the exit
// code.
//
// Thread safety: one call at a time.

#ifndef DAYBOOK_CLIENTS_CLI_COMMANDS_H_
#define DAYBOOK_CLIENTS_CLI_COMMANDS_H_

#include <vector>

#include "clients/cli/command_line.h"

namespace daybook::cli {

// ledger create, ledger list.
std::vector<Command> LedgerCommands();

// append.
std::vector<Command> AppendCommands();

// import.
std::vector<Command> ImportCommands();

// source list, source refusals.
std::vector<Command> SourceCommands();

// report show, report list.
std::vector<Command> ReportCommands();

// report explain.
std::vector<Command> ExplainCommands();

// report compare.
std::vector<Command> CompareCommands();

// report timeline, report late, report watch.
std::vector<Command> HistoryCommands();

// audit replay.
std::vector<Command> AuditCommands();

// audit witness.
std::vector<Command> WitnessCommands();

// audit verify.
std::vector<Command> VerifyCommands();

// audit export.
std::vector<Command> ExportCommands();

// audit checkpoint, audit prove, audit check-proof.
std::vector<Command> ProofCommands();

// audit verify-report.
std::vector<Command> VerifyReportCommands();

// audit find.
std::vector<Command> FindCommands();

// audit sample.
std::vector<Command> SampleCommands();

// template.
std::vector<Command> TemplateCommands();

// admin rotate-key.
std::vector<Command> AdminCommands();

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_COMMANDS_H_
