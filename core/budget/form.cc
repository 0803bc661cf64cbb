#include "core/budget/form.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/budget/embedded.h"
#include "core/budget/table_text.h"

namespace daybook {
namespace {

constexpr std::array<absl::string_view, 5> headcount_rows = {
    "headcount.quota", "headcount.actual", "headcount.permanent",
    "headcount.contract", "headcount.control_rate"};

const std::map<std::string, Form>& Forms() {
  static const auto* const forms = [] {
    auto* const result = new std::map<std::string, Form>;
    for (const char* text : {embedded::kFile_form_zhuzhou_2024_csv}) {
      absl::StatusOr<Form> form = Form::Parse(text);
      DAYBOOK_CHECK(form.ok());
      result->emplace(form->id(), *std::move(form));
    }
    return result;
  }();
  return *forms;
}

absl::Status BadLine(const TableRow& row, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("line ", row.line, ": ", why));
}

}  // namespace

bool TopicRow::Matches(const v1::Line& line, bool flagged_procurement) const {
  if (procurement && !flagged_procurement) return false;
  if (!within.Matches(line)) return false;
  return economic_codes.empty() ||
         std::any_of(economic_codes.begin(), economic_codes.end(),
                     [&](const std::string& code) {
                       return absl::StartsWith(line.economic_code(), code);
                     });
}

const Form* Form::Find(absl::string_view id) {
  const auto found = Forms().find(std::string(id));
  return found == Forms().end() ? nullptr : &found->second;
}

std::string Form::KnownIds() {
  return absl::StrJoin(Forms(), ", ", [](std::string* out, const auto& form) {
    absl::StrAppend(out, form.first);
  });
}

absl::Status Form::ReadTopic(const std::vector<std::string>& cells) {
  TopicRow topic;
  topic.label = cells[2];
  ASSIGN_OR_RETURN(const FigurePath within,
                   FigurePath::Parse(absl::StrCat(cells[3], ".executed")));
  if (within.family != FigurePath::Family::kMoney) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", cells[3], "' is not a money row such as all"));
  }
  topic.within = within.lines;
  topic.procurement = cells[4] == "procurement";
  if (!topic.procurement) {
    topic.economic_codes = absl::StrSplit(cells[4], ' ', absl::SkipEmpty());
    if (topic.economic_codes.empty()) {
      return absl::InvalidArgumentError("a topic names codes or procurement");
    }
  }
  if (!topics_.try_emplace(cells[1], std::move(topic)).second) {
    return absl::InvalidArgumentError(
        absl::StrCat("topic '", cells[1], "' stands twice"));
  }
  return absl::OkStatus();
}

absl::Status Form::ReadRow(const std::vector<std::string>& cells) {
  FormRow row{cells[1], cells[2], cells[3], cells[0] == "project_row"};
  // Any key shows whether the path is good.
  ASSIGN_OR_RETURN(
      row.figure,
      FigurePath::Parse(absl::StrReplaceAll(
          row.path, {{row.for_each_project ? "[*]" : "[]", "[x]"}})));
  if (row.figure.family == FigurePath::Family::kTopic &&
      !FindTopicFigure(row.figure.name).has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", row.path, "' is no row of a topic, word or headcount"));
  }
  if (!paths_.insert(row.path).second) {
    return absl::InvalidArgumentError(
        absl::StrCat("row '", row.path, "' stands twice"));
  }
  rows_.push_back(std::move(row));
  return absl::OkStatus();
}

absl::StatusOr<Form> Form::Parse(absl::string_view text) {
  Form form;
  for (const TableRow& row : ReadTable(text)) {
    const std::string& kind = row.cells[0];
    absl::Status status = absl::OkStatus();
    if (kind == "form" && row.cells.size() == 3) {
      form.id_ = row.cells[1];
      form.title_ = row.cells[2];
    } else if (kind == "topic" && row.cells.size() == 5) {
      status = form.ReadTopic(row.cells);
    } else if (kind == "word" && row.cells.size() == 2) {
      form.words_.insert(row.cells[1]);
    } else if ((kind == "row" || kind == "project_row") &&
               row.cells.size() == 4) {
      status = form.ReadRow(row.cells);
    } else {
      return BadLine(row,
                     "a line is form,ID,TITLE or topic,NAME,LABEL,WITHIN,CODES "
                     "or word,NAME or row,PATH,LABEL,UNIT or "
                     "project_row,PATH,LABEL,UNIT");
    }
    if (!status.ok()) return BadLine(row, status.message());
  }
  if (form.id_.empty()) {
    return absl::InvalidArgumentError("no line form,ID,TITLE");
  }
  return form;
}

std::optional<TopicFigure> Form::FindTopicFigure(absl::string_view name) const {
  if (words_.contains(std::string(name)) ||
      std::find(headcount_rows.begin(), headcount_rows.end(), name) !=
          headcount_rows.end()) {
    return TopicFigure{};
  }
  const size_t dot = name.rfind('.');
  if (dot == absl::string_view::npos) return std::nullopt;
  const auto topic = topics_.find(std::string(name.substr(0, dot)));
  const std::optional<Measure> measure = ParseMeasure(name.substr(dot + 1));
  if (topic == topics_.end() ||
      (measure != Measure::kApproved && measure != Measure::kExecuted &&
       measure != Measure::kPriorExecuted)) {
    return std::nullopt;
  }
  return TopicFigure{&topic->second, measure};
}

std::vector<FormRow> Form::Rows(
    const std::map<std::string, std::string>& projects) const {
  std::vector<FormRow> result;
  for (size_t i = 0; i < rows_.size();) {
    if (!rows_[i].for_each_project) {
      result.push_back(rows_[i++]);
      continue;
    }
    size_t end = i;
    while (end < rows_.size() && rows_[end].for_each_project) ++end;
    for (const auto& [key, name] : projects) {
      for (size_t row = i; row < end; ++row) {
        FormRow& written = result.emplace_back(rows_[row]);
        written.path = absl::StrReplaceAll(
            written.path, {{"[*]", absl::StrCat("[", key, "]")}});
        written.label =
            absl::StrReplaceAll(written.label, {{"{project}", name}});
        const absl::StatusOr<FigurePath> figure =
            FigurePath::Parse(written.path);
        DAYBOOK_CHECK(figure.ok());
        written.figure = *figure;
      }
    }
    i = end;
  }
  return result;
}

}  // namespace daybook
