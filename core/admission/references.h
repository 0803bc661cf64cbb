// What an event refers to: its line and amount, figures, projects, indicator.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_REFERENCES_H_
#define DAYBOOK_CORE_ADMISSION_REFERENCES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/budget/figure_path.h"
#include "daybook/v1/event.pb.h"

namespace daybook {

// Line and amount of a money event.
struct MoneyOf {
  // Null when the event is not about money. Points into the event.
  const v1::Line* line = nullptr;
  int64_t fen = 0;
};

MoneyOf MoneyOfEvent(const v1::Event& event);

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

// The indicator that the event is about; empty when it is about none.
std::string IndicatorOf(const v1::Event& event);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_REFERENCES_H_
