// AppendEvents over a connection: what is answered for good and for each kind
// of bad input. What is recorded is the business of ledger_engine_test.cc.

#include "services/ledger/ledger_service.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using ::testing::AllOf;
using ::testing::HasSubstr;
using LedgerServiceTest = ServiceTest;

TEST_F(LedgerServiceTest, RecordedEventsAreAnsweredInOrder) {
  v1::AppendEventsResponse response;
  ASSERT_TRUE(Append(AppendRequest(Opening()), &response).ok());
  ASSERT_EQ(response.results_size(), 2);
  EXPECT_EQ(response.results(0).outcome(), v1::AppendResult::OUTCOME_CREATED);
  EXPECT_EQ(response.results(1).position(), 2u);
  EXPECT_EQ(response.size(), 3u);
  ASSERT_TRUE(Append(AppendRequest(Opening()), &response).ok());
  EXPECT_EQ(response.results(1).outcome(), v1::AppendResult::OUTCOME_REPLAYED);
  EXPECT_EQ(response.results(1).position(), 2u);
}

TEST_F(LedgerServiceTest, UnknownLedgerIsNotFoundWithWhatToDo) {
  v1::AppendEventsRequest request = AppendRequest(Opening());
  request.set_ledger("ledgers/999999");
  const grpc::Status status = Append(request);
  EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(),
              HasSubstr("daybook ledger create 999999"));
}

