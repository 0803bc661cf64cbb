#include "core/report/explain.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "core/base/check.h"
#include "core/report/figure_list.h"
#include "core/report/figure_text.h"
#include "core/report/money_formula.h"
#include "core/scoring/rules.h"

namespace daybook {
namespace {

using v1::Explanation;
using ScoreKind = FigurePath::ScoreKind;

constexpr absl::string_view headcount_prefix = "headcount.";

FigurePath ParsePath(const std::string& path) {
  const absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
  DAYBOOK_CHECK(parsed.ok());
  return *parsed;
}

FigurePath MoneyFigure(const LineFilter& lines, Measure measure) {
  FigurePath path;
  path.family = FigurePath::Family::kMoney;
  path.lines = lines;
  path.measure = measure;
  return path;
}

FigurePath ScoreFigure(ScoreKind kind, const std::string& name,
                       bool is_indicator) {
  FigurePath path;
  path.family = FigurePath::Family::kScore;
  path.score_kind = kind;
  path.name = name;
  path.is_indicator = is_indicator;
  return path;
}

class Explainer {
 public:
  explicit Explainer(const Figures& figures)
      : figures_(figures), report_(figures.report()) {}

  Explanation Node(const FigurePath& path) {
    Explanation node;
    *node.mutable_figure() = MakeFigure(figures_, path);
    node.set_kind(Explanation::KIND_NOTHING);
    switch (path.family) {
      case FigurePath::Family::kMoney:
        ExplainMoney(path, node);
        break;
      case FigurePath::Family::kTopic:
        ExplainTopic(path, node);
        break;
      case FigurePath::Family::kActivity:
        ExplainActivity(path, node);
        break;
      case FigurePath::Family::kScore:
        ExplainScore(path, node);
        break;
    }
    return node;
  }

  std::vector<ExplainedLeaf> TakeLeaves() { return std::move(leaves_); }

 private:
  void SetLeaf(ExplainedLeaf leaf, Explanation::Kind kind, Explanation& node) {
    if (leaf.buckets.empty() && leaf.statements.empty()) return;
    leaf.figure = node.figure().path();
    std::sort(leaf.statements.begin(), leaf.statements.end());
    leaf.events += static_cast<int64_t>(leaf.statements.size());
    const auto [place, added] =
        numbers_.try_emplace(leaf.figure, leaves_.size() + 1);
    if (added) leaves_.push_back(std::move(leaf));
    node.set_leaf(static_cast<uint32_t>(place->second));
    node.set_kind(kind);
  }

  void AddTerm(const FigurePath& path, int sign, Explanation& node) {
    v1::ExplanationTerm& term = *node.add_terms();
    term.set_sign(sign);
    *term.mutable_explanation() = Node(path);
  }

  void JoinTerms(absl::string_view plus, Explanation& node) {
    std::string formula;
    for (const v1::ExplanationTerm& term : node.terms()) {
      if (term.sign() < 0) {
        absl::StrAppend(&formula, formula.empty() ? "-" : " - ");
      } else if (!formula.empty()) {
        absl::StrAppend(&formula, plus);
      }
      absl::StrAppend(&formula, term.explanation().figure().path());
    }
    node.set_formula(std::move(formula));
  }

  void AddStatement(const std::string& path, ExplainedLeaf& leaf) const {
    const auto timeline = report_.statements().find(path);
    if (timeline == report_.statements().end()) return;
    const auto held = timeline->second.HeldAt(figures_.as_of());
    if (held.value != nullptr) leaf.statements.push_back(held.place.second);
  }

