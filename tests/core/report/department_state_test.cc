// DepartmentState: the latest registration counts.

#include "core/report/department_state.h"

#include "gtest/gtest.h"

namespace daybook {
namespace {

StatedPosting Registered(const std::string& name) {
  StatedPosting stated{Position(1), {}};
  stated.row.mutable_event()->mutable_department_registered()->set_name(name);
  return stated;
}

StatedPosting Project(const std::string& key, const std::string& name) {
  StatedPosting stated{Position(2), {}};
  auto& project = *stated.row.mutable_event()->mutable_project_registered();
  project.set_key(key);
  project.set_name(name);
  return stated;
}

TEST(DepartmentStateTest, LatestRegistrationsCount) {
  DepartmentState department;
  for (const StatedPosting& stated :
       {Registered("old"), Registered("new"), Project("road", "old road"),
        Project("road", "road"), Project("school", "school")}) {
    ASSERT_TRUE(department.Apply(stated).ok());
  }
  EXPECT_EQ(department.name, "new");
  ASSERT_EQ(department.projects.size(), 2u);
  EXPECT_EQ(department.projects.at("road").name(), "road");
}

TEST(DepartmentStateTest, WhatIsNoneOfADepartmentIsDamage) {
  DepartmentState department;
  StatedPosting other{Position(3), {}};
  EXPECT_TRUE(absl::IsDataLoss(department.Apply(other)));
  other.row.mutable_event()->mutable_headcount_recorded();
  EXPECT_TRUE(absl::IsDataLoss(department.Apply(other)));
  StatedPosting reversed = Registered("x");
  reversed.row.set_absent_from(1);
  EXPECT_TRUE(absl::IsDataLoss(department.Apply(reversed)));
}

}  // namespace
}  // namespace daybook
