// Writers that never read what they are answered: each opens a stream on a
// connection of its own and sends batches as fast as the server takes them,
// until it is killed.
//
// usage: stuck_streams ADDRESS LEDGER STREAMS BATCH vouchers|refused
//
// `vouchers` are those of Load, with personal data. `refused` are events of
// which everything is wrong, so that the answers are many times larger than
// they are. Prints now and then
//
//   written BATCHES

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daybook/v1/ledger_service.grpc.pb.h"
#include "tests/support/load.h"

namespace daybook::testing {
namespace {

constexpr absl::Duration told_every = absl::Milliseconds(200);
// No end in sight.
constexpr uint64_t events = 100'000'000;
// Apart from those of other feeders.
constexpr uint32_t first_department = 500'001;

struct Arguments {
  std::string address;
  std::string ledger;
  uint32_t streams = 0;
  uint32_t batch = 0;
  bool refused = false;
};

bool Parse(int argc, char** argv, Arguments& arguments) {
  if (argc != 6) return false;
  const std::string kind = argv[5];
  arguments.address = argv[1];
  arguments.ledger = argv[2];
  arguments.refused = kind == "refused";
  return (kind == "refused" || kind == "vouchers") &&
         absl::SimpleAtoi(argv[3], &arguments.streams) &&
         absl::SimpleAtoi(argv[4], &arguments.batch);
}

LoadOptions OptionsOf(const Arguments& arguments, uint32_t number) {
  LoadOptions options;
  options.seed = 1 + number;
  options.ledger = arguments.ledger;
  options.source = absl::StrCat("stuck-", number);
  options.first_department = first_department + 1'000 * number;
  options.departments = 4;
  options.events = events;
  options.personal_data = true;
  return options;
}

std::shared_ptr<grpc::Channel> ConnectionTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // What nobody reads is to stay with the server.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

void Write(const Arguments& arguments, uint32_t number,
           std::atomic<uint64_t>& written) {
  const auto stub = v1::LedgerService::NewStub(ConnectionTo(arguments.address));
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  const auto stream = stub->StreamEvents(&context);
  const LoadOptions options = OptionsOf(arguments, number);
  v1::StreamEventsRequest request;
  request.mutable_open()->set_ledger(options.ledger);
  request.mutable_open()->set_source(options.source);
  Load load(options);
  LoadEvent event;
  while (stream->Write(request)) {
    ++written;
    v1::StreamBatch& batch = *request.mutable_batch();
    batch.Clear();
    for (uint32_t i = 0; i < arguments.batch; ++i) {
      v1::EventInput& input = *batch.add_inputs();
      if (!arguments.refused && load.Next(event)) input = event.input;
    }
  }
  std::fprintf(stderr, "stuck_streams: stream %u ended\n", number);
}

int Main(int argc, char** argv) {
  Arguments arguments;
  if (!Parse(argc, argv, arguments)) {
    std::fputs("stuck_streams: wrong arguments; see its source\n", stderr);
    return 2;
  }
  std::atomic<uint64_t> written{0};
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < arguments.streams; ++i) {
    threads.emplace_back([&, i] { Write(arguments, i, written); });
  }
  while (true) {
    std::printf("written %ju\n", static_cast<uintmax_t>(written));
    if (std::fflush(stdout) != 0) break;
    absl::SleepFor(told_every);
  }
  // Whoever read this is gone; threads that are stuck can not be joined.
  std::_Exit(0);
}

}  // namespace
}  // namespace daybook::testing

int main(int argc, char** argv) { return daybook::testing::Main(argc, argv); }
