#include "core/report/bucket.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace daybook {
namespace {

// Stands in no part: admission refuses control characters.
constexpr char separator = '\x1f';

MoneyKind KindOf(v1::BudgetAdjusted::Kind kind) {
  switch (kind) {
    case v1::BudgetAdjusted::KIND_RECOVERY:
      return MoneyKind::kRecovery;
    case v1::BudgetAdjusted::KIND_CARRIED_OVER_ALLOCATION:
      return MoneyKind::kCarriedOverAllocation;
    default:
      return MoneyKind::kAdjustment;
  }
}

// A bucket, said without copying its line.
struct BucketParts {
  MoneyKind kind = MoneyKind::kApproved;
  const v1::Line& line;
  bool procurement = false;
  absl::string_view source = {};
  // Codes are left out of advances: they are known only when those are cleared.
  bool with_codes = true;
};

std::string KeyOf(const BucketParts& bucket) {
  const absl::string_view separated(&separator, 1);
  const v1::Line& line = bucket.line;
  absl::string_view function;
  absl::string_view economic;
  if (bucket.with_codes) {
    function = line.function_code();
    economic = line.economic_code();
  }
  return absl::StrCat(
      static_cast<int>(bucket.kind), separated, static_cast<int>(line.fund()),
      separated, static_cast<int>(line.nature()), separated, line.project(),
      separated, function, separated, economic, separated,
      static_cast<int>(line.source_row()), separated, line.unit(), separated,
      bucket.procurement ? "1" : "", separated, bucket.source);
}

template <typename Payload>
MoneyFact Plain(const Payload& payload, MoneyKind kind) {
  return {KeyOf({kind, payload.line()}), payload.amount_fen()};
}

template <typename Payload>
MoneyFact Flagged(const Payload& payload, MoneyKind kind) {
  return {KeyOf({kind, payload.line(), payload.procurement()}),
          payload.amount_fen()};
}

template <typename Payload>
MoneyFact Executed(const Payload& payload, absl::string_view source) {
  return {KeyOf({MoneyKind::kExecuted, payload.line(), payload.procurement(),
                 source}),
          payload.amount_fen()};
}

template <typename Payload>
MoneyFact Advance(const Payload& payload, absl::string_view source) {
  return {KeyOf({MoneyKind::kAdvance, payload.line(), false, source, false}),
          payload.amount_fen()};
}

MoneyFact Negated(MoneyFact fact) {
  fact.fen = -fact.fen;
  return fact;
}

MoneyFact PriorRefund(const v1::RefundReceived& refund,
                      absl::string_view source) {
  return {KeyOf({MoneyKind::kPriorRefund, refund.line(), false, source}),
          refund.amount_fen()};
}

MoneyFact Refund(const v1::RefundReceived& refund, absl::string_view source) {
  switch (refund.kind()) {
    case v1::RefundReceived::KIND_PRIOR_YEAR:
      return PriorRefund(refund, source);
    case v1::RefundReceived::KIND_ADVANCE:
      return Negated(Advance(refund, source));
    default:
      return Negated(Executed(refund, source));
  }
}

}  // namespace

std::string BucketKey(const Bucket& bucket) {
  return KeyOf({bucket.kind, bucket.line, bucket.procurement, bucket.source});
}

absl::StatusOr<Bucket> ParseBucketKey(absl::string_view key) {
  const std::vector<std::string> parts = absl::StrSplit(key, separator);
  constexpr size_t parts_count = 10;
  int kind = 0;
  int fund = 0;
  int nature = 0;
  int row = 0;
  if (parts.size() != parts_count || !absl::SimpleAtoi(parts[0], &kind) ||
      kind < static_cast<int>(MoneyKind::kApproved) ||
      kind > static_cast<int>(MoneyKind::kLate) ||
      !absl::SimpleAtoi(parts[1], &fund) ||
      !absl::SimpleAtoi(parts[2], &nature) ||
      !absl::SimpleAtoi(parts[6], &row)) {
    return absl::DataLossError(
        absl::StrCat("no bucket: \"", absl::CHexEscape(key), "\""));
  }
  Bucket bucket;
  bucket.kind = static_cast<MoneyKind>(kind);
  bucket.line.set_fund(static_cast<v1::Fund>(fund));
  bucket.line.set_nature(static_cast<v1::Nature>(nature));
  bucket.line.set_project(parts[3]);
  bucket.line.set_function_code(parts[4]);
  bucket.line.set_economic_code(parts[5]);
  bucket.line.set_source_row(static_cast<v1::SourceRow>(row));
  bucket.line.set_unit(parts[7]);
  bucket.procurement = !parts[8].empty();
  bucket.source = parts[9];
  return bucket;
}

MoneyFacts MoneyFactsOf(const v1::Event& event, absl::string_view source) {
  switch (event.payload_case()) {
    case v1::Event::kBudgetApproved:
      return {
          Flagged(event.budget_approved(), event.budget_approved().of_which()
                                               ? MoneyKind::kApprovedOfWhich
                                               : MoneyKind::kApproved)};
    case v1::Event::kBudgetAdjusted:
      return {Plain(event.budget_adjusted(),
                    KindOf(event.budget_adjusted().kind()))};
    case v1::Event::kIncomeReceived:
      return {Plain(event.income_received(), MoneyKind::kIncome)};
    case v1::Event::kCarryoverOpened:
      return {Plain(event.carryover_opened(), MoneyKind::kOpeningCarryover)};
    case v1::Event::kCarryoverClosed:
      return {Plain(event.carryover_closed(), MoneyKind::kClosingCarryover)};
    case v1::Event::kExpenditureRecorded:
      return {Executed(event.expenditure_recorded(), source)};
    case v1::Event::kRefundReceived:
      return {Refund(event.refund_received(), source)};
    case v1::Event::kAdvancePaid:
      return {Advance(event.advance_paid(), source)};
    case v1::Event::kAdvanceCleared:
      return {Executed(event.advance_cleared(), source),
              Negated(Advance(event.advance_cleared(), source))};
    default:
      return {};
  }
}

}  // namespace daybook
