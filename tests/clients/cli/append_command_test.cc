// `daybook append` against a server that refuses, breaks and forgets: what is
// printed, with which exit code, and what was recorded.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/run.h"
#include "tests/clients/fake_ledger_service.h"

namespace daybook::cli {
namespace {

using testing::FakeLedgerService;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Fate = FakeLedgerService::Fate;

struct Answer {
  int code = 0;
  std::string out;
  std::string err;
};

std::string Line(const std::string& id) {
  return absl::StrCat(R"({"event":{"eventId":")", id,
                      R"(","subject":"ledgers/430203"}})", "\n");
}

Answer Append(const FakeLedgerService& service,
              const std::vector<std::string>& ids, int batch_size = 2) {
  std::string lines;
  for (const std::string& id : ids) lines += Line(id);
  std::istringstream in(lines);
  std::ostringstream out;
  std::ostringstream err;
  Streams streams{in, out, err};
  Answer answer;
  answer.code = Run({"append", "--source=accounting",
                     absl::StrCat("--batch-size=", batch_size), "-"},
                    service.address(), streams);
  answer.out = out.str();
  answer.err = err.str();
  return answer;
}

TEST(AppendCommandTest, SaysHowManyWereNew) {
  FakeLedgerService service;
  EXPECT_EQ(Append(service, {"a", "b", "c"}).out,
            "recorded 3 events (3 new, 0 already there), ledger size 3\n");
  EXPECT_EQ(Append(service, {"a", "b", "c", "d"}).out,
            "recorded 4 events (1 new, 3 already there), ledger size 4\n");
  // A file is none of the source's feeds.
  EXPECT_THAT(service.cursor(), IsEmpty());
}

TEST(AppendCommandTest, NothingOfARefusedBatchNorBehindItIsRecorded) {
  FakeLedgerService service;
  const Answer answer =
      Append(service, {"a", "b", "c", "refused", "e", "f", "g"});
  EXPECT_EQ(answer.code, kRefused);
  EXPECT_THAT(answer.err,
              HasSubstr("standard input:4: refused: INVALID_ARGUMENT"));
  EXPECT_THAT(answer.err,
              HasSubstr("1 of 2 events refused; nothing of this batch was "
                        "recorded, the 2 events before it are"));
  EXPECT_THAT(answer.out, IsEmpty());
  EXPECT_THAT(service.recorded(), SizeIs(2));
}

TEST(AppendCommandTest, ABrokenConnectionIsMended) {
  for (const Fate fate : {Fate::kBreakBefore, Fate::kLoseAck}) {
    FakeLedgerService service(
        [&](uint64_t batch) { return batch == 1 ? fate : Fate::kAck; });
    const Answer answer = Append(service, {"a", "b", "c", "d", "e"});
    EXPECT_EQ(answer.code, kDone) << answer.err;
    EXPECT_THAT(answer.out, HasSubstr("recorded 5 events"));
    EXPECT_THAT(service.recorded(), SizeIs(5));
  }
}

TEST(AppendCommandTest, AMissingLedgerHasACodeOfItsOwn) {
  FakeLedgerService service;
  service.SetOpenError({grpc::StatusCode::NOT_FOUND, "ledger: not there"});
  const Answer answer = Append(service, {"a"});
  EXPECT_EQ(answer.code, kNotFound);
  EXPECT_THAT(answer.err, HasSubstr("ledger: not there; nothing was recorded"));
}

TEST(AppendCommandTest, ShowsNoMoreThanTheFirstRefusals) {
  FakeLedgerService service;
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(absl::StrCat("refused", i));
  const Answer answer = Append(service, ids, 20);
  EXPECT_EQ(answer.code, kRefused);
  EXPECT_THAT(answer.err, HasSubstr("refused15"));
  EXPECT_THAT(answer.err, Not(HasSubstr("refused16")));
  EXPECT_THAT(answer.err, HasSubstr("and 4 more"));
  EXPECT_THAT(answer.err, HasSubstr("20 of 20 events refused"));
}

}  // namespace
}  // namespace daybook::cli
