#include "core/report/figure_difference.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "core/base/decimal.h"
#include "core/scoring/rules.h"
#include "core/scoring/score_sheet.h"
#include "google/protobuf/util/message_differencer.h"

namespace daybook {
namespace {

using ByPath = absl::flat_hash_map<std::string, const v1::Figure*>;

ByPath Index(const std::vector<v1::Figure>& figures) {
  ByPath by_path;
  for (const v1::Figure& figure : figures) {
    by_path.emplace(figure.path(), &figure);
  }
  return by_path;
}

v1::FigureDifference Difference(const v1::Figure& named,
                                const v1::Figure* before,
                                const v1::Figure* after) {
  v1::FigureDifference difference;
  difference.set_path(named.path());
  difference.set_label(named.label());
  difference.set_unit(named.unit());
  const auto value = [](const v1::Figure* figure) {
    return figure == nullptr ? EmptyValue(v1::EMPTINESS_BLANK)
                             : figure->value();
  };
  *difference.mutable_before() = value(before);
  *difference.mutable_after() = value(after);
  return difference;
}

}  // namespace

bool SameValue(const v1::FigureValue& a, const v1::FigureValue& b) {
  if (a.has_number() && b.has_number()) {
    return ToDecimal(a.number()) == ToDecimal(b.number());
  }
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

std::vector<v1::FigureDifference> DifferencesOf(
    const std::vector<v1::Figure>& before,
    const std::vector<v1::Figure>& after) {
  const ByPath befores = Index(before);
  const ByPath afters = Index(after);
  std::vector<v1::FigureDifference> differences;
  const auto add = [&](v1::FigureDifference difference) {
    if (SameValue(difference.before(), difference.after())) return;
    differences.push_back(std::move(difference));
  };
  for (const v1::Figure& figure : after) {
    const auto other = befores.find(figure.path());
    add(Difference(figure, other == befores.end() ? nullptr : other->second,
                   &figure));
  }
  for (const v1::Figure& figure : before) {
    if (!afters.contains(figure.path())) {
      add(Difference(figure, &figure, nullptr));
    }
  }
  return differences;
}

}  // namespace daybook
