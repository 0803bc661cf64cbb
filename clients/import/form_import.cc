#include "clients/import/form_import.h"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/import/event_sender.h"
#include "clients/import/form_scanner.h"
#include "clients/import/recorded_keys.h"
#include "clients/import/rejects_file.h"
#include "clients/import/revisions.h"
#include "clients/import/sheet_scanner.h"
#include "clients/import/stream_sender.h"
#include "clients/import/table_reader.h"
#include "clients/import/table_survey.h"
#include "core/base/status_macros.h"

namespace daybook::importer {
namespace {

// Between two reports of progress.
constexpr int64_t progress_rows = 256;
constexpr size_t transfers_shown_max = 16;
// From so many blank cells on it is cheaper to read once what is recorded than
// to ask for each.
constexpr int64_t asked_singly_max = 128;

// What the first reading finds out.
struct FormSurvey {
  static absl::StatusOr<FormSurvey> Make(TableReader& table,
                                         const FormImportOptions& options) {
    FormSurvey survey;
    FormScanner scanner(*options.form, options.ledger);
    RETURN_IF_ERROR(table.ForEachRow([&](const Row& row) -> absl::Status {
      ++survey.rows;
      ASSIGN_OR_RETURN(const FormRowClass row_class, scanner.Classify(row));
      if (row_class == FormRowClass::kData) survey.Take(scanner.Read(row));
      return absl::OkStatus();
    }));
    RETURN_IF_ERROR(scanner.Finish());
    survey.notes = scanner.notes();
    survey.mismatches = scanner.mismatches();
    for (const auto& [transfer, fen] : survey.transfers) {
      if (fen == 0 || survey.mismatches.size() >=
                          FormScanner::mismatches_max + transfers_shown_max) {
        continue;
      }
      survey.mismatches.push_back(absl::StrCat(
          "调剂编号 '", transfer, "': its rows sum to ", YuanText(fen),
          " 元, not to 0; where the other side is in another "
          "table that is right, else correct it"));
    }
    return survey;
  }

  void Take(const FormRecord& record) {
    for (const Fact& fact : record.facts) {
      if (!fact.input.has_value()) {
        ++taken_back;
        subjects.insert(record.report);
        continue;
      }
      keys.Count(fact.key);
      subjects.insert(fact.input->event().subject());
    }
    if (!record.transfer.empty() && !record.facts.empty()) {
      transfers[record.transfer] += record.amount_fen.value_or(0);
    }
  }

  int64_t rows = 0;
  // Of the facts that are stated, not of those taken back.
  KeyCounts keys;
  std::set<std::string> subjects;
  int64_t taken_back = 0;
  // By id, what the sides sum to.
  std::map<std::string, Int128> transfers;
  std::vector<std::string> notes;
  std::vector<std::string> mismatches;
};

// A row on its way.
struct PendingRow {
  Row row;
  std::shared_ptr<const Row> header;
  FormRecord record;
  // Facts whose outcome is not known yet.
  size_t open = 0;
  std::vector<RowOutcome> outcomes;
};

// What became of a fact that was sent.
struct Answer {
  std::shared_ptr<PendingRow> row;
  size_t fact = 0;
  SendOutcome outcome;
};

bool IsKnown(const SendOutcome& outcome) {
  for (const v1::Problem& problem : outcome.problems) {
    if (problem.code() == static_cast<int>(absl::StatusCode::kAlreadyExists)) {
      return true;
    }
  }
  return false;
}

// Where a row ends whose facts ended so.
Tally TallyOf(const std::vector<RowOutcome>& outcomes) {
  using Kind = RowOutcome::Kind;
  std::set<Kind> kinds;
  for (const RowOutcome& outcome : outcomes) kinds.insert(outcome.kind);
  if (kinds.contains(Kind::kRejected)) return Tally::kRejected;
  const bool stated =
      kinds.contains(Kind::kCreated) || kinds.contains(Kind::kReplayed);
  if (kinds.contains(Kind::kCorrected) ||
      (kinds.contains(Kind::kDeleted) && stated)) {
    return Tally::kCorrected;
  }
  if (kinds.contains(Kind::kCreated)) return Tally::kCreated;
  if (kinds.contains(Kind::kReplayed)) return Tally::kReplayed;
  if (kinds.contains(Kind::kDeleted)) return Tally::kDeleted;
  return Tally::kAbsent;
}

// The second reading of a table.
class Importer {
 public:
  Importer(client::Client& client, const FormImportOptions& options,
           TableReader& table, FormSurvey survey)
      : client_(client),
        options_(options),
        table_(table),
        survey_(std::move(survey)),
        ledger_("ledgers/" + options.ledger),
        scanner_(*options.form, options.ledger),
        revisions_(client, {ledger_, options.source, options.correction,
                            options.dry_run}) {}

