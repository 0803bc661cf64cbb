// Pages of an explanation whose rows add up, for tests that then break them.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_CLIENTS_EXPLANATION_BUILDERS_H_
#define DAYBOOK_TESTS_CLIENTS_EXPLANATION_BUILDERS_H_

#include <vector>

#include "daybook/v1/report_history.pb.h"
#include "tests/clients/text_proto.h"

namespace daybook::testing {

// all.balance = available (5000.00) - executed (3000.00), with four rows on two
// pages: a budget, two vouchers, and a reversal of the first voucher.
inline std::vector<v1::ExplainFigureResponse> BalancePages() {
  auto first = FromText<v1::ExplainFigureResponse>(R"(
    coordinates { name: "ledgers/1/departments/1/reports/2024"
                  as_of { year: 2024 month: 12 day: 31 } size: 9 }
    explanation {
      figure { path: "general.balance" label: "余额" unit: "万元"
               value { amount_fen: 200000 } }
      kind: KIND_ADDITION
      formula: "general.available - general.executed"
      terms { sign: 1 explanation {
        figure { path: "general.available" label: "可用数" unit: "万元"
                 value { amount_fen: 500000 } }
        kind: KIND_EVENTS leaf: 1 } }
      terms { sign: -1 explanation {
        figure { path: "general.executed" label: "执行数" unit: "万元"
                 value { amount_fen: 300000 } }
        kind: KIND_EVENTS leaf: 2 } }
    }
    leaves { figure: "general.available" total_fen: 500000 total_events: 1
             fen_after: 500000 events_after: 1 }
    leaves { figure: "general.executed" total_fen: 300000 total_events: 1
             fen_after: 420000 events_after: 2 }
    events { position: 3 source: "office" event_id: "a-1"
             kind: "budget_approved" leaf: 1 amount_fen: 500000 events: 1
             effective_date { year: 2024 month: 1 day: 1 }
             document_number: "预〔2024〕1号" }
    events { position: 5 source: "books" event_id: "v-1"
             kind: "expenditure_recorded" leaf: 2 amount_fen: 120000 events: 1
             effective_date { year: 2024 month: 3 day: 1 } cancelled_by: 7 }
    events { position: 6 source: "books" event_id: "v-2"
             kind: "expenditure_recorded" leaf: 2 amount_fen: 300000 events: 1
             effective_date { year: 2024 month: 3 day: 2 } }
  )");
  v1::ExplainFigureResponse second = first;
  second.clear_events();
  for (v1::Leaf& leaf : *second.mutable_leaves()) {
    leaf.set_fen_before(leaf.fen_after());
    leaf.set_events_before(leaf.events_after());
    leaf.set_fen_after(leaf.total_fen());
    leaf.set_events_after(leaf.total_events());
  }
  *second.add_events() = FromText<v1::EventRow>(R"(
    position: 7 source: "books" event_id: "r-1" kind: "reversal" leaf: 2
    amount_fen: -120000 events: -1 cancels: 5 reason: "记错科目"
    approver: "预算股" effective_date { year: 2024 month: 3 day: 1 }
  )");
  first.set_next_page_token("1");
  return {first, second};
}

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_CLIENTS_EXPLANATION_BUILDERS_H_
