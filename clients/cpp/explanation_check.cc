#include "clients/cpp/explanation_check.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/decimal.h"
#include "core/base/status_macros.h"
#include "google/protobuf/util/message_differencer.h"

namespace daybook::client {
namespace {

constexpr const char* remedy =
    "; this answer can not be trusted, keep it and verify the ledger";
constexpr uint32_t fen_scale = 2;

absl::Status Mismatch(const std::string& what, const std::string& expected,
                      const std::string& found) {
  return absl::DataLossError(
      absl::StrCat(what, ": expected ", expected, ", found ", found, remedy));
}

std::string Yuan(int64_t fen) {
  return absl::StrCat(Decimal(fen, fen_scale).ToString(), " yuan");
}

std::string Sum(int64_t fen, int64_t events) {
  return absl::StrCat(Yuan(fen), " of ", events, " events");
}

std::string LeafName(size_t i, const v1::Leaf& leaf) {
  return absl::StrCat("leaf ", i + 1, " (", leaf.figure(), ")");
}

// Money as yuan; nothing where there is no number.
std::optional<Decimal> NumberOf(const v1::FigureValue& value) {
  if (value.has_amount_fen()) return Decimal(value.amount_fen(), fen_scale);
  if (!value.has_number() || value.number().scale() > Decimal::scale_max) {
    return std::nullopt;
  }
  return Decimal(value.number().unscaled(), value.number().scale());
}

absl::Status CheckSum(const v1::Explanation& node) {
  const std::optional<Decimal> value = NumberOf(node.figure().value());
  if (!value.has_value()) return absl::OkStatus();
  Decimal sum;
  for (const v1::ExplanationTerm& term : node.terms()) {
    const std::optional<Decimal> part =
        NumberOf(term.explanation().figure().value());
    if (!part.has_value()) continue;
    const int64_t sign = term.sign() < 0 ? -1 : 1;
    ASSIGN_OR_RETURN(sum,
                     sum.Plus(Decimal(sign * part->unscaled(), part->scale())));
  }
  if (sum == *value) return absl::OkStatus();
  return Mismatch(absl::StrCat("figure ", node.figure().path(),
                               ": its terms do not add up to it"),
                  value->ToString(), sum.ToString());
}

absl::Status CheckPercentage(const v1::Explanation& node) {
  if (node.terms_size() != 2 || !node.figure().value().has_number()) {
    return absl::OkStatus();
  }
  const v1::FigureValue& part = node.terms(0).explanation().figure().value();
  const v1::FigureValue& whole = node.terms(1).explanation().figure().value();
  if (!part.has_amount_fen() || !whole.has_amount_fen() ||
      whole.amount_fen() == 0) {
    return absl::OkStatus();
  }
  const std::optional<Decimal> value = NumberOf(node.figure().value());
  if (!value.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const Decimal expected,
      Decimal::DivideRoundHalfAwayFromZero(Int128{part.amount_fen()} * 100,
                                           whole.amount_fen(), value->scale()));
  if (expected == *value) return absl::OkStatus();
  return Mismatch(absl::StrCat("figure ", node.figure().path(),
                               ": it is not that percentage of its terms"),
                  expected.ToString(), value->ToString());
}

absl::Status CheckSame(const v1::ResolvedCoordinates& first,
                       const v1::ResolvedCoordinates& page) {
  if (google::protobuf::util::MessageDifferencer::Equals(first, page)) {
    return absl::OkStatus();
  }
  return Mismatch("a page is of other coordinates than the first",
                  first.ShortDebugString(), page.ShortDebugString());
}

absl::Status CheckNode(const v1::Explanation& node,
                       const v1::ExplainFigureResponse& page) {
  if (node.leaf() > static_cast<uint32_t>(page.leaves_size())) {
    return Mismatch(
        absl::StrCat("figure ", node.figure().path(), ": number of its leaf"),
        absl::StrCat("at most ", page.leaves_size()),
        absl::StrCat(node.leaf()));
  }
  switch (node.kind()) {
    case v1::Explanation::KIND_EVENTS:
      // Between two coordinates the leaf is the difference, not the figure.
      if (node.leaf() > 0 && !page.has_compared_with() &&
          node.figure().value().has_amount_fen()) {
        const v1::Leaf& leaf = page.leaves(static_cast<int>(node.leaf()) - 1);
        const int64_t value = node.figure().value().amount_fen();
        if (value != leaf.total_fen()) {
          return Mismatch(absl::StrCat("figure ", node.figure().path(),
                                       ": its events do not add up to it"),
                          Yuan(value), Yuan(leaf.total_fen()));
        }
      }
      break;
    case v1::Explanation::KIND_ADDITION:
      RETURN_IF_ERROR(CheckSum(node));
      break;
    case v1::Explanation::KIND_PERCENTAGE:
      RETURN_IF_ERROR(CheckPercentage(node));
      break;
    default:
      break;
  }
  for (const v1::ExplanationTerm& term : node.terms()) {
    RETURN_IF_ERROR(CheckNode(term.explanation(), page));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckFormula(const v1::ExplainFigureResponse& page) {
  return CheckNode(page.explanation(), page);
}

absl::Status ExplanationCheck::Add(const v1::ExplainFigureResponse& page) {
  if (complete_) {
    return absl::DataLossError(
        absl::StrCat("a page follows the last page", remedy));
  }
  RETURN_IF_ERROR(StartPage(page));
  RETURN_IF_ERROR(AddRows(page));
  return EndPage(page);
}

absl::Status ExplanationCheck::StartPage(
    const v1::ExplainFigureResponse& page) {
  if (!started_) {
    started_ = true;
    RETURN_IF_ERROR(CheckFormula(page));
    coordinates_ = page.coordinates();
    compared_with_ = page.compared_with();
    for (const v1::Leaf& leaf : page.leaves()) {
      v1::Leaf& sums = leaves_.emplace_back(leaf);
      sums.set_fen_after(0);
      sums.set_events_after(0);
    }
  }
  RETURN_IF_ERROR(CheckSame(coordinates_, page.coordinates()));
  RETURN_IF_ERROR(CheckSame(compared_with_, page.compared_with()));
  if (static_cast<size_t>(page.leaves_size()) != leaves_.size()) {
    return Mismatch("number of leaves", absl::StrCat(leaves_.size()),
                    absl::StrCat(page.leaves_size()));
  }
  for (size_t i = 0; i < leaves_.size(); ++i) {
    const v1::Leaf& sums = leaves_[i];
    const v1::Leaf& leaf = page.leaves(static_cast<int>(i));
    if (leaf.figure() != sums.figure() ||
        leaf.total_fen() != sums.total_fen() ||
        leaf.total_events() != sums.total_events()) {
      return Mismatch(
          absl::StrCat(LeafName(i, sums), ": its total on another page"),
          Sum(sums.total_fen(), sums.total_events()),
          Sum(leaf.total_fen(), leaf.total_events()));
    }
    if (leaf.fen_before() != sums.fen_after() ||
        leaf.events_before() != sums.events_after()) {
      return Mismatch(
          absl::StrCat(LeafName(i, sums), ": its sum before a page"),
          Sum(sums.fen_after(), sums.events_after()),
          Sum(leaf.fen_before(), leaf.events_before()));
    }
  }
  return absl::OkStatus();
}

absl::Status ExplanationCheck::AddRows(const v1::ExplainFigureResponse& page) {
  for (const v1::EventRow& row : page.events()) {
    const std::string at = absl::StrCat("event at position ", row.position());
    if (row.leaf() < 1 || row.leaf() > leaves_.size()) {
      return Mismatch(absl::StrCat(at, ": number of its leaf"),
                      absl::StrCat("1 to ", leaves_.size()),
                      absl::StrCat(row.leaf()));
    }
    if (rows_ > 0 &&
        (row.position() < last_position_ ||
         (row.position() == last_position_ && row.leaf() <= last_leaf_))) {
      return Mismatch(absl::StrCat(at, ", leaf ", row.leaf(), ": its place"),
                      absl::StrCat("after position ", last_position_, ", leaf ",
                                   last_leaf_),
                      "it does not follow");
    }
    last_position_ = row.position();
    last_leaf_ = row.leaf();
    ++rows_;
    v1::Leaf& sums = leaves_[row.leaf() - 1];
    int64_t fen = 0;
    if (__builtin_add_overflow(sums.fen_after(), row.amount_fen(), &fen)) {
      return absl::DataLossError(
          absl::StrCat(at, ": the sum leaves 63 bits", remedy));
    }
    sums.set_fen_after(fen);
    sums.set_events_after(sums.events_after() + row.events());
  }
  return absl::OkStatus();
}

absl::Status ExplanationCheck::EndPage(const v1::ExplainFigureResponse& page) {
  complete_ = page.next_page_token().empty();
  for (size_t i = 0; i < leaves_.size(); ++i) {
    const v1::Leaf& sums = leaves_[i];
    const v1::Leaf& leaf = page.leaves(static_cast<int>(i));
    if (leaf.fen_after() != sums.fen_after() ||
        leaf.events_after() != sums.events_after()) {
      return Mismatch(
          absl::StrCat(LeafName(i, sums), ": its events up to a page's end"),
          Sum(leaf.fen_after(), leaf.events_after()),
          Sum(sums.fen_after(), sums.events_after()));
    }
    if (complete_ && (sums.fen_after() != sums.total_fen() ||
                      sums.events_after() != sums.total_events())) {
      return Mismatch(
          absl::StrCat(LeafName(i, sums), ": all its events together"),
          Sum(sums.total_fen(), sums.total_events()),
          Sum(sums.fen_after(), sums.events_after()));
    }
  }
  return absl::OkStatus();
}

}  // namespace daybook::client