  // A row that sums events, and what is stated where it has none.
  void ExplainSum(absl::Span<const uint32_t> buckets, int sign,
                  Explanation& node) {
    const MoneySum sum = figures_.SumOf(buckets);
    ExplainedLeaf leaf;
    leaf.sign = sign;
    leaf.buckets.assign(buckets.begin(), buckets.end());
    leaf.fen = sign * sum.fen;
    leaf.events = sum.events;
    const bool has_events = leaf.events > 0;
    if (!has_events) AddStatement(node.figure().path(), leaf);
    const bool stated = !leaf.statements.empty();
    SetLeaf(std::move(leaf),
            has_events ? Explanation::KIND_EVENTS
            : stated   ? Explanation::KIND_STATED
                       : Explanation::KIND_NOTHING,
            node);
  }

  void ExplainStated(Explanation& node) {
    ExplainedLeaf leaf;
    AddStatement(node.figure().path(), leaf);
    SetLeaf(std::move(leaf), Explanation::KIND_STATED, node);
  }

  void ExplainMoney(const FigurePath& path, Explanation& node) {
    const MoneyFormula formula =
        FormulaOf(path.lines, path.measure, report_.opened());
    if (formula.kind == MoneyFormula::Kind::kEvents) {
      return ExplainSum(figures_.BucketsOf(path.lines, path.measure),
                        SignOf(path.measure), node);
    }
    if (!figures_.MoneyValue(path.lines, path.measure).has_events) {
      ExplainStated(node);
      if (node.kind() == Explanation::KIND_STATED) return;
    }
    if (formula.terms.empty()) return;
    for (const MoneyTerm& term : formula.terms) {
      AddTerm(MoneyFigure(term.lines, term.measure), term.sign, node);
    }
    if (formula.kind == MoneyFormula::Kind::kAddition) {
      AddOpening(path, node);
      node.set_kind(Explanation::KIND_ADDITION);
      return JoinTerms(" + ", node);
    }
    node.set_kind(Explanation::KIND_PERCENTAGE);
    JoinTerms(" / ", node);
  }

  // Which funds make `all` is said by the event that opened the report; where
  // it was opened again, that is a reason of its own.
  void AddOpening(const FigurePath& path, Explanation& node) {
    if (path.lines.fund.has_value() || !report_.is_opened_again()) return;
    ExplainedLeaf leaf;
    leaf.statements.push_back(report_.opened_position());
    SetLeaf(std::move(leaf), Explanation::KIND_ADDITION, node);
  }

  void ExplainTopic(const FigurePath& path, Explanation& node) {
    if (absl::StartsWith(path.name, headcount_prefix) &&
        path.lines.scope_project.empty()) {
      return ExplainHeadcount(path.name.substr(headcount_prefix.size()), node);
    }
    const auto buckets = figures_.BucketsOfTopic(path);
    if (!buckets.has_value()) return ExplainStated(node);
    ExplainSum(*buckets, 1, node);
  }

  void ExplainHeadcount(const std::string& name, Explanation& node) {
    if (name == "control_rate" && node.figure().value().has_number()) {
      AddTerm(ParsePath("headcount.actual"), 1, node);
      AddTerm(ParsePath("headcount.quota"), 1, node);
      node.set_kind(Explanation::KIND_PERCENTAGE);
      return JoinTerms(" / ", node);
    }
    ExplainedLeaf leaf;
    const auto timeline = report_.headcount().find(name);
    if (timeline != report_.headcount().end()) {
      const auto held = timeline->second.HeldAt(figures_.as_of());
      if (held.value != nullptr) leaf.statements.push_back(held.place.second);
    }
    if (leaf.statements.empty()) AddStatement(node.figure().path(), leaf);
    SetLeaf(std::move(leaf), Explanation::KIND_STATED, node);
  }

  void ExplainActivity(const FigurePath& path, Explanation& node) {
    const std::string& scope = path.lines.scope_project;
    const auto timeline = report_.activities().find(path.name);
    if (timeline != report_.activities().end()) {
      const auto held = timeline->second.HeldAt(figures_.as_of());
      if (held.value != nullptr &&
          (scope.empty() || held.value->project() == scope)) {
        ExplainedLeaf leaf;
        leaf.statements.push_back(held.place.second);
        return SetLeaf(std::move(leaf), Explanation::KIND_STATED, node);
      }
    }
    ExplainStated(node);
  }

