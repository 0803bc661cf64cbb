#include "tests/simulation/oracle_view.h"

#include <algorithm>
#include <set>
#include <utility>

namespace daybook::testing {
namespace {

// What the event adds. An advance knows no codes.
std::vector<MoneyPart> PartsOf(const Entries& known, const v1::Entry& entry,
                               const std::string& book_source) {
  const v1::Event& event = entry.event();
  const bool books = entry.source() == book_source;
  std::vector<MoneyPart> parts;
  const auto add = [&](Measure measure, const v1::Line& line, int64_t fen,
                       bool procurement = false) {
    parts.push_back({measure, false, line, fen, procurement});
  };
  const auto without_codes = [](v1::Line line) {
    line.clear_function_code();
    line.clear_economic_code();
    return line;
  };
  if (event.has_budget_approved()) {
    const v1::BudgetApproved& of = event.budget_approved();
    add(Measure::kApproved, of.line(), of.amount_fen(), of.procurement());
    parts.back().of_which = of.of_which();
  } else if (event.has_budget_adjusted()) {
    const v1::BudgetAdjusted& of = event.budget_adjusted();
    add(Measure::kAdjustment, of.line(), of.amount_fen());
    if (of.kind() == v1::BudgetAdjusted::KIND_RECOVERY) {
      add(Measure::kRecovered, of.line(), -of.amount_fen());
    }
    if (of.kind() == v1::BudgetAdjusted::KIND_CARRIED_OVER_ALLOCATION) {
      add(Measure::kAllocatedCarryover, of.line(), of.amount_fen());
    }
  } else if (event.has_income_received()) {
    const v1::IncomeReceived& of = event.income_received();
    add(Measure::kIncome, of.line(), of.amount_fen());
  } else if (event.has_carryover_opened()) {
    const v1::CarryoverOpened& of = event.carryover_opened();
    add(Measure::kOpeningCarryover, of.line(), of.amount_fen());
  } else if (event.has_carryover_closed()) {
    const v1::CarryoverClosed& of = event.carryover_closed();
    add(Measure::kClosingCarryover, of.line(), of.amount_fen());
  } else if (event.has_expenditure_recorded()) {
    const v1::ExpenditureRecorded& of = event.expenditure_recorded();
    if (books) {
      add(Measure::kExecuted, of.line(), of.amount_fen(), of.procurement());
    }
  } else if (event.has_advance_paid()) {
    const v1::AdvancePaid& of = event.advance_paid();
    if (books) {
      add(Measure::kAdvances, without_codes(of.line()), of.amount_fen());
    }
  } else if (event.has_advance_cleared()) {
    const v1::AdvanceCleared& of = event.advance_cleared();
    if (books) {
      add(Measure::kExecuted, of.line(), of.amount_fen(), of.procurement());
      add(Measure::kAdvances, without_codes(of.line()), -of.amount_fen());
    }
  } else if (event.has_refund_received()) {
    const v1::RefundReceived& of = event.refund_received();
    if (of.kind() == v1::RefundReceived::KIND_PRIOR_YEAR) {
      if (books) add(Measure::kPriorRefunded, of.line(), of.amount_fen());
      return parts;
    }
    // What the payment is says what comes back.
    const v1::Entry* payment =
        FindEvent(known, entry.source(), of.payment_event_id());
    if (!books) return parts;
    if (payment->event().has_advance_paid()) {
      add(Measure::kAdvances, without_codes(of.line()), -of.amount_fen());
    } else {
      add(Measure::kExecuted, of.line(), -of.amount_fen(), of.procurement());
    }
  }
  return parts;
}

}  // namespace

Entries FirstEntries(const std::vector<v1::Entry>& entries, size_t size) {
  Entries first;
  for (size_t i = 0; i < size; ++i) first.push_back(&entries[i]);
  return first;
}

absl::CivilDay DayOf(const v1::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

absl::CivilDay DayOf(const v1::Entry& entry) {
  return DayOf(entry.event().effective_date());
}

bool BeginsWith(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

std::string DepartmentOfSubject(const std::string& subject) {
  return subject.substr(0, subject.find("/reports/"));
}

const v1::Entry* FindEvent(const Entries& entries, const std::string& source,
                           const std::string& event_id) {
  for (const v1::Entry* entry : entries) {
    if (entry->has_event() && entry->source() == source &&
        entry->event().event_id() == event_id) {
      return entry;
    }
  }
  return nullptr;
}

const v1::Entry* TargetOf(const Entries& entries, const v1::Entry& reversal) {
  const v1::Reversal& of = reversal.event().reversal();
  return FindEvent(
      entries,
      of.target_source().empty() ? reversal.source() : of.target_source(),
      of.target_event_id());
}

std::optional<absl::CivilDay> ReversedFrom(const Entries& entries,
                                           const v1::Entry& entry) {
  for (const v1::Entry* other : entries) {
    if (other->event().has_reversal() && TargetOf(entries, *other) == &entry) {
      return DayOf(*other);
    }
  }
  return std::nullopt;
}

std::optional<absl::CivilDay> ClosedThrough(const Entries& entries,
                                            const std::string& report) {
  std::optional<absl::CivilDay> closed;
  for (const v1::Entry* entry : entries) {
    const v1::Event& event = entry->event();
    if (event.subject() != report) continue;
    if (event.has_period_closed()) {
      closed = DayOf(event.period_closed().through());
    }
    if (event.has_period_reopened()) {
      const absl::CivilDay from = DayOf(event.period_reopened().from());
      closed = from - 1;
      if (from == absl::CivilDay(from.year(), 1, 1)) closed.reset();
    }
  }
  return closed;
}

bool OracleView::IsOpened(v1::Fund fund) const {
  return std::find(opened.funds().begin(), opened.funds().end(), fund) !=
         opened.funds().end();
}

bool OracleView::HasProject(const std::string& key) const {
  return std::any_of(known.begin(), known.end(), [&](const v1::Entry* entry) {
    return entry->event().has_project_registered() &&
           entry->event().project_registered().key() == key;
  });
}

bool OracleView::interim() const {
  return day < absl::CivilDay(day.year(), 12, 31);
}

OracleView LookAt(const Entries& entries, const std::string& report,
                  absl::CivilDay day) {
  OracleView view;
  view.report = report;
  view.day = day;
  for (const v1::Entry* entry : entries) {
    const std::string& subject = entry->event().subject();
    if (subject == report || subject == DepartmentOfSubject(report)) {
      view.known.push_back(entry);
    }
  }
  std::set<const v1::Entry*> reversed;
  for (const v1::Entry* entry : view.known) {
    if (entry->event().has_reversal() && DayOf(*entry) <= day) {
      reversed.insert(TargetOf(view.known, *entry));
    }
  }
  for (const v1::Entry* entry : view.known) {
    const v1::Event& event = entry->event();
    if (event.has_report_opened()) {
      const std::string first = view.opened.book_source();
      view.opened = event.report_opened();
      if (!first.empty()) view.opened.set_book_source(first);
    }
    if (event.has_effective_date() && !event.has_reversal() &&
        DayOf(*entry) <= day && reversed.count(entry) == 0) {
      view.living.push_back(entry);
    }
  }
  std::sort(view.living.begin(), view.living.end(),
            [](const v1::Entry* a, const v1::Entry* b) {
              return std::pair(DayOf(*a), a->position()) <
                     std::pair(DayOf(*b), b->position());
            });
  for (const v1::Entry* entry : view.living) {
    for (MoneyPart& part :
         PartsOf(view.known, *entry, view.opened.book_source())) {
      view.money.push_back(std::move(part));
    }
  }
  return view;
}

ClosingAnswer AnswerClosing(const OracleView& view) {
  ClosingAnswer answer;
  answer.closed_through = ClosedThrough(view.known, view.report);
  Entries before;
  for (const v1::Entry* entry : view.known) {
    const v1::Event& event = entry->event();
    if (event.has_report_published()) {
      answer.publications.push_back(entry->position());
    }
    const auto closed = ClosedThrough(before, view.report);
    const bool changes_all_days =
        event.has_report_opened() || event.has_policy_adopted();
    if (closed.has_value() &&
        (changes_all_days ||
         (event.has_effective_date() && DayOf(*entry) <= view.day &&
          DayOf(*entry) <= *closed))) {
      ++answer.late_adjustments;
    }
    before.push_back(entry);
  }
  return answer;
}

}  // namespace daybook::testing
