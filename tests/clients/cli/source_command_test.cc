// `daybook source refusals`: how refusals of events and of whole batches are
// printed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "clients/cli/run.h"
#include "tests/clients/fake_ledger_service.h"
#include "tests/clients/text_proto.h"

namespace daybook::cli {
namespace {

using testing::FakeLedgerService;
using testing::FromText;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Refusals(const v1::ListRefusalsResponse& refusals,
                     const std::string& format) {
  FakeLedgerService service;
  service.SetRefusals(refusals);
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Streams streams{in, out, err};
  EXPECT_EQ(
      Run({"source", "refusals", "430203", "accounting", "--format=" + format},
          service.address(), streams),
      kDone)
      << err.str();
  return out.str();
}

v1::ListRefusalsResponse EventAndBatches() {
  return FromText<v1::ListRefusalsResponse>(R"pb(
    refusals {
      number: 2
      principal: "local"
      batch { code: 10 message: "previous_cursor: elsewhere" events: 1 }
    }
    refusals {
      number: 1
      principal: "local"
      batch { code: 3 message: "inputs: too many; split them" events: 4097 }
    }
    refusals {
      number: 0
      principal: "local"
      subject: "ledgers/430203"
      refusal {
        event_id: "e1"
        problems {
          field: "event.amount"
          value: "0"
          message: "is zero"
          remedy: "give more"
        }
      }
    }
  )pb");
}

TEST(SourceCommandTest, EventsAndWholeBatchesAreRowsOfOneTable) {
  EXPECT_EQ(Refusals(EventAndBatches(), "csv"),
            "number,time,principal,event,subject,field,value,why,retryable\n"
            "2,1970-01-01 08:00:00,local,,,batch,1 event,ABORTED: "
            "previous_cursor: elsewhere,yes\n"
            "1,1970-01-01 08:00:00,local,,,batch,4097 events,"
            "INVALID_ARGUMENT: inputs: too many; split them,no\n"
            "0,1970-01-01 08:00:00,local,e1,ledgers/430203,event.amount,0,"
            "is zero; give more,no\n");
}

TEST(SourceCommandTest, OtherFormatsHaveTheBatchToo) {
  EXPECT_THAT(Refusals(EventAndBatches(), "text"), HasSubstr("4097 events"));
  const std::string json = Refusals(EventAndBatches(), "json");
  EXPECT_THAT(json, StartsWith("{"));
  EXPECT_THAT(json, HasSubstr("\"events\":4097"));
}

}  // namespace
}  // namespace daybook::cli