  void ExplainScore(const FigurePath& path, Explanation& node) {
    if (figures_.sheet() == nullptr || !path.lines.scope_project.empty()) {
      return;
    }
    if (path.is_indicator || path.name == "execution") {
      return ExplainRow(path, node);
    }
    if (path.name == "grade") {
      AddTerm(ScoreFigure(path.score_kind, "total", false), 1, node);
      return SetRule(
          absl::StrCat("grade(", node.terms(0).explanation().figure().path(),
                       ")"),
          ExplainedLeaf(), node);
    }
    if (path.name == "total" && path.score_kind == ScoreKind::kDeclared) {
      return ExplainAssessment("total", node);
    }
    ExplainSumOfScores(path, node);
  }

  // Level, indicators, total, and what stands in for a total before the year's
  // end.
  void ExplainSumOfScores(const FigurePath& path, Explanation& node) {
    const bool interim_only = path.name == "earned" ||
                              path.name == "assessable" ||
                              path.name == "pending";
    if (interim_only && !figures_.interim()) return;
    if (path.name == "total" || interim_only) {
      AddTerm(ScoreFigure(path.score_kind, "execution", false), 1, node);
    }
    for (const ScoreRow& row : figures_.sheet()->rows()) {
      const bool is_scored = !row.not_applicable && row.weight.has_value();
      if (!is_scored) continue;
      if (path.name != "total" && path.name != "indicators" && !interim_only &&
          path.name != row.level) {
        continue;
      }
      AddTerm(ScoreFigure(path.score_kind, row.indicator, true), 1, node);
    }
    if (node.terms().empty()) return;
    if (path.name == "assessable" || path.name == "pending") {
      return SetRule(absl::StrCat("weights of the rows that are ", path.name),
                     ExplainedLeaf(), node);
    }
    node.set_kind(Explanation::KIND_ADDITION);
    JoinTerms(" + ", node);
  }

  void ExplainRow(const FigurePath& path, Explanation& node) {
    switch (path.score_kind) {
      case ScoreKind::kCounted:
        AddTerm(ScoreFigure(ScoreKind::kDeclared, path.name, path.is_indicator),
                1, node);
        AddTerm(ScoreFigure(ScoreKind::kRule, path.name, path.is_indicator), 1,
                node);
        node.set_kind(Explanation::KIND_FIRST_OF);
        return JoinTerms(", else ", node);
      case ScoreKind::kDeclared:
        return ExplainAssessment(path.name, node);
      case ScoreKind::kRule:
        return path.is_indicator ? ExplainIndicator(path.name, node)
                                 : ExplainExecution(node);
      case ScoreKind::kReviewed:
        return;
    }
  }

  void ExplainAssessment(const std::string& row, Explanation& node) {
    const auto held = figures_.Assessment(row);
    if (held.value == nullptr) return;
    ExplainedLeaf leaf;
    leaf.statements.push_back(held.place.second);
    SetLeaf(std::move(leaf), Explanation::KIND_STATED, node);
  }

  // A rule, with the policy among its statements.
  void SetRule(std::string formula, ExplainedLeaf leaf, Explanation& node) {
    leaf.statements.push_back(report_.policy_position());
    SetLeaf(std::move(leaf), Explanation::KIND_RULE, node);
    node.set_formula(std::move(formula));
  }

  void ExplainExecution(Explanation& node) {
    const v1::ExecutionRule& rule = report_.policy()->execution();
    const bool on_approved = rule.base() == v1::ExecutionRule::BASE_APPROVED;
    const Measure base = on_approved ? Measure::kApproved : Measure::kAdjusted;
    AddTerm(MoneyFigure(LineFilter(), Measure::kExecuted), 1, node);
    AddTerm(MoneyFigure(LineFilter(), base), 1, node);
    SetRule(absl::StrCat(FormatValue(NumberValue(ToDecimal(rule.weight()))),
                         " × all.executed / all.", MeasureName(base)),
            ExplainedLeaf(), node);
  }

