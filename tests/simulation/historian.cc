#include "tests/simulation/historian.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/budget/fiscal_date.h"

namespace daybook::testing {
namespace {

int YearOf(const std::string& report) {
  return report == kEarlierReport ? 2023 : 2024;
}

}  // namespace

Historian::Historian(uint64_t seed) : random_(seed) {
  offers_ = 20 + static_cast<size_t>(Below(160));
  days_ = {0, 364, 365};
  while (days_.size() < 11) days_.push_back(Below(366));
  DrawOpening();
}

absl::CivilDay Historian::DrawDay(const std::string& report) {
  const int day = OneIn(3) ? Below(366) : OneOf(days_);
  const int year = YearOf(report);
  return std::min(absl::CivilDay(year, 1, 1) + day,
                  absl::CivilDay(year, 12, 31));
}

void Historian::Register(const std::string& department,
                         const std::string& project) {
  v1::Event& event = opening_.emplace_back();
  event.set_subject(department);
  if (project.empty()) {
    event.mutable_department_registered()->set_name("残疾人联合会");
  } else {
    event.mutable_project_registered()->set_key(project);
    event.mutable_project_registered()->set_name(absl::StrCat("项目", project));
  }
}

v1::ReportOpened Historian::DrawOpened() {
  v1::ReportOpened opened;
  const std::vector<v1::Fund> funds = {
      v1::FUND_GENERAL, v1::FUND_GOVERNMENT_FUND, v1::FUND_OTHER};
  for (int i = 0; i <= Below(3); ++i) {
    opened.add_funds(funds[static_cast<size_t>(i)]);
  }
  opened.set_book_source("book");
  opened.set_form("zhuzhou-2024");
  return opened;
}

void Historian::DrawOpening() {
  const auto open = [&](const char* report) {
    const std::string name = report;
    v1::Event& event = opening_.emplace_back();
    event.set_subject(name);
    *event.mutable_report_opened() = DrawOpened();
  };
  const std::string department = DepartmentOfSubject(kMainReport);
  Register(department, "");
  Register(department, "road");
  if (!OneIn(3)) Register(department, "school");
  open(kMainReport);
  if (!OneIn(3)) open(kEarlierReport);
  if (OneIn(3)) {
    const std::string other = DepartmentOfSubject(kOtherReport);
    Register(other, "");
    Register(other, "road");
    open(kOtherReport);
  }
  if (!OneIn(5)) {
    v1::Event& event = opening_.emplace_back();
    event.set_subject(kMainReport);
    *event.mutable_policy_adopted()->mutable_policy() = DrawPolicy();
  }
  for (int i = 0; i < 4; ++i) {
    v1::Event& event = opening_.emplace_back();
    event.set_subject(kMainReport);
    *event.mutable_effective_date() = ToDate(absl::CivilDay(2024, 1, 1));
    DrawIndicatorSet(DrawIndicator(), event);
  }
  std::reverse(opening_.begin(), opening_.end());
}

v1::Event Historian::Dated() {
  v1::Event event;
  event.set_subject(report_);
  *event.mutable_effective_date() = ToDate(DrawDay(report_));
  return event;
}

Offer Historian::Draw(const Entries& entries) {
  entries_ = &entries;
  const int place = Below(16);
  report_ = place < 13   ? kMainReport
            : place < 15 ? kEarlierReport
                         : kOtherReport;
  source_ = OneOf({"book", "book", "book", "payments", "bureau"});
  Offer offer;
  if (!opening_.empty() && !OneIn(8)) {
    offer.event = opening_.back();
    opening_.pop_back();
  } else {
    offer.event = Dated();
    DrawPayload(offer.event);
    DrawReplaces(offer.event);
    DrawCorrection(offer.event);
  }
  if (OneIn(3)) offer.personal_data.set_payee("甲");
  offer.source = source_;
  // Ids of different sources are the same now and then.
  offer.event.set_event_id(absl::StrCat("e", ++ids_[source_]));
  return offer;
}

void Historian::DrawPayload(v1::Event& event) {
  const int kind = Below(100);
  if (kind < 28) {
    DrawMoney(event);
  } else if (kind < 34) {
    DrawAdvance(event);
  } else if (kind < 41) {
    DrawClearing(event);
  } else if (kind < 52) {
    DrawRefund(event);
  } else if (kind < 66) {
    DrawReversal(event);
  } else if (kind < 72) {
    DrawStatement(event);
  } else if (kind < 74) {
    DrawHeadcount(*event.mutable_headcount_recorded());
  } else if (kind < 75) {
    DrawActivity(*event.mutable_activity_recorded());
  } else if (kind < 76) {
    DrawNarrative(*event.mutable_narrative_section_recorded());
  } else if (kind < 83) {
    DrawResult(event);
  } else if (kind < 86) {
    DrawAssessment(event);
  } else if (kind < 89) {
    DrawIndicatorSet(DrawIndicator(), event);
  } else if (kind < 92) {
    DrawRevision(event);
  } else if (kind < 95) {
    DrawClosing(event);
  } else if (kind < 97) {
    DrawErasure(event);
  } else {
    event.clear_effective_date();
    const int registration = Below(5);
    if (registration == 0) {
      *event.mutable_policy_adopted()->mutable_policy() = DrawPolicy();
    } else if (registration == 1) {
      *event.mutable_report_opened() = DrawOpened();
      if (OneIn(3)) event.mutable_report_opened()->set_book_source("payments");
    } else if (registration == 2) {
      DrawPublication(event);
    } else {
      event.set_subject(DepartmentOfSubject(report_));
      if (registration == 3) {
        event.mutable_department_registered()->set_name("残联");
      } else {
        event.mutable_project_registered()->set_key(
            OneOf({"road", "school", "school"}));
        event.mutable_project_registered()->set_name("学校");
      }
    }
  }
}

const std::vector<std::string>& AskedPaths() {
  static const auto* const paths = [] {
    auto* const result = new std::vector<std::string>(StatedPaths());
    for (const char* path :
         {"general.project[bridge].executed",
          "general.project[bridge].adjusted", "headcount.permanent",
          "headcount.control_rate", "activity[visits]", "activity[calls]"}) {
      result->push_back(path);
    }
    for (const char* kind : {"", "rule.", "declared.", "reviewed."}) {
      for (const char* name :
           {"execution", "indicators", "total", "grade", "earned", "assessable",
            "pending", "output", "benefit", "satisfaction", "cost",
            "indicator[output.a]", "indicator[output.b]", "indicator[cost.c]",
            "indicator[benefit.d]", "indicator[cost.e]",
            "indicator[satisfaction.f]", "indicator[benefit.g]"}) {
        result->push_back(absl::StrCat("score.", kind, name));
      }
    }
    return result;
  }();
  return *paths;
}

const std::vector<std::string>& StatedPaths() {
  static const auto* const paths = [] {
    auto* const result = new std::vector<std::string>;
    for (const char* row : {"all",
                            "general",
                            "government_fund",
                            "other",
                            "all.basic",
                            "general.basic",
                            "general.basic.personnel",
                            "all.basic.operating",
                            "general.project",
                            "all.project[road]",
                            "general.project[road]",
                            "government_fund.project[school]",
                            "other.project[road]",
                            "general.function[20811]",
                            "all.function[208].econ[302]",
                            "general.basic.operating.econ[30201]",
                            "all.econ[31013]",
                            "general.source[current]",
                            "all.unit[A]",
                            "general.project[road].unit[B]",
                            "project[road].all",
                            "project[school].general"}) {
      for (const char* measure :
           {"approved", "adjustment", "adjusted", "recovered", "available",
            "executed", "balance", "execution_rate", "execution_rate_approved",
            "prior_executed", "income", "opening_carryover",
            "closing_carryover", "allocated_carryover", "advances",
            "prior_refunded"}) {
        result->push_back(absl::StrCat(row, ".", measure));
      }
    }
    for (const char* topic :
         {"three_public", "three_public.vehicles", "three_public.reception",
          "three_public.vehicles.purchase", "operating.office", "procurement",
          "project[road].three_public", "project[road].procurement"}) {
      for (const char* measure : {"approved", "executed", "prior_executed"}) {
        result->push_back(absl::StrCat(topic, ".", measure));
      }
    }
    for (const char* path :
         {"headcount.quota", "headcount.actual", "construction"}) {
      result->push_back(path);
    }
    return result;
  }();
  return *paths;
}

}  // namespace daybook::testing
