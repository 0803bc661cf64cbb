#include "core/admission/corrections.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "core/admission/fact_keys.h"
#include "core/admission/indicators.h"
#include "core/admission/references.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "core/report/bucket.h"
#include "google/protobuf/util/message_differencer.h"

namespace daybook {
namespace {

bool IsPriorYear(const v1::Event& event) {
  return event.refund_received().kind() == v1::RefundReceived::KIND_PRIOR_YEAR;
}

// The event's day as TakenFact counts days.
int32_t TakingDay(const v1::Event& event) {
  return static_cast<int32_t>(DayOf(event) - absl::CivilDay(1970, 1, 1));
}

int64_t AmountTaken(const v1::Event& taking) {
  return taking.has_advance_cleared() ? taking.advance_cleared().amount_fen()
                                      : taking.refund_received().amount_fen();
}

// The most that is taken on any day from `day` on.
int64_t MostTakenFrom(const internal::TakenFact& fact, int32_t day) {
  int64_t taken = 0;
  int64_t most = 0;
  bool within = false;
  for (const internal::TakenFact::Step& step : fact.steps()) {
    if (step.day() > day && !within) {
      most = taken;
      within = true;
    }
    taken += step.fen();
    if (within) most = std::max(most, taken);
  }
  return within ? most : taken;
}

void Take(internal::TakenFact& fact, int32_t day, int64_t fen) {
  auto& steps = *fact.mutable_steps();
  const auto place = std::find_if(
      steps.begin(), steps.end(),
      [day](const internal::TakenFact::Step& s) { return s.day() >= day; });
  if (place != steps.end() && place->day() == day) {
    place->set_fen(place->fen() + fen);
    return;
  }
  const int index = static_cast<int>(place - steps.begin());
  internal::TakenFact::Step* step = fact.add_steps();
  step->set_day(day);
  step->set_fen(fen);
  std::rotate(fact.mutable_steps()->begin() + index,
              fact.mutable_steps()->end() - 1, fact.mutable_steps()->end());
}

internal::TakenFact FindTaken(DecisionBuilder& decision,
                              const v1::EventIdentity& payment) {
  const auto* const fact =
      decision.Find<internal::TakenFact>(TakenKey(payment));
  return fact == nullptr ? internal::TakenFact() : *fact;
}

void RefuseMissing(DecisionBuilder& decision, const std::string& field,
                   const std::string& event_id, std::string remedy) {
  decision.Refuse({.code = absl::StatusCode::kNotFound,
                   .field = field,
                   .value = event_id,
                   .message = "no such event is recorded",
                   .remedy = std::move(remedy),
                   .retryable = true});
}

// A refund or clearing that is being decided, and the payment that it names.
struct Taking {
  const v1::Event& event;
  // "refund_received.payment_event_id".
  std::string field;
  const v1::Entry& payment;
};

void Refuse(DecisionBuilder& decision, const Taking& taking,
            std::string message, std::string remedy) {
  decision.Refuse({.code = absl::StatusCode::kFailedPrecondition,
                   .field = taking.field,
                   .value = taking.payment.event().event_id(),
                   .message = std::move(message),
                   .remedy = std::move(remedy)});
}

bool IsPaymentFor(const v1::Event& payment, const v1::Event& taking) {
  if (taking.has_advance_cleared() ||
      taking.refund_received().kind() == v1::RefundReceived::KIND_ADVANCE) {
    return payment.has_advance_paid();
  }
  return payment.has_expenditure_recorded() || payment.has_advance_cleared();
}

int64_t AmountOf(const v1::Entry& payment) {
  const MoneyFacts facts = MoneyFactsOf(payment.event(), payment.source());
  return facts.empty() ? 0 : facts[0].fen;
}

// Whether the payment is one that the event can take from at all.
bool CheckKind(DecisionBuilder& decision, const Taking& taking) {
  const v1::Event& payment = taking.payment.event();
  if (!IsPaymentFor(payment, taking.event)) {
    Refuse(decision, taking,
           taking.event.has_advance_cleared() ? "it is no advance"
                                              : "it is no payment of that kind",
           "name an advance_paid for an advance, else an "
           "expenditure_recorded or advance_cleared");
    return false;
  }
  if (AmountOf(taking.payment) <= 0) {
    Refuse(decision, taking, "its amount is not positive",
           "reverse a red entry instead");
    return false;
  }
  return true;
}

void CheckPlace(DecisionBuilder& decision, const Taking& taking) {
  const v1::Event& payment = taking.payment.event();
  if (!IsPriorYear(taking.event)) {
    if (payment.subject() != taking.event.subject()) {
      return Refuse(decision, taking,
                    absl::StrCat("it belongs to ", payment.subject()),
                    "record this under the same report, or as a refund of a "
                    "prior year");
    }
    if (DayOf(payment) > DayOf(taking.event)) {
      Refuse(decision, taking,
             absl::StrCat("it is dated ", FormatDay(DayOf(payment)),
                          ", after this event"),
             "date this event on that day or later");
    }
    return;
  }
  const absl::StatusOr<ResourceName> of =
      ResourceName::Parse(payment.subject());
  DAYBOOK_CHECK(of.ok());
  if (of->DepartmentString() != decision.subject().DepartmentString() ||
      of->fiscal_year() >= decision.subject().fiscal_year()) {
    Refuse(decision, taking, absl::StrCat("it belongs to ", payment.subject()),
           "a refund of a prior year names a payment in an earlier report of "
           "the same department");
  }
}

// A clearing stands on the line of its advance but for the codes and the quota,
// which are known only now.
void CheckLine(DecisionBuilder& decision, const Taking& taking) {
  if (IsPriorYear(taking.event)) return;
  v1::Line of_payment = *LineOfEvent(taking.payment.event());
  v1::Line of_taking = *LineOfEvent(taking.event);
  if (taking.event.has_advance_cleared()) {
    for (v1::Line* line : {&of_payment, &of_taking}) {
      line->clear_function_code();
      line->clear_economic_code();
      line->clear_government_economic_code();
      line->clear_quota_id();
    }
  }
  if (google::protobuf::util::MessageDifferencer::Equals(of_payment,
                                                         of_taking)) {
    return;
  }
  decision.Refuse(
      {.code = absl::StatusCode::kFailedPrecondition,
       .field = decision.payload() + ".line",
       .value = of_taking.ShortDebugString(),
       .message = absl::StrCat("the payment stands on the line ",
                               of_payment.ShortDebugString()),
       .remedy = taking.event.has_advance_cleared()
                     ? "give the advance's fund, nature, project, source row "
                       "and unit"
                     : "give the payment's line in all its parts"});
}

void CheckProcurement(DecisionBuilder& decision, const Taking& taking) {
  if (!taking.event.has_refund_received() || IsPriorYear(taking.event)) return;
  const v1::Event& payment = taking.payment.event();
  const bool procured = payment.has_expenditure_recorded()
                            ? payment.expenditure_recorded().procurement()
                            : payment.advance_cleared().procurement();
  if (procured == taking.event.refund_received().procurement()) return;
  decision.Refuse({.code = absl::StatusCode::kFailedPrecondition,
                   .field = "refund_received.procurement",
                   .value = procured ? "false" : "true",
                   .message = procured ? "the payment was procurement"
                                       : "the payment was no procurement",
                   .remedy = "say the same as the payment"});
}

void TakeFrom(DecisionBuilder& decision, const Taking& taking) {
  const v1::EventIdentity payment = IdentityOf(taking.payment);
  internal::TakenFact taken = FindTaken(decision, payment);
  const int32_t day = TakingDay(taking.event);
  const int64_t remains = AmountOf(taking.payment) - MostTakenFrom(taken, day);
  const int64_t amount = AmountTaken(taking.event);
  if (amount > remains) {
    return decision.Refuse(
        {.code = absl::StatusCode::kFailedPrecondition,
         .field = decision.payload() + ".amount_fen",
         .value = absl::StrCat(amount),
         .message = absl::StrCat("of the payment's ", AmountOf(taking.payment),
                                 " fen, ", remains, " remain"),
         .remedy = absl::StrCat("give at most ", remains,
                                ", or reverse refunds and clearings before")});
  }
  Take(taken, day, amount);
  decision.Update(TakenKey(payment), std::move(taken));
}

}  // namespace

void DecideReversal(DecisionBuilder& decision) {
  const v1::Reversal& reversal = decision.event().reversal();
  const std::string field = "reversal.target_event_id";
  const auto refuse = [&](std::string message, std::string remedy) {
    decision.Refuse({.code = absl::StatusCode::kFailedPrecondition,
                     .field = field,
                     .value = reversal.target_event_id(),
                     .message = std::move(message),
                     .remedy = std::move(remedy)});
  };
  if (decision.facts().target == nullptr) {
    return RefuseMissing(decision, field, reversal.target_event_id(),
                         "record the event first, or name its source in "
                         "target_source");
  }
  const v1::Entry& target = *decision.facts().target;
  const v1::Event& cancelled = target.event();
  if (cancelled.subject() != decision.event().subject()) {
    return refuse(absl::StrCat("it belongs to ", cancelled.subject()),
                  "reverse it under its own subject");
  }
  if (cancelled.has_reversal()) {
    return refuse("it is a reversal itself",
                  "record the cancelled fact again under a new event id");
  }
  if (!cancelled.has_effective_date()) {
    return refuse("it has no effective date",
                  "registrations, openings, policies, closings and "
                  "publications are not reversed; record the right one, the "
                  "latest counts");
  }
  if (DayOf(decision.event()) < DayOf(cancelled)) {
    refuse(absl::StrCat("it is dated ", FormatDay(DayOf(cancelled)),
                        ", after this reversal"),
           "date the reversal on the target's day or later");
  }
  const std::string reversed_key = ReversedKey(Position(target.position()));
  if (const auto* const reversed =
          decision.Find<internal::ReversedFact>(reversed_key)) {
    return refuse(absl::StrCat("it is reversed already, by position ",
                               reversed->reversed_by()),
                  "leave the second reversal out");
  }
  const int64_t stands = MostTakenFrom(FindTaken(decision, IdentityOf(target)),
                                       TakingDay(decision.event()));
  if (stands > 0) {
    refuse(absl::StrCat("refunds or clearings of ", stands,
                        " fen stand against it"),
           "reverse them first, dated on this reversal's day or before");
  }
  for (const MoneyFact& fact : MoneyFactsOf(cancelled, target.source())) {
    decision.AddAbsolute(fact.fen, field);
  }
  if (const auto payment = PaymentOf(cancelled, target.source())) {
    internal::TakenFact taken = FindTaken(decision, *payment);
    Take(taken, TakingDay(decision.event()), -AmountTaken(cancelled));
    decision.Update(TakenKey(*payment), std::move(taken));
  }
  if (cancelled.has_indicator_set()) WithdrawIndicatorSet(decision, target);
  internal::ReversedFact fact;
  fact.set_reversed_by(decision.position().value());
  fact.set_day(DayNumber(decision.event()));
  decision.Update(reversed_key, std::move(fact));
}

void DecideTaking(DecisionBuilder& decision) {
  const auto named = PaymentOf(decision.event(), decision.entry().source());
  if (!named.has_value()) return;
  const std::string field =
      decision.payload() + (decision.event().has_advance_cleared()
                                ? ".advance_event_id"
                                : ".payment_event_id");
  if (decision.facts().target == nullptr) {
    return RefuseMissing(decision, field, named->event_id(),
                         "record the payment first, from this same source");
  }
  const Taking taking{decision.event(), field, *decision.facts().target};
  if (!CheckKind(decision, taking)) return;
  if (const auto* const reversed = decision.Find<internal::ReversedFact>(
          ReversedKey(Position(taking.payment.position())))) {
    return Refuse(
        decision, taking,
        absl::StrCat("it is reversed, by position ", reversed->reversed_by()),
        "name a payment that stands");
  }
  CheckPlace(decision, taking);
  CheckLine(decision, taking);
  CheckProcurement(decision, taking);
  TakeFrom(decision, taking);
}

void DecideReplacement(DecisionBuilder& decision) {
  if (!decision.event().has_replaces()) return;
  const std::string& event_id = decision.event().replaces().event_id();
  const std::string field = "replaces.event_id";
  const v1::Entry* const replaced = decision.facts().replaced;
  if (replaced == nullptr) {
    return RefuseMissing(decision, field, event_id,
                         "record the event and its reversal first");
  }
  if (replaced->event().subject() != decision.event().subject()) {
    return decision.Refuse(
        {.code = absl::StatusCode::kFailedPrecondition,
         .field = field,
         .value = event_id,
         .message = absl::StrCat("it belongs to ", replaced->event().subject()),
         .remedy = "an event replaces one of the same subject"});
  }
  const auto* const reversed = decision.Find<internal::ReversedFact>(
      ReversedKey(Position(replaced->position())));
  if (reversed != nullptr) {
    if (reversed->day() <= DayNumber(decision.event())) return;
    return decision.Refuse(
        {.code = absl::StatusCode::kFailedPrecondition,
         .field = field,
         .value = event_id,
         .message = absl::StrCat("it stands until its reversal at position ",
                                 reversed->reversed_by(),
                                 ", so it would count twice till then"),
         .remedy = "date this event on the day of that reversal or later"});
  }
  decision.Refuse({.code = absl::StatusCode::kFailedPrecondition,
                   .field = field,
                   .value = event_id,
                   .message = "it is not reversed, so it would count twice",
                   .remedy = "record its reversal before this event, in the "
                             "same batch",
                   .retryable = true});
}

bool DecidePeriod(DecisionBuilder& decision) {
  const uint32_t closed = decision.subject_fact().closed_through();
  const v1::Event& event = decision.event();
  if (closed == 0) return false;
  // What has no date changes every day, the closed ones too.
  const bool changes_all = ChangesEveryDay(event);
  const bool changes_closed =
      event.has_effective_date() && DayNumber(event) <= closed;
  if (!changes_all && !changes_closed) return false;
  if (!event.has_correction()) {
    const absl::CivilDay through = FirstDay(decision.subject().fiscal_year()) +
                                   static_cast<int>(closed) - 1;
    decision.Refuse(
        {.code = absl::StatusCode::kFailedPrecondition,
         .field = "correction",
         .value = changes_all ? "" : FormatDay(DayOf(event)),
         .message =
             absl::StrCat("the period is closed through ", FormatDay(through)),
         .remedy = "date the event later, or give a correction with reason and "
                   "approver: it is then a late adjustment"});
  }
  return event.has_correction();
}

}  // namespace daybook