  absl::StatusOr<FormImportResult> Run() {
    RETURN_IF_ERROR(PrepareRejects());
    ASSIGN_OR_RETURN(sender_, MakeSender(client_, options_.server, ledger_,
                                         options_.source, options_.dry_run));
    know_recorded_ = options_.dry_run || survey_.taken_back > asked_singly_max;
    if (know_recorded_) {
      ASSIGN_OR_RETURN(recorded_,
                       RecordedKeys::Read(client_, ledger_, options_.source,
                                          survey_.subjects));
    }
    RETURN_IF_ERROR(
        table_.ForEachRow([&](const Row& row) { return Take(row); }));
    RETURN_IF_ERROR(sender_->Flush());
    RETURN_IF_ERROR(Settle());
    if (options_.progress) options_.progress(survey_.rows, survey_.rows);
    RETURN_IF_ERROR(result_.summary.Check());
    result_.mismatches = std::move(survey_.mismatches);
    result_.notes = std::move(survey_.notes);
    // A dry run leaves no trace.
    if (!options_.dry_run) {
      ASSIGN_OR_RETURN(result_.rejects_path, rejects_->Finish());
    }
    return std::move(result_);
  }

 private:
  absl::Status PrepareRejects() {
    RejectsOptions rejects;
    rejects.path = options_.rejects_path;
    rejects.table = options_.path;
    rejects.format = table_.format();
    rejects.encoding = table_.encoding();
    ASSIGN_OR_RETURN(rejects_, RejectsFile::Create(std::move(rejects)));
    return absl::OkStatus();
  }

  absl::Status Take(const Row& row) {
    ASSIGN_OR_RETURN(const FormRowClass row_class, scanner_.Classify(row));
    if (options_.progress && result_.summary.read().rows % progress_rows == 0) {
      options_.progress(result_.summary.read().rows, survey_.rows);
    }
    if (row_class == FormRowClass::kData) return TakeData(row);
    if (row_class == FormRowClass::kHeader) {
      header_ = std::make_shared<Row>(scanner_.header());
    }
    Count(row_class == FormRowClass::kTitle    ? Tally::kTitle
          : row_class == FormRowClass::kHeader ? Tally::kHeader
          : row_class == FormRowClass::kBlank  ? Tally::kBlank
                                               : Tally::kSubtotal);
    return absl::OkStatus();
  }

  // A row that states nothing.
  void Count(Tally tally) {
    result_.summary.Read(std::nullopt);
    result_.summary.End(tally, std::nullopt);
  }

  absl::Status TakeData(const Row& row) {
    const auto pending = std::make_shared<PendingRow>();
    pending->row = row;
    pending->header = header_;
    pending->record = scanner_.Read(row);
    FormRecord& record = pending->record;
    if (record.example) {
      Count(Tally::kFiltered);
      return absl::OkStatus();
    }
    result_.summary.Read(record.amount_fen);
    for (const Fact& fact : record.facts) {
      const uint32_t count = survey_.keys.Of(fact.key);
      if (!fact.input.has_value() || count < 2) continue;
      record.problems.push_back(absl::StrCat(
          "key '", fact.key, "': ", count,
          " rows of the table say the same thing; remove the others, or tell "
          "them apart",
          scanner_.HasSequence() ? " in the column 序号" : ""));
    }
    if (!record.problems.empty()) {
      return Reject(*pending, absl::StrJoin(record.problems, " | "));
    }
    pending->open = record.facts.size();
    pending->outcomes.resize(record.facts.size());
    for (size_t i = 0; i < record.facts.size(); ++i) {
      RETURN_IF_ERROR(TakeFact(pending, i));
    }
    return Settle();
  }

  absl::Status TakeFact(const std::shared_ptr<PendingRow>& row, size_t i) {
    const Fact& fact = row->record.facts[i];
    if (!fact.input.has_value()) {
      RowOutcome outcome;
      outcome.kind = RowOutcome::Kind::kAbsent;
      // Another row may say what this one leaves blank.
      const RecordedKey* const recorded = recorded_.Find(fact.key);
      const bool may_hold =
          !know_recorded_ || (recorded != nullptr && !recorded->reversed);
      if (may_hold && survey_.keys.Of(fact.key) == 0) {
        ASSIGN_OR_RETURN(outcome, revisions_.Remove(fact.key));
      }
      return EndFact(*row, i, std::move(outcome));
    }
    // A registration is replaced by the next one, never reversed: whether the
    // first holds can not be told from it. A dry run sends new ones with what
    // builds on them.
    if (!fact.input->event().has_effective_date() &&
        (!options_.dry_run || recorded_.Find(fact.key) != nullptr)) {
      ASSIGN_OR_RETURN(RowOutcome outcome,
                       revisions_.Replace(fact.key, *fact.input));
      return EndFact(*row, i, std::move(outcome));
    }
    v1::EventInput input = *fact.input;
    input.mutable_event()->set_event_id(RevisionId(fact.key, 1));
    return sender_->Add(std::move(input),
                        [this, row, i](const SendOutcome& outcome) {
                          answered_.push_back({row, i, outcome});
                        });
  }

