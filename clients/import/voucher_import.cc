#include "clients/import/voucher_import.h"

#include <deque>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/import/event_sender.h"
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

// A voucher on its way.
struct PendingRow {
  Row row;
  std::shared_ptr<const Row> header;
  std::string key;
  v1::EventInput input;
  std::optional<int64_t> amount_fen;
};

bool IsKnown(const SendOutcome& outcome) {
  for (const v1::Problem& problem : outcome.problems) {
    if (problem.code() == static_cast<int>(absl::StatusCode::kAlreadyExists)) {
      return true;
    }
  }
  return false;
}

// The second reading of a table.
class Importer {
 public:
  Importer(client::Client& client, const VoucherImportOptions& options,
           TableReader& table, TableSurvey survey)
      : client_(client),
        options_(options),
        mapping_(options.mapping),
        table_(table),
        survey_(std::move(survey)),
        ledger_("ledgers/" + options.ledger),
        scanner_(options.mapping, options.ledger),
        revisions_(client, {ledger_, options.source, options.correction,
                            options.dry_run}) {}

  absl::StatusOr<VoucherImportResult> Run() {
    RETURN_IF_ERROR(PrepareRejects());
    ASSIGN_OR_RETURN(sender_, MakeSender(client_, options_.server, ledger_,
                                         options_.source, options_.dry_run));
    if (options_.dry_run || options_.snapshot.has_value()) {
      ASSIGN_OR_RETURN(recorded_,
                       RecordedKeys::Read(client_, ledger_, options_.source,
                                          survey_.reports));
    }
    RETURN_IF_ERROR(
        table_.ForEachRow([&](const Row& row) { return Take(row); }));
    RETURN_IF_ERROR(sender_->Flush());
    RETURN_IF_ERROR(Settle());
    scanner_.Finish();
    if (options_.progress) options_.progress(survey_.rows, survey_.rows);
    RETURN_IF_ERROR(result_.summary.Check());
    if (options_.snapshot.has_value()) RETURN_IF_ERROR(RemoveAbsent());
    result_.mismatches = scanner_.mismatches();
    result_.mismatches_total = scanner_.mismatches_total();
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
    if (!mapping_.table().delimiter().empty()) {
      rejects.delimiter = mapping_.table().delimiter()[0];
    }
    rejects.keys = mapping_.key_repeats();
    ASSIGN_OR_RETURN(rejects_, RejectsFile::Create(std::move(rejects)));
    return absl::OkStatus();
  }

  absl::Status Take(const Row& row) {
    if (!IsWanted(mapping_, row.sheet)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const RowClass row_class, scanner_.Classify(row));
    if (options_.progress && result_.summary.read().rows % progress_rows == 0) {
      options_.progress(result_.summary.read().rows, survey_.rows);
    }
    if (row_class == RowClass::kData) return TakeVoucher(row);
    if (row_class == RowClass::kHeader) {
      header_ = std::make_shared<Row>(scanner_.header());
    }
    result_.summary.Read(std::nullopt);
    result_.summary.End(row_class == RowClass::kTitle    ? Tally::kTitle
                        : row_class == RowClass::kHeader ? Tally::kHeader
                        : row_class == RowClass::kBlank  ? Tally::kBlank
                                                         : Tally::kSubtotal,
                        std::nullopt);
    return absl::OkStatus();
  }

  absl::Status TakeVoucher(const Row& row) {
    Voucher voucher = scanner_.table()->Read(row);
    result_.summary.Read(voucher.amount_fen);
    if (voucher.filtered) {
      result_.summary.End(Tally::kFiltered, voucher.amount_fen);
      return absl::OkStatus();
    }
    PendingRow pending{row, header_, voucher.key, std::move(voucher.input),
                       voucher.amount_fen};
    if (!voucher.key.empty()) {
      pending.key = UniqueKey(mapping_, voucher, repeats_);
      const uint32_t count = survey_.keys.Of(pending.key);
      if (count > 1) {
        voucher.problems.push_back(absl::StrCat(
            "key '", pending.key, "': ", count,
            " rows of the table have it; remove the others, or add the column "
            "that tells them apart to the mapping's key"));
      }
    }
    if (!voucher.problems.empty()) {
      return Reject(pending, absl::StrJoin(voucher.problems, " | "));
    }
    if (voucher.deleted) {
      ASSIGN_OR_RETURN(const RowOutcome outcome,
                       revisions_.Remove(pending.key));
      return End(pending, outcome);
    }
    pending.input.mutable_event()->set_event_id(RevisionId(pending.key, 1));
    v1::EventInput input = pending.input;
    const auto shared = std::make_shared<PendingRow>(std::move(pending));
    RETURN_IF_ERROR(sender_->Add(std::move(input),
                                 [this, shared](const SendOutcome& outcome) {
                                   answered_.push_back({shared, outcome});
                                 }));
    return Settle();
  }

  // Does what follows from the answers that came.
  absl::Status Settle() {
    while (!answered_.empty()) {
      const auto [row, outcome] = std::move(answered_.front());
      answered_.pop_front();
      if (NeedsRevision(*row, outcome)) {
        ASSIGN_OR_RETURN(const RowOutcome settled,
                         revisions_.Replace(row->key, row->input));
        RETURN_IF_ERROR(End(*row, settled));
        continue;
      }
      RowOutcome settled;
      settled.problems = outcome.problems;
      if (outcome.kind == SendOutcome::Kind::kCreated) {
        // Of a dry run: acceptable, be it new or not.
        settled.kind = options_.dry_run && recorded_.Find(row->key) != nullptr
                           ? RowOutcome::Kind::kReplayed
                           : RowOutcome::Kind::kCreated;
      } else if (outcome.kind == SendOutcome::Kind::kReplayed) {
        settled.kind = RowOutcome::Kind::kReplayed;
      }
      RETURN_IF_ERROR(End(*row, settled));
    }
    return absl::OkStatus();
  }

