// Damage in what is stored fails the batches that need it, and none of those
// that are decided in the same group.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/entry_codec.h"
#include "tests/services/engine/engine_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::services {
namespace {

using ::daybook::testing::StatusIs;
using ::testing::ElementsAre;

// Fixture DamageInAGroupTest: an event whose salt is damaged, and the verb
// AppendTogether.
class DamageInAGroupTest : public EngineTest {
 protected:
  DamageInAGroupTest() {
    Append(Opening());
    Append({Approved("a1", "2024-01-05", 100'000)});
    Append({damaged_});
    const auto log = directory_->OpenLedger(kLedgerId);
    EXPECT_TRUE(log.ok());
    EXPECT_TRUE((*log)
                    ->WriteSide({{storage::Space::kPersonal,
                                  PositionBytes(Position(4)), "\xFF"}})
                    .ok());
  }

  // One group of a batch of each source: the writer is held until all are
  // there.
  std::vector<absl::StatusOr<AppendOutcome>> AppendTogether(
      const std::vector<std::pair<std::string, Inputs>>& batches) {
    LedgerWriter& writer = engine_->writer();
    std::vector<std::unique_ptr<AppendTicket>> tickets;
    const absl::Status held = writer.Hold([&] {
      for (const auto& [source, inputs] : batches) {
        AppendCommand command;
        command.principal = local_principal;
        command.source = source;
        command.inputs->Assign(inputs.begin(), inputs.end());
        auto prepared = writer.Prepare(std::move(command));
        EXPECT_TRUE(prepared.ok()) << prepared.status();
        const size_t bytes = prepared->bytes;
        tickets.push_back(std::make_unique<AppendTicket>(*std::move(prepared)));
        EXPECT_TRUE(writer.Reserve(bytes));
        writer.Enqueue(*tickets.back(), bytes);
      }
      return absl::OkStatus();
    });
    EXPECT_TRUE(held.ok()) << held;
    std::vector<absl::StatusOr<AppendOutcome>> answers;
    for (const auto& ticket : tickets) answers.push_back(writer.Await(*ticket));
    return answers;
  }

  const v1::EventInput damaged_ =
      WithPayee(Spent("v1", "2024-03-15", 1'000), "payee");
};

TEST_F(DamageInAGroupTest, OtherBatchesOfTheGroupAreRecorded) {
  const auto answers = AppendTogether(
      {{"cashier", {Spent("c1", "2024-03-15", 100)}},
       {kSource, {damaged_}},
       {"payroll",
        {Spent("p1", "2024-03-15", 200), Spent("p2", "2024-03-16", 300)}}});
  ASSERT_TRUE(answers[0].ok()) << answers[0].status();
  EXPECT_THAT(Results(*answers[0]), ElementsAre("created 5"));
  EXPECT_THAT(answers[1], StatusIs(absl::StatusCode::kDataLoss));
  ASSERT_TRUE(answers[2].ok()) << answers[2].status();
  EXPECT_THAT(Results(*answers[2]), ElementsAre("created 6", "created 7"));
  Reopen();
  EXPECT_EQ(EntryAt(5).source(), "cashier");
  EXPECT_EQ(EntryAt(7).event().event_id(), "p2");
}

TEST_F(DamageInAGroupTest, LaterBatchesAreDecidedOverEarlierOnes) {
  const auto answers =
      AppendTogether({{kSource, {damaged_}},
                      {"cashier", {Spent("c1", "2024-03-15", 100)}},
                      {"clerk", {Approved("b1", "2024-01-06", 50)}}});
  EXPECT_THAT(answers[0], StatusIs(absl::StatusCode::kDataLoss));
  ASSERT_TRUE(answers[1].ok()) << answers[1].status();
  ASSERT_TRUE(answers[2].ok()) << answers[2].status();
  // Both changed the same report.
  const std::string bytes = ReportBytes();
  Reopen();
  EXPECT_EQ(ReportBytes(), bytes);
}

TEST_F(DamageInAGroupTest, ABatchOfItsOwnIsStillRefused) {
  EXPECT_THAT(TryAppend({damaged_}), StatusIs(absl::StatusCode::kDataLoss));
  Append({Spent("v2", "2024-03-15", 100)});
}

}  // namespace
}  // namespace daybook::services
