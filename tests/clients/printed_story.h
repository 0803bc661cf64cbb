// The story that tests of printed reports are about.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_CLIENTS_PRINTED_STORY_H_
#define DAYBOOK_TESTS_CLIENTS_PRINTED_STORY_H_

#include <vector>

#include "tests/core/report/story.h"

namespace daybook::testing {

// A report with every kind of row, in which a voucher was reversed, one came
// late, and a department calls itself like a script.
inline Facts PrintedFacts() {
  Fact section = Narrative(
      "summary", "项目支出{{general.project.executed}}万元。\n第二段 <b>&\"");
  Fact renamed = Opened({v1::FUND_GENERAL});
  renamed.event.set_subject(kDepartmentName);
  renamed.event.mutable_department_registered()->set_name(
      "<script>alert(1)</script>");
  return {renamed,
          Adopted(Policy()),
          Approved("general.basic", 300'00),
          Approved("general.project[road]", 1'000'000'00),
          Adjusted("05-01", "general.project[road]", -50'000'00),
          Named("voucher-1", Spent("03-01", "general.project[road]", 123'45)),
          Spent("04-01", "general.project[road]", 200'000'00),
          Spent("12-01", "government_fund", 700'00),
          Reversed("06-01", "voucher-1"),
          Headcount("12-31", 10, 9),
          StatedNone("12-31", "three_public.reception.executed"),
          PriorYear("general.prior_executed", 5'00),
          Indicator("output.people"),
          Result("11-30", "output.people", People("120.5")),
          Assessed("12-31", "output.people", "9.50"),
          Activity("12-31", "training", "3"),
          section,
          Closed("06-30"),
          Corrected(Spent("06-15", "general.basic", 100'00))};
}

inline std::vector<v1::Entry> PrintedStory() { return Entries(PrintedFacts()); }

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_CLIENTS_PRINTED_STORY_H_
