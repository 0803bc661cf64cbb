// CreateLedger and ListLedgers over a connection.

#include "services/admin/admin_service.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using AdminServiceTest = ServiceTest;

TEST_F(AdminServiceTest, LedgerIsCreatedOnce) {
  v1::Ledger ledger;
  ASSERT_TRUE(CreateLedger("1", &ledger).ok());
  EXPECT_EQ(ledger.name(), "ledgers/1");
  EXPECT_EQ(ledger.origin(), "daybook.local/ledgers/1");
  EXPECT_EQ(ledger.size(), 1u);
  EXPECT_EQ(CreateLedger("1").error_code(), StatusCode::ALREADY_EXISTS);
}

TEST_F(AdminServiceTest, MalformedLedgersAreRefused) {
  EXPECT_EQ(CreateLedger("").error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(CreateLedger("../x").error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(CreateLedger("ledgers/1").error_code(),
            StatusCode::INVALID_ARGUMENT);
}

TEST_F(AdminServiceTest, ListHoldsEveryLedgerOnceInOrder) {
  for (const char* id : {"1", "2", "7", "9"}) {
    ASSERT_TRUE(CreateLedger(id).ok());
  }
  v1::ListLedgersRequest request;
  request.set_page_size(2);
  std::vector<std::string> names;
  do {
    v1::ListLedgersResponse page;
    ASSERT_TRUE(ListLedgers(request, &page).ok());
    EXPECT_LE(page.ledgers_size(), 2);
    for (const auto& ledger : page.ledgers()) names.push_back(ledger.name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre("ledgers/1", "ledgers/2", "ledgers/430203",
                                 "ledgers/7", "ledgers/9"));
}

TEST_F(AdminServiceTest, ListTellsSizes) {
  ASSERT_TRUE(Append(Opening()).ok());
  v1::ListLedgersResponse page;
  ASSERT_TRUE(ListLedgers({}, &page).ok());
  ASSERT_EQ(page.ledgers_size(), 1);
  EXPECT_EQ(page.ledgers(0).size(), 3u);
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(AdminServiceTest, ALedgerThatCanNotBeOpenedHidesNoOther) {
  ASSERT_TRUE(CreateLedger("7").ok());
  std::filesystem::create_directory(temporary_.path() / "data" / "ledgers" /
                                    "5");
  v1::ListLedgersResponse page;
  ASSERT_TRUE(ListLedgers({}, &page).ok());
  ASSERT_EQ(page.ledgers_size(), 3);
  EXPECT_EQ(page.ledgers(0).problem(), "");
  EXPECT_EQ(page.ledgers(1).name(), "ledgers/5");
  EXPECT_NE(page.ledgers(1).problem(), "");
  EXPECT_EQ(page.ledgers(1).problem_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(page.ledgers(1).size(), 0u);
  EXPECT_EQ(page.ledgers(2).size(), 1u);
}

TEST_F(AdminServiceTest, MadeUpTokensAndPageSizesAreRefused) {
  v1::ListLedgersRequest request;
  v1::ListLedgersResponse page;
  request.set_page_token("ledgers/1");
  EXPECT_EQ(ListLedgers(request, &page).error_code(),
            StatusCode::INVALID_ARGUMENT);
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_EQ(ListLedgers(request, &page).error_code(),
            StatusCode::INVALID_ARGUMENT);
  request.set_page_size(0);
  AddUnknownField(request);
  EXPECT_EQ(ListLedgers(request, &page).error_code(),
            StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace daybook::services
