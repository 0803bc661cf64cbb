// What an event refers to: its line, other events, figures, projects,
// indicator.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_REFERENCES_H_
#define DAYBOOK_CORE_ADMISSION_REFERENCES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "core/budget/figure_path.h"
#include "core/budget/resource_name.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/event.pb.h"

namespace daybook {

// The subject of a well-formed event.
ResourceName SubjectOf(const v1::Event& event);

v1::EventIdentity IdentityOf(const v1::Entry& entry);

// The effective date of a well-formed event that has one, and its number in the
// year, 1 for 1 January.
absl::CivilDay DayOf(const v1::Event& event);
uint32_t DayNumber(const v1::Event& event);

// Whether the event has no date and changes every day of its report: closed
// ones too.
bool ChangesEveryDay(const v1::Event& event);

// The line of a money event, within it; null when it is not about money.
const v1::Line* LineOfEvent(const v1::Event& event);

// The event, of the same ledger, that a reversal cancels, that a refund or
// clearing takes from, or whose personal data an erasure erases. Absent for
// others. `source` is who states the event.
std::optional<v1::EventIdentity> TargetOf(const v1::Event& event,
                                          absl::string_view source);

// The same for refunds and clearings alone: the payment that they take from.
std::optional<v1::EventIdentity> PaymentOf(const v1::Event& event,
                                           absl::string_view source);

// A figure that the event names, and the field that names it.
struct NamedFigure {
  std::string field;
  FigurePath path;
};

// Of a well-formed event.
std::vector<NamedFigure> NamedFigures(const v1::Event& event);

// A project that the event names, and the field that names it.
struct NamedProject {
  std::string field;
  std::string key;
};

// Of a well-formed event, projects within figure paths included.
std::vector<NamedProject> NamedProjects(const v1::Event& event);

// Calls `visit` for the keys of the same projects, in the same order. `figures`
// are those that the event names.
void VisitProjects(const v1::Event& event,
                   const std::vector<NamedFigure>& figures,
                   absl::FunctionRef<void(const std::string& key)> visit);

// The indicator that the event is about; empty when it is about none.
std::string IndicatorOf(const v1::Event& event);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_REFERENCES_H_