  void ExplainIndicator(const std::string& key, Explanation& node) {
    const auto& order = report_.indicator_order();
    if (std::find(order.begin(), order.end(), key) == order.end()) return;
    const auto indicator = figures_.FindIndicator(key);
    if (!indicator.has_value()) return;
    ExplainedLeaf leaf;
    leaf.statements.push_back(indicator->set_position);
    if (indicator->revised_position.has_value()) {
      leaf.statements.push_back(*indicator->revised_position);
    }
    AddFigureOf(*indicator->target, node);
    for (const auto& part : figures_.ResultParts(key)) {
      leaf.statements.push_back(part.place.second);
      AddFigureOf(part.value->value(), node);
    }
    SetRule(RuleText(key), std::move(leaf), node);
  }

  void AddFigureOf(const v1::MeasuredValue& value, Explanation& node) {
    if (value.value_case() != v1::MeasuredValue::kFigure) return;
    const absl::StatusOr<FigurePath> path = FigurePath::Parse(value.figure());
    if (path.ok()) AddTerm(*path, 1, node);
  }

  // "result 80 ≥ target 100, weight 10".
  std::string RuleText(const std::string& key) const {
    const v1::IndicatorRow row = *figures_.FindIndicatorRow(key);
    const bool other_unit = !row.actual_unit().empty();
    std::string text = absl::StrCat(
        "result ", FormatValue(row.actual()),
        other_unit ? absl::StrCat(" ", row.actual_unit()) : "", " ",
        OperatorText(row.operator_()), " target ", FormatValue(row.target()),
        other_unit ? absl::StrCat(" ", row.unit()) : "");
    if (row.attainment_percent().has_number()) {
      absl::StrAppend(&text, ", attainment ",
                      FormatValue(row.attainment_percent()), "%");
    }
    return absl::StrCat(text, ", weight ", FormatValue(row.weight()));
  }

  static absl::string_view OperatorText(v1::IndicatorSet::Operator op) {
    switch (op) {
      case v1::IndicatorSet::OPERATOR_AT_LEAST:
        return "≥";
      case v1::IndicatorSet::OPERATOR_MORE_THAN:
        return ">";
      case v1::IndicatorSet::OPERATOR_EQUAL:
        return "=";
      case v1::IndicatorSet::OPERATOR_AT_MOST:
        return "≤";
      case v1::IndicatorSet::OPERATOR_LESS_THAN:
        return "<";
      default:
        return "~";
    }
  }

  static std::string FormatValue(const v1::FigureValue& value) {
    const std::string text = FormatFigureValue(value);
    return text.empty() ? "(blank)" : text;
  }

  const Figures& figures_;
  const ReportState& report_;
  std::vector<ExplainedLeaf> leaves_;
  // By path.
  std::map<std::string, size_t> numbers_;
};

void SetLabels(const std::map<std::string, std::string>& labels,
               v1::Explanation& node) {
  const auto label = labels.find(node.figure().path());
  if (label != labels.end()) {
    node.mutable_figure()->set_label(label->second);
    node.mutable_figure()->set_in_form(true);
  }
  for (v1::ExplanationTerm& term : *node.mutable_terms()) {
    SetLabels(labels, *term.mutable_explanation());
  }
}

}  // namespace

Explained Explain(const Figures& figures, const FigurePath& path) {
  Explainer explainer(figures);
  Explained explained;
  explained.tree = explainer.Node(path);
  explained.leaves = explainer.TakeLeaves();
  return explained;
}

void UseFormLabels(const Figures& figures, v1::Explanation& tree) {
  std::map<std::string, std::string> labels;
  std::vector<FormRow> rows = FormRows(figures);
  for (FormRow& row : rows) {
    labels.emplace(std::move(row.path), std::move(row.label));
  }
  SetLabels(labels, tree);
}

}  // namespace daybook
