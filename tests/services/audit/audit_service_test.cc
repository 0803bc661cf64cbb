// ReplayEvents and GetEvent over a connection: ranges, subjects, identities and
// personal data, and each kind of bad input.

#include "services/audit/audit_service.h"

#include "absl/strings/str_cat.h"
#include "core/admission/personal_data.h"
#include "daybook/v1/entry.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Entries: 0 genesis, 1 department, 2 report 2024, 3 report 2023, 4 spent 2024
// (with a payee), 5 spent 2023.
class AuditServiceTest : public ServiceTest {
 protected:
  AuditServiceTest() {
    EXPECT_TRUE(Append(Opening()).ok());
    EXPECT_TRUE(Append({ReportOpened("report 2023", kReport2023),
                        WithPayee(Spent("a", "2024-03-15", 1), "张三"),
                        Spent("b", "2023-03-15", 1)})
                    .ok());
  }

  struct Range {
    uint64_t first = 0;
    uint64_t limit = 0;
    std::string subject = "";
  };

  static v1::ReplayEventsRequest Asking(const Range& range) {
    v1::ReplayEventsRequest request;
    request.set_ledger(kLedger);
    request.set_first_position(range.first);
    request.set_limit(range.limit);
    request.set_subject(range.subject);
    return request;
  }

  std::vector<uint64_t> Positions(const Range& range) {
    std::vector<uint64_t> positions;
    const grpc::Status status = Replay(Asking(range), &positions);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return positions;
  }

  static v1::GetEventRequest At(uint64_t position) {
    v1::GetEventRequest request;
    request.set_ledger(kLedger);
    request.set_position(position);
    return request;
  }
};

