// ExplanationCheck: adds up what ExplainFigure answers, page by page, and finds
// out whether a row is missing, stands twice or says another amount.
//
//   ExplanationCheck check;
//   for each page: RETURN_IF_ERROR(check.Add(page));
//
// A server that answers carried sums can be held to them without keeping the
// rows: memory does not grow with them.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_CPP_EXPLANATION_CHECK_H_
#define DAYBOOK_CLIENTS_CPP_EXPLANATION_CHECK_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "daybook/v1/report_history.pb.h"

namespace daybook::client {

class ExplanationCheck {
 public:
  // The pages of one question in their order, all events asked for.
  //
  // Errors: DATA_LOSS naming leaf, what was expected and what was found, when
  // the first page begins with a sum, a page begins with another sum than the
  // one before ended with, rows do not add up to what the page says, rows are
  // not in order, or the last page does not reach the total; also when the
  // formula does not give the figure. The answer must not be used then.
  absl::Status Add(const v1::ExplainFigureResponse& page);

  // True once the last page was added: everything was checked to the total.
  bool complete() const { return complete_; }

  int64_t rows() const { return rows_; }

 private:
  absl::Status StartPage(const v1::ExplainFigureResponse& page);
  absl::Status AddRows(const v1::ExplainFigureResponse& page);
  absl::Status EndPage(const v1::ExplainFigureResponse& page);

  bool started_ = false;
  bool complete_ = false;
  int64_t rows_ = 0;
  v1::ResolvedCoordinates coordinates_;
  v1::ResolvedCoordinates compared_with_;
  // As the page says them, with the sums of rows so far as `fen_after` and
  // `events_after`.
  std::vector<v1::Leaf> leaves_;
  uint64_t last_position_ = 0;
  uint32_t last_leaf_ = 0;
};

// Whether each sum, percentage and sum of events in the formula is what its
// parts give.
//
// Errors: DATA_LOSS naming figure, what was expected and what was found.
absl::Status CheckFormula(const v1::ExplainFigureResponse& page);

}  // namespace daybook::client

#endif  // DAYBOOK_CLIENTS_CPP_EXPLANATION_CHECK_H_
