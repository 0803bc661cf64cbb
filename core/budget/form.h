// Form: the rows that a region's report prints in a year, as data.
//
// A form lists figure paths with label and unit, in printed order, and defines
// its topic rows: sets of economic codes, or a flag, within larger rows
// (三公经费 are the codes 30212, 30217, 30231 and 31013 of all spending).
// Nothing of one region's form is in code.
//
// Thread safety: immutable once made; any thread may read.
//
// Data: core/budget/data/form-*.csv, which explains its own columns.

#ifndef DAYBOOK_CORE_BUDGET_FORM_H_
#define DAYBOOK_CORE_BUDGET_FORM_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/budget/figure_path.h"

namespace daybook {

// A row that counts some of the spending of a larger row.
struct TopicRow {
  std::string label;

  // The larger row.
  LineFilter within;

  // Economic codes (prefixes) that it counts; empty: any.
  std::vector<std::string> economic_codes;

  // True: only what is flagged as government procurement.
  bool procurement = false;

  // Whether an amount on `line`, flagged or not, counts.
  bool Matches(const v1::Line& line, bool flagged_procurement) const;
};

// One printed row.
struct FormRow {
  std::string path;
  std::string label;
  // 万元, %, 分, 人; empty for words.
  std::string unit;
  // True: printed once for each project; * in the path is the project's key,
  // {project} in the label its name.
  bool for_each_project = false;
  // The path, parsed; for each project, once it is written out.
  FigurePath figure = {};
};

// What a topic path means under a form.
struct TopicFigure {
  // Null: the row is only ever stated.
  const TopicRow* row = nullptr;
  std::optional<Measure> measure;
};

class Form {
 public:
  // The shipped form of this id; null when there is none.
  static const Form* Find(absl::string_view id);

  // Ids of the shipped forms, joined by ", ".
  static std::string KnownIds();

  // Reads a form.
  //
  // Errors: INVALID_ARGUMENT naming the line and what is wrong with it.
  static absl::StatusOr<Form> Parse(absl::string_view text);

  const std::string& id() const { return id_; }
  const std::string& title() const { return title_; }

  // The rows in printed order, those for each project written out for
  // `projects` (key to name).
  std::vector<FormRow> Rows(
      const std::map<std::string, std::string>& projects) const;

  const std::map<std::string, TopicRow>& topics() const { return topics_; }

  // What a topic path such as "three_public.executed" means here; absent when
  // the form has no such row.
  std::optional<TopicFigure> FindTopicFigure(absl::string_view name) const;

 private:
  absl::Status ReadRow(const std::vector<std::string>& cells);
  absl::Status ReadTopic(const std::vector<std::string>& cells);

  std::string id_;
  std::string title_;
  std::vector<FormRow> rows_;
  std::set<std::string> paths_;
  std::map<std::string, TopicRow> topics_;
  // Rows without measure that are only ever stated, such as `construction`.
  std::set<std::string> words_;
};

}  // namespace daybook

#endif  // DAYBOOK_CORE_BUDGET_FORM_H_