  // Does what follows from the answers that came.
  absl::Status Settle() {
    while (!answered_.empty()) {
      const Answer answer = std::move(answered_.front());
      answered_.pop_front();
      const Fact& fact = answer.row->record.facts[answer.fact];
      RowOutcome outcome;
      if (NeedsRevision(fact.key, answer.outcome)) {
        ASSIGN_OR_RETURN(outcome, revisions_.Replace(fact.key, *fact.input));
      } else {
        outcome.problems = answer.outcome.problems;
        if (answer.outcome.kind == SendOutcome::Kind::kCreated) {
          // Of a dry run: acceptable, be it new or not.
          outcome.kind = options_.dry_run && recorded_.Find(fact.key) != nullptr
                             ? RowOutcome::Kind::kReplayed
                             : RowOutcome::Kind::kCreated;
        } else if (answer.outcome.kind == SendOutcome::Kind::kReplayed) {
          outcome.kind = RowOutcome::Kind::kReplayed;
        }
      }
      RETURN_IF_ERROR(EndFact(*answer.row, answer.fact, std::move(outcome)));
    }
    return absl::OkStatus();
  }

  // Whether the first revision is not all that there is about the fact.
  bool NeedsRevision(const std::string& key, const SendOutcome& outcome) const {
    switch (outcome.kind) {
      case SendOutcome::Kind::kRefused:
        return IsKnown(outcome) || (options_.correction.has_value() &&
                                    AsksForCorrection(outcome.problems));
      case SendOutcome::Kind::kReplayed:
        return outcome.reversed;
      case SendOutcome::Kind::kCreated:
        break;
    }
    if (!options_.dry_run) return false;
    const RecordedKey* const recorded = recorded_.Find(key);
    return recorded != nullptr &&
           (recorded->reversed || recorded->revision > 1);
  }

  absl::Status EndFact(PendingRow& row, size_t i, RowOutcome outcome) {
    row.outcomes[i] = std::move(outcome);
    if (--row.open > 0) return absl::OkStatus();
    const Tally tally = TallyOf(row.outcomes);
    const bool effective = CountEffect(row);
    if (effective) result_.effect.CountRow(SubjectOf(row));
    if (tally != Tally::kRejected) {
      result_.summary.End(tally, row.record.amount_fen);
      return absl::OkStatus();
    }
    std::vector<v1::Problem> problems;
    for (const RowOutcome& ended : row.outcomes) {
      problems.insert(problems.end(), ended.problems.begin(),
                      ended.problems.end());
    }
    return Reject(row, ProblemText(problems));
  }

  // Whether the row changed anything.
  bool CountEffect(const PendingRow& row) {
    bool effective = false;
    for (size_t i = 0; i < row.outcomes.size(); ++i) {
      const RowOutcome& outcome = row.outcomes[i];
      if (outcome.before.has_value()) {
        result_.effect.Add(*outcome.before, -1);
        effective = true;
      }
      if (outcome.kind == RowOutcome::Kind::kCreated ||
          outcome.kind == RowOutcome::Kind::kCorrected) {
        result_.effect.Add(row.record.facts[i].input->event(), 1);
        effective = true;
      }
    }
    return effective;
  }

  static std::string SubjectOf(const PendingRow& row) {
    for (size_t i = 0; i < row.outcomes.size(); ++i) {
      const Fact& fact = row.record.facts[i];
      if (fact.input.has_value()) return fact.input->event().subject();
      if (row.outcomes[i].before.has_value()) {
        return row.outcomes[i].before->subject();
      }
    }
    return "";
  }

  absl::Status Reject(const PendingRow& row, const std::string& reason) {
    result_.summary.End(Tally::kRejected, row.record.amount_fen);
    if (result_.reasons.size() < FormImportResult::reasons_max) {
      result_.reasons.push_back(absl::StrCat(
          row.row.sheet.empty() ? ""
                                : absl::StrCat("sheet ", row.row.sheet, " "),
          "row ", row.row.number, ": ", reason));
    }
    if (options_.dry_run) return absl::OkStatus();
    return rejects_->Add(*row.header, row.row, "", reason);
  }

  client::Client& client_;
  const FormImportOptions& options_;
  TableReader& table_;
  FormSurvey survey_;
  const std::string ledger_;
  FormScanner scanner_;
  RevisionWriter revisions_;
  std::unique_ptr<EventSender> sender_;
  std::unique_ptr<RejectsFile> rejects_;
  RecordedKeys recorded_;
  // Whether it was read.
  bool know_recorded_ = false;

  std::shared_ptr<const Row> header_;
  std::deque<Answer> answered_;
  FormImportResult result_;
};

}  // namespace

absl::StatusOr<FormImportResult> ImportForm(client::Client& client,
                                            const FormImportOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<TableReader> table,
                   TableReader::Open(options.path));
  absl::StatusOr<FormSurvey> survey = FormSurvey::Make(*table, options);
  if (!survey.ok()) {
    return absl::Status(
        survey.status().code(),
        absl::StrCat(options.path, ": ", survey.status().message()));
  }
  return Importer(client, options, *table, *std::move(survey)).Run();
}

}  // namespace daybook::importer
