#include "tests/simulation/oracle_admission.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "google/protobuf/util/message_differencer.h"

namespace daybook::testing {
namespace {

using Refund = v1::RefundReceived;
using Rules = std::set<std::string>;

// The last day that any report of a history knows.
constexpr absl::CivilDay kLastDay(2024, 12, 31);

bool Same(const google::protobuf::Message& a,
          const google::protobuf::Message& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

// The payment that a refund or clearing takes from; empty for other events.
std::string PaymentIdOf(const v1::Event& event) {
  return event.has_refund_received()
             ? event.refund_received().payment_event_id()
             : event.advance_cleared().advance_event_id();
}

int64_t TakenBy(const v1::Event& event) {
  return event.has_refund_received() ? event.refund_received().amount_fen()
                                     : event.advance_cleared().amount_fen();
}

// The refunds and clearings that name the payment.
Entries ChargesOf(const Entries& entries, const v1::Entry& payment) {
  Entries charges;
  for (const v1::Entry* entry : entries) {
    if (entry->source() == payment.source() &&
        PaymentIdOf(entry->event()) == payment.event().event_id()) {
      charges.push_back(entry);
    }
  }
  return charges;
}

// The most that lives against the payment on a day from `day` on.
int64_t MostTaken(const Entries& entries, const v1::Entry& payment,
                  absl::CivilDay day) {
  struct Charge {
    absl::CivilDay from;
    std::optional<absl::CivilDay> until;
    int64_t fen;
  };
  std::vector<Charge> charges;
  for (const v1::Entry* charge : ChargesOf(entries, payment)) {
    charges.push_back({DayOf(*charge), ReversedFrom(entries, *charge),
                       TakenBy(charge->event())});
  }
  int64_t most = 0;
  for (; day <= kLastDay && !charges.empty(); ++day) {
    int64_t taken = 0;
    for (const Charge& charge : charges) {
      if (charge.from <= day &&
          (!charge.until.has_value() || *charge.until > day)) {
        taken += charge.fen;
      }
    }
    most = std::max(most, taken);
  }
  return most;
}

const v1::Line* LineOfEvent(const v1::Event& event) {
  if (event.has_budget_approved()) return &event.budget_approved().line();
  if (event.has_budget_adjusted()) return &event.budget_adjusted().line();
  if (event.has_income_received()) return &event.income_received().line();
  if (event.has_carryover_opened()) return &event.carryover_opened().line();
  if (event.has_carryover_closed()) return &event.carryover_closed().line();
  if (event.has_refund_received()) return &event.refund_received().line();
  return PaymentLine(event);
}

class Judge {
 public:
  Judge(const Entries& entries, const std::string& source,
        const v1::Event& event)
      : entries_(entries), source_(source), event_(event) {
    if (event.has_effective_date()) day_ = DayOf(event.effective_date());
  }

  Rules Run() {
    CheckSubject();
    CheckProjects();
    CheckIndicator();
    CheckClosing();
    CheckCorrection();
    CheckReplaces();
    if (event_.has_reversal()) CheckReversal();
    if (event_.has_refund_received()) CheckRefund();
    if (event_.has_advance_cleared()) CheckClearing();
    if (event_.has_personal_data_erased()) CheckErasure();
    return std::move(broken_);
  }

 private:
  void Require(bool holds, const char* rule) {
    DAYBOOK_CHECK(AllRules().count(rule) == 1);
    if (!holds) broken_.insert(rule);
  }

  template <typename Predicate>
  bool IsRecorded(Predicate predicate) const {
    return std::any_of(entries_.begin(), entries_.end(),
                       [&](const v1::Entry* entry) {
                         return entry->has_event() && predicate(entry->event());
                       });
  }

  bool IsReversed(const v1::Entry& entry) const {
    return ReversedFrom(entries_, entry).has_value();
  }

  void CheckSubject() {
    if (event_.has_department_registered()) return;
    const std::string department = DepartmentOfSubject(event_.subject());
    bool exists = IsRecorded([&](const v1::Event& other) {
      return other.has_department_registered() && other.subject() == department;
    });
    const v1::Event* first = nullptr;
    for (const v1::Entry* entry : entries_) {
      if (first == nullptr && entry->event().has_report_opened() &&
          entry->event().subject() == event_.subject()) {
        first = &entry->event();
      }
    }
    if (event_.has_report_opened() && first != nullptr) {
      Require(first->report_opened().book_source() ==
                  event_.report_opened().book_source(),
              "the book source stays");
    } else if (!event_.has_report_opened() &&
               event_.subject() != department) {
      exists = exists && first != nullptr;
    }
    Require(exists, "the subject exists");
  }

  void CheckProjects() {
    std::vector<std::string> keys;
    const v1::Line* line = LineOfEvent(event_);
    if (line != nullptr) keys.push_back(line->project());
    const std::string figure = event_.has_figure_stated()
                                   ? event_.figure_stated().figure()
                                   : event_.prior_year_figure_stated().figure();
    for (size_t at = figure.find("project["); at != std::string::npos;
         at = figure.find("project[", at + 1)) {
      const size_t begin = at + 8;
      keys.push_back(figure.substr(begin, figure.find(']', begin) - begin));
    }
    for (const std::string& key : keys) {
      if (key.empty()) continue;
      Require(IsRecorded([&](const v1::Event& other) {
                return other.has_project_registered() &&
                       other.project_registered().key() == key &&
                       other.subject() == DepartmentOfSubject(event_.subject());
              }),
              "the project is registered");
    }
  }

  void CheckIndicator() {
    const std::string& id = event_.has_indicator_result_recorded()
                                ? event_.indicator_result_recorded().indicator()
                            : event_.has_indicator_revised()
                                ? event_.indicator_revised().indicator()
                                : event_.indicator_assessed().row();
    if (id.empty() || id == "execution" || id == "total") return;
    const v1::IndicatorSet* set = nullptr;
    absl::CivilDay set_day;
    for (const v1::Entry* entry : entries_) {
      if (!entry->event().has_indicator_set() ||
          entry->event().subject() != event_.subject() ||
          entry->event().indicator_set().indicator() != id ||
          DayOf(*entry) > *day_) {
        continue;
      }
      const std::optional<absl::CivilDay> until =
          ReversedFrom(entries_, *entry);
      if (until.has_value() && *until <= *day_) continue;
      if (set != nullptr && DayOf(*entry) < set_day) continue;
      set = &entry->event().indicator_set();
      set_day = DayOf(*entry);
    }
    Require(set != nullptr, "the indicator is set on the day");
    if (set == nullptr) return;
    if (set->operator_() == v1::IndicatorSet::OPERATOR_NOT_APPLICABLE) {
      Require(false, "what does not apply has nothing to record");
      return;
    }
    const v1::IndicatorResultRecorded& result =
        event_.indicator_result_recorded();
    if (result.mode() == v1::IndicatorResultRecorded::MODE_INCREMENT) {
      Require(
          result.value().quantity().unit() == set->target().quantity().unit(),
          "an increment has the target's unit");
    }
    if (!event_.has_indicator_revised()) return;
    const v1::MeasuredValue& target = event_.indicator_revised().target();
    Require(target.value_case() == set->target().value_case() &&
                target.quantity().unit() == set->target().quantity().unit(),
            "a revised target is of the same kind and unit");
  }

  void CheckClosing() {
    const std::optional<absl::CivilDay> closed =
        ClosedThrough(entries_, event_.subject());
    const bool changes_all_days =
        event_.has_report_opened() || event_.has_policy_adopted();
    if (event_.has_effective_date() || changes_all_days) {
      Require(event_.has_correction() || !closed.has_value() ||
                  (!changes_all_days && *day_ > *closed),
              "a closed period takes corrections alone");
    }
    if (event_.has_period_closed()) {
      Require(!closed.has_value() ||
                  DayOf(event_.period_closed().through()) > *closed,
              "a close closes further");
    }
    if (event_.has_period_reopened()) {
      Require(closed.has_value() &&
                  DayOf(event_.period_reopened().from()) <= *closed,
              "what is reopened is closed");
    }
    if (event_.has_report_published()) {
      const uint64_t size = event_.report_published().size();
      uint64_t opened = entries_.size();
      for (const v1::Entry* entry : entries_) {
        if (entry->event().has_report_opened() &&
            entry->event().subject() == event_.subject()) {
          opened = std::min(opened, entry->position());
        }
      }
      Require(size > opened && size <= entries_.size(),
              "what is published was known");
    }
  }

  void CheckCorrection() {
    if (!event_.has_correction()) return;
    Require(event_.has_effective_date() || event_.has_report_opened() ||
                event_.has_policy_adopted(),
            "a correction has a date");
    Require(!event_.correction().reason().empty() &&
                !event_.correction().approver().empty(),
            "a correction has reason and approver");
  }

  void CheckReplaces() {
    if (!event_.has_replaces()) return;
    const std::string& source = event_.replaces().source();
    const v1::Entry* target =
        FindEvent(entries_, source.empty() ? source_ : source,
                  event_.replaces().event_id());
    Require(target != nullptr, "what is replaced is recorded");
    if (target == nullptr) return;
    Require(target->event().subject() == event_.subject(),
            "what is replaced is of the report");
    const auto reversed = ReversedFrom(entries_, *target);
    Require(reversed.has_value() && day_.has_value() && *reversed <= *day_,
            "what is replaced is reversed");
  }

  void CheckReversal() {
    const std::string& source = event_.reversal().target_source();
    const v1::Entry* target =
        FindEvent(entries_, source.empty() ? source_ : source,
                  event_.reversal().target_event_id());
    Require(target != nullptr, "what is reversed is recorded");
    if (target == nullptr) return;
    Require(target->event().subject() == event_.subject(),
            "what is reversed is of the report");
    Require(!target->event().has_reversal(), "a reversal is not reversed");
    Require(target->event().has_effective_date(), "what is reversed has a day");
    Require(!IsReversed(*target), "an event is reversed once");
    if (!target->event().has_effective_date()) return;
    Require(DayOf(*target) <= *day_, "a reversal is not before its target");
    Require(MostTaken(entries_, *target, *day_) == 0,
            "nothing lives against what is reversed");
  }

  // The payment that is taken from, after what every payment must be.
  const v1::Entry* Payment(const std::string& event_id) {
    const v1::Entry* payment = FindEvent(entries_, source_, event_id);
    Require(payment != nullptr, "the payment is recorded");
    if (payment == nullptr) return nullptr;
    if (PaymentLine(payment->event()) == nullptr) {
      Require(false, "the payment is one of its kind");
      return nullptr;
    }
    Require(PaymentFen(payment->event()) > 0, "the payment is positive");
    Require(!IsReversed(*payment), "the payment stands");
    Require(DayOf(*payment) <= *day_, "nothing comes back before it is paid");
    Require(TakenBy(event_) + MostTaken(entries_, *payment, *day_) <=
                PaymentFen(payment->event()),
            "at most what remains is taken");
    return payment;
  }

  void CheckRefund() {
    const Refund& refund = event_.refund_received();
    const bool earlier = refund.kind() == Refund::KIND_PRIOR_YEAR;
    if (refund.payment_event_id().empty()) {
      Require(earlier && !refund.payment_voucher_number().empty(),
              "a refund names its payment");
      return;
    }
    const v1::Entry* payment = Payment(refund.payment_event_id());
    if (payment == nullptr) return;
    const v1::Event& paid = payment->event();
    Require(paid.has_advance_paid() == (refund.kind() == Refund::KIND_ADVANCE),
            "the payment is one of its kind");
    if (earlier) {
      Require(DepartmentOfSubject(paid.subject()) ==
                      DepartmentOfSubject(event_.subject()) &&
                  paid.effective_date().year() < event_.effective_date().year(),
              "the payment is of its report");
      return;
    }
    Require(paid.subject() == event_.subject(), "the payment is of its report");
    Require(Same(refund.line(), *PaymentLine(paid)),
            "a refund has its payment's line");
    Require(
        refund.procurement() == (paid.expenditure_recorded().procurement() ||
                                 paid.advance_cleared().procurement()),
        "a refund is procurement as its payment");
  }

  void CheckClearing() {
    const v1::AdvanceCleared& cleared = event_.advance_cleared();
    const v1::Entry* payment = Payment(cleared.advance_event_id());
    if (payment == nullptr) return;
    if (!payment->event().has_advance_paid()) {
      Require(false, "the payment is one of its kind");
      return;
    }
    Require(payment->event().subject() == event_.subject(),
            "the payment is of its report");
    const v1::Line& of = payment->event().advance_paid().line();
    const v1::Line& line = cleared.line();
    Require(line.fund() == of.fund() && line.nature() == of.nature() &&
                line.project() == of.project() &&
                line.source_row() == of.source_row() &&
                line.unit() == of.unit(),
            "a clearing is on its advance's row");
  }

  void CheckErasure() {
    const v1::EventIdentity& named = event_.personal_data_erased().target();
    const bool own = named.source().empty() || named.source() == source_;
    Require(own, "what is erased is of the source");
    if (!own) return;
    const v1::Entry* target = FindEvent(entries_, source_, named.event_id());
    Require(target != nullptr, "what is erased is recorded");
    if (target == nullptr) return;
    Require(target->event().subject() == event_.subject(),
            "what is erased is of the subject");
    Require(!target->personal_data_commitment().empty(),
            "what is erased has personal data");
    Require(std::none_of(entries_.begin(), entries_.end(),
                         [&](const v1::Entry* entry) {
                           return entry->source() == source_ &&
                                  entry->event().has_personal_data_erased() &&
                                  entry->event()
                                          .personal_data_erased()
                                          .target()
                                          .event_id() == named.event_id();
                         }),
            "personal data is erased once");
  }

  const Entries& entries_;
  const std::string& source_;
  const v1::Event& event_;
  std::optional<absl::CivilDay> day_;
  Rules broken_;
};

}  // namespace

const std::set<std::string>& AllRules() {
  static const auto* const rules = new Rules{
      "the subject exists",
      "the book source stays",
      "the project is registered",
      "the indicator is set on the day",
      "an increment has the target's unit",
      "what does not apply has nothing to record",
      "a revised target is of the same kind and unit",
      "a closed period takes corrections alone",
      "a close closes further",
      "what is reopened is closed",
      "what is published was known",
      "a correction has a date",
      "a correction has reason and approver",
      "what is replaced is recorded",
      "what is replaced is of the report",
      "what is replaced is reversed",
      "what is reversed is recorded",
      "what is reversed is of the report",
      "what is reversed has a day",
      "a reversal is not reversed",
      "an event is reversed once",
      "a reversal is not before its target",
      "nothing lives against what is reversed",
      "a refund names its payment",
      "the payment is recorded",
      "the payment is one of its kind",
      "the payment is positive",
      "the payment stands",
      "nothing comes back before it is paid",
      "at most what remains is taken",
      "the payment is of its report",
      "a refund has its payment's line",
      "a refund is procurement as its payment",
      "a clearing is on its advance's row",
      "what is erased is of the source",
      "what is erased is recorded",
      "what is erased is of the subject",
      "what is erased has personal data",
      "personal data is erased once",
  };
  return *rules;
}

std::set<std::string> BrokenRules(const Entries& entries,
                                  const std::string& source,
                                  const v1::Event& event) {
  return Judge(entries, source, event).Run();
}

int64_t RemainsOf(const Entries& entries, const v1::Entry& payment,
                  absl::CivilDay day) {
  return PaymentFen(payment.event()) - MostTaken(entries, payment, day);
}

const v1::Line* PaymentLine(const v1::Event& event) {
  if (event.has_expenditure_recorded()) {
    return &event.expenditure_recorded().line();
  }
  if (event.has_advance_paid()) return &event.advance_paid().line();
  if (event.has_advance_cleared()) return &event.advance_cleared().line();
  return nullptr;
}

int64_t PaymentFen(const v1::Event& event) {
  if (event.has_expenditure_recorded()) {
    return event.expenditure_recorded().amount_fen();
  }
  if (event.has_advance_paid()) return event.advance_paid().amount_fen();
  return event.advance_cleared().amount_fen();
}

}  // namespace daybook::testing