TEST_F(AuditServiceTest, ReplayGivesEveryEntryInOrder) {
  EXPECT_THAT(Positions({}), ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST_F(AuditServiceTest, ReplayKeepsToItsRange) {
  EXPECT_THAT(Positions({.first = 2, .limit = 3}), ElementsAre(2, 3, 4));
  EXPECT_THAT(Positions({.first = 4}), ElementsAre(4, 5));
  EXPECT_THAT(Positions({.first = 5, .limit = 100}), ElementsAre(5));
  EXPECT_THAT(Positions({.first = 6}), IsEmpty());
  const grpc::Status status = Replay(Asking({.first = 7}));
  EXPECT_EQ(status.error_code(), StatusCode::OUT_OF_RANGE);
  EXPECT_THAT(status.error_message(), HasSubstr("6 entries"));
}

TEST_F(AuditServiceTest, ReplayOfASubjectHoldsWhatIsUnderIt) {
  EXPECT_THAT(Positions({.subject = kLedger}), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(Positions({.subject = kDepartment}), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(Positions({.subject = kReport}), ElementsAre(2, 4));
  EXPECT_THAT(Positions({.limit = 1, .subject = kReport2023}), ElementsAre(3));
  EXPECT_THAT(Positions({.first = 4, .subject = kReport2023}), ElementsAre(5));
}

TEST_F(AuditServiceTest, SubjectsThatTheLedgerDoesNotKnowAreRefused) {
  EXPECT_EQ(Replay(Asking({.subject = "ledgers/9"})).error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Replay(Asking({.subject = "115001"})).error_code(),
            StatusCode::INVALID_ARGUMENT);
  // A part of a name is no name.
  EXPECT_EQ(Replay(Asking({.subject = "ledgers/430203/departments/1150"}))
                .error_code(),
            StatusCode::NOT_FOUND);
  EXPECT_EQ(
      Replay(Asking({.subject = absl::StrCat(kDepartment, "/reports/2022")}))
          .error_code(),
      StatusCode::NOT_FOUND);
}

TEST_F(AuditServiceTest, ReplayOfManyEntriesCrossesChunks) {
  Inputs inputs;
  for (int i = 0; i < 3'000; ++i) {
    inputs.push_back(Spent(absl::StrCat("e", i), "2024-03-15", 1));
  }
  ASSERT_TRUE(Append(inputs).ok());
  const std::vector<uint64_t> positions = Positions({});
  ASSERT_EQ(positions.size(), 3'006u);
  for (size_t i = 0; i < positions.size(); ++i) ASSERT_EQ(positions[i], i);
}

TEST_F(AuditServiceTest, ReplayStopsWhenItIsCancelled) {
  Inputs inputs;
  for (int i = 0; i < 4'000; ++i) {
    inputs.push_back(Spent(absl::StrCat("e", i), "2024-03-15", 1));
  }
  ASSERT_TRUE(Append(inputs).ok());
  grpc::ClientContext context;
  const auto reader =
      v1::AuditService::NewStub(channel_)->ReplayEvents(&context, Asking({}));
  v1::StoredEntry stored;
  ASSERT_TRUE(reader->Read(&stored));
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::CANCELLED);
  // Nothing holds the server back from stopping.
  server_->Shutdown(absl::Seconds(10));
}

TEST_F(AuditServiceTest, MalformedReplaysAreRefused) {
  v1::ReplayEventsRequest request = Asking({});
  AddUnknownField(request);
  EXPECT_EQ(Replay(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request = Asking({});
  request.set_ledger("430203");
  EXPECT_EQ(Replay(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request.set_ledger("ledgers/9");
  EXPECT_EQ(Replay(request).error_code(), StatusCode::NOT_FOUND);
}

TEST_F(AuditServiceTest, EventIsGotByPositionOrByIdentity) {
  v1::StoredEntry by_position;
  ASSERT_TRUE(GetEvent(At(4), &by_position).ok());
  EXPECT_EQ(by_position.position(), 4u);
  v1::GetEventRequest request;
  request.set_ledger(kLedger);
  request.mutable_identity()->set_source(kSource);
  request.mutable_identity()->set_event_id("a");
  v1::StoredEntry by_identity;
  ASSERT_TRUE(GetEvent(request, &by_identity).ok());
  EXPECT_EQ(by_identity.SerializeAsString(), by_position.SerializeAsString());
}

TEST_F(AuditServiceTest, PersonalDataComesOnlyWhenAskedFor) {
  v1::StoredEntry stored;
  ASSERT_TRUE(GetEvent(At(4), &stored).ok());
  EXPECT_FALSE(stored.has_personal_data());
  EXPECT_THAT(stored.salt(), IsEmpty());
  EXPECT_THAT(stored.entry(), Not(HasSubstr("张三")));

  v1::GetEventRequest request = At(4);
  request.set_include_personal_data(true);
  ASSERT_TRUE(GetEvent(request, &stored).ok());
  EXPECT_EQ(stored.personal_data().payee(), "张三");
  v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(stored.entry()));
  EXPECT_EQ(entry.personal_data_commitment(),
            PersonalDataCommitment(stored.salt(), stored.personal_data()));

  request = At(5);
  request.set_include_personal_data(true);
  ASSERT_TRUE(GetEvent(request, &stored).ok());
  EXPECT_FALSE(stored.has_personal_data());
}

// The same where the server withholds personal data.
class WithheldTest : public ServiceTest {
 protected:
  WithheldTest() : ServiceTest(false, Rights()) {
    EXPECT_TRUE(Append(Opening()).ok());
    EXPECT_TRUE(Append({WithPayee(Spent("a", "2024-03-15", 1), "张三")}).ok());
  }
};

TEST_F(WithheldTest, PersonalDataIsDeniedAndTheRestAnswered) {
  v1::GetEventRequest get;
  get.set_ledger(kLedger);
  get.set_position(3);
  EXPECT_TRUE(GetEvent(get).ok());
  get.set_include_personal_data(true);
  grpc::Status status = GetEvent(get);
  EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED);
  EXPECT_THAT(status.error_message(), HasSubstr("--personal_data=serve"));

  v1::ReplayEventsRequest replay;
  replay.set_ledger(kLedger);
  EXPECT_TRUE(Replay(replay).ok());
  replay.mutable_filter()->set_personal_text("张");
  EXPECT_EQ(Replay(replay).error_code(), StatusCode::PERMISSION_DENIED);

  v1::FindEntriesRequest find;
  find.set_ledger(kLedger);
  EXPECT_TRUE(FindEntries(find).ok());
  find.mutable_filter()->set_personal_text("张");
  status = FindEntries(find);
  EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED);
  EXPECT_THAT(status.error_message(), HasSubstr("filter.personal_text"));
  find.clear_filter();
  find.set_include_personal_data(true);
  EXPECT_EQ(FindEntries(find).error_code(), StatusCode::PERMISSION_DENIED);
}

TEST_F(AuditServiceTest, ReplayKeepsToItsFilter) {
  v1::ReplayEventsRequest request = Asking({});
  request.mutable_filter()->add_kinds("expenditure_recorded");
  std::vector<uint64_t> positions;
  ASSERT_TRUE(Replay(request, &positions).ok());
  EXPECT_THAT(positions, ElementsAre(4, 5));
  // Filter, subject and source hold together.
  request.set_subject(kReport2023);
  positions.clear();
  ASSERT_TRUE(Replay(request, &positions).ok());
  EXPECT_THAT(positions, ElementsAre(5));
  request.set_source("other");
  positions.clear();
  ASSERT_TRUE(Replay(request, &positions).ok());
  EXPECT_THAT(positions, IsEmpty());
  request = Asking({});
  request.mutable_filter()->set_personal_text("张");
  ASSERT_TRUE(Replay(request, &positions).ok());
  EXPECT_THAT(positions, ElementsAre(4));
  request.mutable_filter()->add_kinds("moon");
  EXPECT_EQ(Replay(request).error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(AuditServiceTest, ErasedPersonalDataIsNotAnsweredAndNotFound) {
  ASSERT_TRUE(Append({Erased("e", "a")}).ok());
  v1::GetEventRequest request = At(4);
  request.set_include_personal_data(true);
  v1::StoredEntry stored;
  ASSERT_TRUE(GetEvent(request, &stored).ok());
  EXPECT_FALSE(stored.has_personal_data());
  EXPECT_THAT(stored.salt(), IsEmpty());
  v1::FindEntriesRequest find;
  find.set_ledger(kLedger);
  find.mutable_filter()->set_personal_text("张三");
  v1::FindEntriesResponse found;
  ASSERT_TRUE(FindEntries(find, &found).ok());
  EXPECT_EQ(found.entries_size(), 0);
}

TEST_F(AuditServiceTest, UnknownEventsAreNotFound) {
  EXPECT_EQ(GetEvent(At(6)).error_code(), StatusCode::NOT_FOUND);
  v1::GetEventRequest request;
  request.set_ledger(kLedger);
  request.mutable_identity()->set_source("other");
  request.mutable_identity()->set_event_id("a");
  EXPECT_EQ(GetEvent(request).error_code(), StatusCode::NOT_FOUND);
  request = At(0);
  request.set_ledger("ledgers/9");
  EXPECT_EQ(GetEvent(request).error_code(), StatusCode::NOT_FOUND);
}

TEST_F(AuditServiceTest, MalformedQuestionsForAnEventAreRefused) {
  v1::GetEventRequest request;
  request.set_ledger(kLedger);
  EXPECT_EQ(GetEvent(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request.mutable_identity()->set_source(kSource);
  EXPECT_EQ(GetEvent(request).error_code(), StatusCode::INVALID_ARGUMENT);
  request.mutable_identity()->set_event_id("a");
  AddUnknownField(*request.mutable_identity());
  EXPECT_EQ(GetEvent(request).error_code(), StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace daybook::services
