#include "tests/simulation/coverage.h"

#include "absl/strings/str_cat.h"
#include "tests/simulation/oracle_admission.h"

namespace daybook::testing {
namespace {

using Refund = v1::RefundReceived;

const google::protobuf::OneofDescriptor& Payloads() {
  return *v1::Event::descriptor()->FindOneofByName("payload");
}

// What an accepted correction may be.
const std::vector<std::string>& Corrections() {
  static const auto* const corrections = new std::vector<std::string>{
      "correction in an open period",
      "late adjustment",
      "late reversal",
      "replaces",
      "reversal on its target's day",
      "reversal on a later day",
      "reversal by another source",
      "refund of an earlier year's payment",
      "refund of a year that is not in the ledger",
      "refund of expenditure_recorded",
      "refund of advance_paid",
      "refund of advance_cleared",
      "expenditure_recorded of another source",
      "advance_cleared of another source",
  };
  return *corrections;
}

}  // namespace

std::string PayloadName(const v1::Event& event) {
  const auto* field =
      event.GetReflection()->GetOneofFieldDescriptor(event, &Payloads());
  return field == nullptr ? "nothing" : field->name();
}

void Coverage::Accept(const Entries& before, const v1::Entry& entry) {
  ++accepted_;
  const v1::Event& event = entry.event();
  const std::string name = PayloadName(event);
  Count(name);
  if (event.has_budget_adjusted()) {
    Count(v1::BudgetAdjusted::Kind_Name(event.budget_adjusted().kind()));
  }
  if (entry.source() != "book") Count(absl::StrCat(name, " of another source"));
  CountCorrection(before, entry);
}

void Coverage::CountCorrection(const Entries& before, const v1::Entry& entry) {
  const v1::Event& event = entry.event();
  if (event.has_replaces()) Count("replaces");
  if (event.has_correction()) {
    const auto closed = ClosedThrough(before, event.subject());
    const bool late = closed.has_value() && DayOf(entry) <= *closed;
    Count(!late                  ? "correction in an open period"
          : event.has_reversal() ? "late reversal"
                                 : "late adjustment");
  }
  if (event.has_reversal()) {
    const v1::Entry& target = *TargetOf(before, entry);
    Count(DayOf(target) == DayOf(entry) ? "reversal on its target's day"
                                        : "reversal on a later day");
    if (target.source() != entry.source()) Count("reversal by another source");
    Count(absl::StrCat("reversal of ", PayloadName(target.event())));
  }
  if (!event.has_refund_received()) return;
  const Refund& refund = event.refund_received();
  if (refund.kind() == Refund::KIND_PRIOR_YEAR) {
    Count(refund.payment_event_id().empty()
              ? "refund of a year that is not in the ledger"
              : "refund of an earlier year's payment");
    return;
  }
  const v1::Entry& payment =
      *FindEvent(before, entry.source(), refund.payment_event_id());
  Count(absl::StrCat("refund of ", PayloadName(payment.event())));
}

void Coverage::Refuse(const std::set<std::string>& rules) {
  ++refused_;
  for (const std::string& rule : rules) Count(absl::StrCat("refused: ", rule));
}

std::vector<std::string> Coverage::Missing() const {
  std::vector<std::string> wanted = Corrections();
  for (int i = 0; i < Payloads().field_count(); ++i) {
    // That one is the server's own.
    if (Payloads().field(i)->name() == "key_rotated") continue;
    wanted.push_back(Payloads().field(i)->name());
  }
  for (const char* payload :
       {"budget_approved", "budget_adjusted", "income_received",
        "carryover_opened", "carryover_closed", "expenditure_recorded",
        "refund_received", "advance_paid", "advance_cleared", "indicator_set",
        "indicator_revised", "indicator_result_recorded", "indicator_assessed",
        "activity_recorded", "headcount_recorded", "prior_year_figure_stated",
        "figure_stated", "narrative_section_recorded"}) {
    wanted.push_back(absl::StrCat("reversal of ", payload));
  }
  for (int kind = 1; v1::BudgetAdjusted::Kind_IsValid(kind); ++kind) {
    wanted.push_back(v1::BudgetAdjusted::Kind_Name(
        static_cast<v1::BudgetAdjusted::Kind>(kind)));
  }
  for (const std::string& rule : AllRules()) {
    wanted.push_back(absl::StrCat("refused: ", rule));
  }
  std::vector<std::string> missing;
  for (const std::string& what : wanted) {
    if (counts_.count(what) == 0) missing.push_back(what);
  }
  return missing;
}

}  // namespace daybook::testing
