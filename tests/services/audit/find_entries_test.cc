// FindEntries: pages, what a call reads at most, and tokens.

#include "services/audit/find_entries.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Entries: 0 genesis, 1 department, 2 report, then 1,000 vouchers of 1 to 1,000
// fen, every tenth with a payee.
class FindEntriesTest : public ServiceTest {
 protected:
  FindEntriesTest() {
    EXPECT_TRUE(Append(Opening()).ok());
    Inputs inputs;
    for (int i = 0; i < 1'000; ++i) {
      inputs.push_back(Spent(absl::StrCat("v", i), "2024-03-15", i + 1));
      if (i % 10 == 0) inputs.back() = WithPayee(inputs.back(), "张三");
    }
    EXPECT_TRUE(Append(inputs).ok());
    request_.set_ledger(kLedger);
  }

  std::vector<uint64_t> Page(v1::FindEntriesResponse& page) {
    EXPECT_TRUE(FindEntries(request_, &page).ok());
    return PositionsOf(page);
  }

  static std::vector<uint64_t> PositionsOf(
      const v1::FindEntriesResponse& page) {
    std::vector<uint64_t> positions;
    for (const v1::StoredEntry& stored : page.entries()) {
      positions.push_back(stored.position());
    }
    return positions;
  }

  LedgerEngine& Ledger() {
    // A second one of the same data directory is the same.
    return **ledgers_.Find(kLedgerId);
  }

  v1::FindEntriesRequest request_;
  LedgerRegistry ledgers_{*directory_, clock_, {}};
};

TEST_F(FindEntriesTest, PagesFollowEachOtherWithoutGapOrRepetition) {
  request_.mutable_filter()->set_amount_from_fen(996);
  request_.set_page_size(2);
  v1::FindEntriesResponse page;
  EXPECT_THAT(Page(page), ElementsAre(998, 999));
  EXPECT_EQ(page.size(), 1'003u);
  EXPECT_EQ(page.read_size(), 1'000u);
  // What comes meanwhile is of no page.
  ASSERT_TRUE(Append({Spent("later", "2024-03-15", 2'000)}).ok());
  request_.set_page_token(page.next_page_token());
  EXPECT_THAT(Page(page), ElementsAre(1'000, 1'001));
  request_.set_page_token(page.next_page_token());
  EXPECT_THAT(Page(page), ElementsAre(1'002));
  EXPECT_EQ(page.next_page_token(), "");
  EXPECT_EQ(page.read_size(), 1'003u);
  EXPECT_EQ(page.size(), 1'003u);
}

TEST_F(FindEntriesTest, WithoutAFilterEverythingIsFound) {
  request_.set_page_size(1'000);
  v1::FindEntriesResponse page;
  EXPECT_EQ(Page(page).size(), 1'000u);
  request_.set_page_token(page.next_page_token());
  EXPECT_THAT(Page(page), ElementsAre(1'000, 1'001, 1'002));
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(FindEntriesTest, PersonalDataIsSearchedAndAnsweredWhenAskedFor) {
  request_.mutable_filter()->set_personal_text("张");
  request_.mutable_filter()->set_amount_through_fen(20);
  v1::FindEntriesResponse page;
  EXPECT_THAT(Page(page), ElementsAre(3, 13));
  EXPECT_FALSE(page.entries(0).has_personal_data());
  request_.set_include_personal_data(true);
  EXPECT_THAT(Page(page), ElementsAre(3, 13));
  EXPECT_EQ(page.entries(0).personal_data().payee(), "张三");
  EXPECT_EQ(page.entries(0).salt().size(), 16u);
}

TEST_F(FindEntriesTest, TokensBelongToTheirQuestion) {
  request_.set_page_size(1);
  v1::FindEntriesResponse page;
  Page(page);
  request_.set_page_token(page.next_page_token());
  request_.set_page_size(2);
  EXPECT_THAT(Page(page), ElementsAre(1, 2));
  request_.mutable_filter()->set_number("x");
  EXPECT_EQ(FindEntries(request_).error_code(), StatusCode::INVALID_ARGUMENT);
  request_.clear_filter();
  request_.set_include_personal_data(true);
  EXPECT_EQ(FindEntries(request_).error_code(), StatusCode::INVALID_ARGUMENT);
  request_.set_include_personal_data(false);
  request_.set_page_token("forged");
  EXPECT_EQ(FindEntries(request_).error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(FindEntriesTest, MalformedQuestionsAreRefused) {
  request_.set_page_size(1'001);
  EXPECT_EQ(FindEntries(request_).error_code(), StatusCode::INVALID_ARGUMENT);
  request_.set_page_size(-1);
  EXPECT_EQ(FindEntries(request_).error_code(), StatusCode::INVALID_ARGUMENT);
  request_.set_page_size(0);
  request_.mutable_filter()->set_amount_from_fen(-1);
  EXPECT_EQ(FindEntries(request_).error_code(), StatusCode::INVALID_ARGUMENT);
  request_.clear_filter();
  AddUnknownField(request_);
  EXPECT_EQ(FindEntries(request_).error_code(), StatusCode::INVALID_ARGUMENT);
  v1::FindEntriesRequest other;
  other.set_ledger("ledgers/9");
  EXPECT_EQ(FindEntries(other).error_code(), StatusCode::NOT_FOUND);
}

TEST_F(FindEntriesTest, ACallEndsWhereItHasReadOrAnsweredEnough) {
  server_ = nullptr;
  request_.mutable_filter()->set_amount_from_fen(1'000);
  const auto go_on = [] { return true; };
  // Nothing in the first chunks: an empty page that leads on.
  auto page = services::FindEntries(Ledger(), request_, go_on,
                                    {.entries_max = 512});
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(PositionsOf(*page), IsEmpty());
  EXPECT_EQ(page->read_size(), 512u);
  request_.set_page_token(page->next_page_token());
  page = services::FindEntries(Ledger(), request_, go_on);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(PositionsOf(*page), ElementsAre(1'002));
  // Time is up after each chunk, and still it gets on.
  request_.clear_page_token();
  int calls = 0;
  for (bool more = true; more; ++calls) {
    page = services::FindEntries(Ledger(), request_, [] { return false; });
    ASSERT_TRUE(page.ok()) << page.status();
    request_.set_page_token(page->next_page_token());
    more = !request_.page_token().empty();
  }
  EXPECT_EQ(calls, 4);
  EXPECT_THAT(PositionsOf(*page), ElementsAre(1'002));
  // One entry is always taken, however long.
  request_.clear_filter();
  request_.clear_page_token();
  page = services::FindEntries(Ledger(), request_, go_on, {.bytes_max = 1});
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(PositionsOf(*page), ElementsAre(0));
}

}  // namespace
}  // namespace daybook::services