  // Whether the first revision is not all that there is about the row.
  bool NeedsRevision(const PendingRow& row, const SendOutcome& outcome) const {
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
    const RecordedKey* const key = recorded_.Find(row.key);
    return key != nullptr && (key->reversed || key->revision > 1);
  }

  absl::Status End(const PendingRow& row, const RowOutcome& outcome) {
    if (outcome.kind == RowOutcome::Kind::kRejected) {
      return Reject(row, ProblemText(outcome.problems));
    }
    result_.summary.End(TallyOf(outcome.kind), row.amount_fen);
    const bool now = outcome.kind == RowOutcome::Kind::kCreated ||
                     outcome.kind == RowOutcome::Kind::kCorrected;
    if (now) result_.effect.Add(row.input.event(), 1);
    if (outcome.before.has_value()) result_.effect.Add(*outcome.before, -1);
    if (now || outcome.before.has_value()) {
      result_.effect.CountRow(now ? row.input.event().subject()
                                  : outcome.before->subject());
    }
    return absl::OkStatus();
  }

  static Tally TallyOf(RowOutcome::Kind kind) {
    switch (kind) {
      case RowOutcome::Kind::kCreated:
        return Tally::kCreated;
      case RowOutcome::Kind::kReplayed:
        return Tally::kReplayed;
      case RowOutcome::Kind::kCorrected:
        return Tally::kCorrected;
      case RowOutcome::Kind::kDeleted:
        return Tally::kDeleted;
      case RowOutcome::Kind::kAbsent:
        return Tally::kAbsent;
      case RowOutcome::Kind::kRejected:
        break;
    }
    return Tally::kRejected;
  }

  absl::Status Reject(const PendingRow& row, const std::string& reason) {
    result_.summary.End(Tally::kRejected, row.amount_fen);
    if (result_.reasons.size() < VoucherImportResult::reasons_max) {
      result_.reasons.push_back(absl::StrCat(
          row.row.sheet.empty() ? ""
                                : absl::StrCat("sheet ", row.row.sheet, " "),
          "row ", row.row.number, ": ", reason));
    }
    if (options_.dry_run) return absl::OkStatus();
    return rejects_->Add(*row.header, row.row, row.key, reason);
  }

  // Reverses what was recorded within the period and is not in the table.
  absl::Status RemoveAbsent() {
    std::vector<const std::pair<const std::string, RecordedKey>*> absent;
    for (const auto& key : recorded_.all()) {
      const RecordedKey& recorded = key.second;
      if (recorded.reversed || recorded.revision == 0 ||
          recorded.day < options_.snapshot->from ||
          recorded.day > options_.snapshot->to ||
          survey_.keys.Of(key.first) > 0) {
        continue;
      }
      absent.push_back(&key);
      ++result_.absent.rows;
      result_.absent.fen += recorded.amount_fen;
    }
    if (absent.empty() ||
        (!options_.dry_run &&
         !options_.confirm(result_.absent.rows, result_.absent.fen))) {
      return absl::OkStatus();
    }
    for (const auto* const key : absent) {
      ASSIGN_OR_RETURN(const RowOutcome outcome, revisions_.Remove(key->first));
      if (outcome.kind == RowOutcome::Kind::kRejected) {
        result_.absent_refused.push_back(
            absl::StrCat(key->first, ": ", ProblemText(outcome.problems)));
        continue;
      }
      ++result_.absent_reversed;
      if (!outcome.before.has_value()) continue;
      result_.effect.Add(*outcome.before, -1);
      result_.effect.CountRow(outcome.before->subject());
    }
    return absl::OkStatus();
  }

  client::Client& client_;
  const VoucherImportOptions& options_;
  const internal::VoucherMapping& mapping_;
  TableReader& table_;
  TableSurvey survey_;
  const std::string ledger_;
  SheetScanner scanner_;
  std::unique_ptr<EventSender> sender_;
  RevisionWriter revisions_;
  std::unique_ptr<RejectsFile> rejects_;
  RecordedKeys recorded_;

  KeyCounts repeats_;
  std::shared_ptr<const Row> header_;
  std::deque<std::pair<std::shared_ptr<PendingRow>, SendOutcome>> answered_;
  VoucherImportResult result_;
};

}  // namespace

absl::StatusOr<VoucherImportResult> ImportVouchers(
    client::Client& client, const VoucherImportOptions& options) {
  TableOptions table_options;
  table_options.encoding = options.mapping.table().encoding();
  if (!options.mapping.table().delimiter().empty()) {
    table_options.delimiter = options.mapping.table().delimiter()[0];
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<TableReader> table,
                   TableReader::Open(options.path, table_options));
  ASSIGN_OR_RETURN(TableSurvey survey,
                   TableSurvey::Make(*table, options.mapping, options.ledger));
  return Importer(client, options, *table, std::move(survey)).Run();
}

}  // namespace daybook::importer