TEST_F(LedgerServiceTest, MalformedEnvelopesAreRefused) {
  v1::AppendEventsRequest request = AppendRequest(Opening());
  request.set_ledger("430203");
  EXPECT_EQ(Append(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request.set_ledger(kDepartment);
  EXPECT_EQ(Append(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request = AppendRequest(Opening());
  request.clear_source();
  EXPECT_EQ(Append(request).error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Append(Inputs()).error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(LedgerServiceTest, UnknownFieldsAreRefusedWhereverTheyAre) {
  v1::AppendEventsRequest request = AppendRequest(Opening());
  AddUnknownField(request);
  EXPECT_EQ(Append(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request = AppendRequest(Opening());
  AddUnknownField(*request.mutable_inputs(0));
  EXPECT_EQ(Append(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request = AppendRequest(Opening());
  AddUnknownField(*request.mutable_inputs(1)->mutable_event());
  EXPECT_EQ(Append(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request = AppendRequest(Opening());
  AddUnknownField(*request.mutable_inputs(1)->mutable_personal_data());
  EXPECT_EQ(Append(request).error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(LedgerServiceTest, UnregisteredNamesAreNotFound) {
  EXPECT_EQ(Append({ReportOpened("report")}).error_code(),
            StatusCode::NOT_FOUND);
  ASSERT_TRUE(Append({DepartmentRegistered("department")}).ok());
  EXPECT_EQ(Append({Spent("a", "2024-03-15", 1)}).error_code(),
            StatusCode::NOT_FOUND);
  ASSERT_TRUE(Append({ReportOpened("report")}).ok());
  v1::EventInput result = Spent("r", "2024-12-31", 1);
  v1::IndicatorResultRecorded& recorded =
      *result.mutable_event()->mutable_indicator_result_recorded();
  recorded.set_indicator("output.quantity.none");
  recorded.set_mode(v1::IndicatorResultRecorded::MODE_CUMULATIVE);
  recorded.mutable_value()->mutable_quantity()->mutable_value()->set_unscaled(
      1);
  EXPECT_EQ(Append({result}).error_code(), StatusCode::NOT_FOUND);
}

TEST_F(LedgerServiceTest, RefusalSaysWhichEventWhatIsWrongAndWhatToDo) {
  ASSERT_TRUE(Append(Opening()).ok());
  const grpc::Status status =
      Append({Spent("good", "2024-03-15", 1), Spent("zero", "2024-03-15", 0),
              Spent("outside", "2023-03-15", 1)});
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(),
              AllOf(HasSubstr("event 1"), HasSubstr("zero"),
                    HasSubstr("event.expenditure_recorded.amount_fen"),
                    HasSubstr("2 events of this call were refused")));
  const v1::AppendRefused refused = DetailsOf(status);
  EXPECT_EQ(refused.refused_total(), 2u);
  ASSERT_EQ(refused.refusals_size(), 2);
  EXPECT_EQ(refused.refusals(0).index(), 1u);
  EXPECT_EQ(refused.refusals(0).event_id(), "zero");
  EXPECT_EQ(refused.refusals(0).problems(0).value(), "0");
  EXPECT_FALSE(refused.refusals(0).problems(0).remedy().empty());
  EXPECT_EQ(refused.refusals(1).event_id(), "outside");
  EXPECT_TRUE(refused.refusals(1).problems(0).retryable());
}

TEST_F(LedgerServiceTest, DateOutsideTheFiscalYearIsRefused) {
  ASSERT_TRUE(Append(Opening()).ok());
  v1::EventInput late = Spent("late", "2024-12-31", 1);
  late.mutable_event()->mutable_effective_date()->set_year(2025);
  const grpc::Status status = Append({late});
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("event.effective_date"));
}

TEST_F(LedgerServiceTest, OtherContentUnderARecordedIdAlreadyExists) {
  ASSERT_TRUE(Append(Opening()).ok());
  ASSERT_TRUE(Append({Spent("a", "2024-03-15", 1)}).ok());
  EXPECT_EQ(Append({Spent("a", "2024-03-15", 2)}).error_code(),
            StatusCode::ALREADY_EXISTS);
}

TEST_F(LedgerServiceTest, StalePreconditionIsAborted) {
  ASSERT_TRUE(Append(Opening()).ok());
  ASSERT_TRUE(Append({Spent("a", "2024-03-15", 1)}).ok());
  v1::AppendEventsRequest request =
      AppendRequest({Spent("b", "2024-03-15", 1)});
  request.set_expected_size(3);
  EXPECT_EQ(Append(request).error_code(), StatusCode::ABORTED);
  request.set_expected_size(4);
  EXPECT_TRUE(Append(request).ok());
}

TEST_F(LedgerServiceTest, ValidateOnlyAnswersOkWithAllRefusals) {
  v1::AppendEventsRequest request = AppendRequest(Opening());
  *request.add_inputs() = Spent("zero", "2024-03-15", 0);
  request.set_validate_only(true);
  v1::AppendEventsResponse response;
  ASSERT_TRUE(Append(request, &response).ok());
  EXPECT_EQ(response.results_size(), 0);
  ASSERT_EQ(response.refusals_size(), 1);
  EXPECT_EQ(response.refusals(0).index(), 2u);
  EXPECT_EQ(response.size(), 1u);
}

TEST_F(LedgerServiceTest, ManyLongRefusalsStillArriveAsWhatTheyAre) {
  Inputs inputs;
  for (int i = 0; i < 100; ++i) {
    v1::EventInput spent = Spent(absl::StrCat("e", i), "2024-03-15", 0);
    std::string words;
    for (int j = 0; j < 30; ++j) words += "说明";
    spent.mutable_event()->set_subject(words);
    spent.mutable_event()->mutable_expenditure_recorded()->set_voucher_number(
        words);
    inputs.push_back(spent);
  }
  const grpc::Status status = Append(inputs);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT)
      << status.error_message();
  EXPECT_EQ(DetailsOf(status).refused_total(), 100u);
  EXPECT_GE(DetailsOf(status).refusals_size(), 1);
}

TEST_F(LedgerServiceTest, LimitsOfEventBatchAndMessageHold) {
  ASSERT_TRUE(Append(Opening()).ok());
  v1::EventInput event = Spent("large", "2024-03-15", 1);
  event.mutable_event()->mutable_narrative_section_recorded()->set_text(
      std::string(60'001, 'x'));
  EXPECT_EQ(Append({event}).error_code(), StatusCode::INVALID_ARGUMENT);

  EXPECT_EQ(Append(Inputs(4'097, Spent("a", "2024-03-15", 1))).error_code(),
            StatusCode::INVALID_ARGUMENT);

  v1::EventInput batch = Spent("large", "2024-03-15", 1);
  batch.mutable_personal_data()->set_summary(std::string(16 << 20, 'x'));
  const grpc::Status over_batch = Append({batch});
  EXPECT_EQ(over_batch.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(over_batch.error_message(), HasSubstr("split them"));

  batch.mutable_personal_data()->set_summary(std::string(18 << 20, 'x'));
  EXPECT_EQ(Append({batch}).error_code(), StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(LedgerServiceTest, ACallOverItsLimitIsRefusedInOurWords) {
  v1::AppendEventsRequest request = AppendRequest(Opening());
  v1::EventInput large = Spent("large", "2024-03-15", 1);
  large.mutable_event()->mutable_expenditure_recorded()->set_voucher_number(
      std::string(50'000, 'x'));
  for (int i = 0; i < 400; ++i) *request.add_inputs() = large;
  ASSERT_GT(request.ByteSizeLong(), size_t{17} << 20);
  const grpc::Status status = Append(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), ::testing::HasSubstr("inputs: "));
  EXPECT_THAT(status.error_message(), ::testing::HasSubstr("split them"));
}

}  // namespace
}  // namespace daybook::services
