// Feeds made-up events through a StreamWriter and says of each what became of
// it, so that whoever kills this program, or the server, can tell afterwards
// what must be in the ledger.
//
// usage: stream_feeder feed ADDRESS LEDGER NUMBER EVENTS BATCH
//        stream_feeder list ADDRESS LEDGER NUMBER EVENTS BATCH
//
// NUMBER makes a source of its own, with departments of its own. Its cursor is
// the number of events offered so far; `feed` goes on from there. It prints,
// line by line,
//
//   opened CURSOR           where the source stood
//   acked CURSOR POSITION   the event was recorded, now or before
//   refused CURSOR          the event was refused
//
// and exits with 0 when all were answered. `list` prints what `feed` offers,
// and asks nobody:
//
//   CURSOR EVENT_ID new|duplicate|refused

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cpp/stream_writer.h"
#include "tests/support/load.h"

namespace daybook::testing {
namespace {

using client::EventOutcome;
using client::StreamWriter;

// A server that is started anew is there within this time.
constexpr absl::Duration outage_max = absl::Seconds(120);
constexpr absl::Duration wait = absl::Milliseconds(20);
constexpr absl::Duration wait_max = absl::Milliseconds(100);

struct Arguments {
  std::string mode;
  std::string address;
  std::string ledger;
  uint32_t number = 0;
  uint64_t events = 0;
  size_t batch = 0;
};

bool Parse(int argc, char** argv, Arguments& arguments) {
  if (argc != 7) return false;
  arguments.mode = argv[1];
  arguments.address = argv[2];
  arguments.ledger = argv[3];
  return (arguments.mode == "feed" || arguments.mode == "list") &&
         absl::SimpleAtoi(argv[4], &arguments.number) &&
         absl::SimpleAtoi(argv[5], &arguments.events) &&
         absl::SimpleAtoi(argv[6], &arguments.batch);
}

LoadOptions OptionsOf(const Arguments& arguments) {
  LoadOptions options;
  options.seed = 1 + arguments.number;
  options.ledger = arguments.ledger;
  options.source = absl::StrCat("accounting-", arguments.number);
  options.first_department = 101'001 + 1'000 * arguments.number;
  options.departments = 20;
  options.events = arguments.events;
  options.refused = 20;
  options.personal_data = true;
  return options;
}

const char* WordFor(LoadKind kind) {
  switch (kind) {
    case LoadKind::kDuplicate:
      return "duplicate";
    case LoadKind::kRefusedRetryable:
    case LoadKind::kRefusedPermanent:
      return "refused";
    default:
      return "new";
  }
}

int List(const LoadOptions& options) {
  Load load(options);
  LoadEvent event;
  for (uint64_t cursor = 1; load.Next(event); ++cursor) {
    std::printf("%ju %s %s\n", static_cast<uintmax_t>(cursor),
                event.input.event().event_id().c_str(), WordFor(event.kind));
  }
  return 0;
}

void Tell(uint64_t cursor, const EventOutcome& outcome) {
  switch (outcome.kind) {
    case EventOutcome::Kind::kCreated:
    case EventOutcome::Kind::kReplayed:
      std::printf("acked %ju %ju\n", static_cast<uintmax_t>(cursor),
                  static_cast<uintmax_t>(outcome.position));
      return;
    case EventOutcome::Kind::kRefused:
      std::printf("refused %ju\n", static_cast<uintmax_t>(cursor));
      return;
    // Nobody may rely on these.
    case EventOutcome::Kind::kNotRecorded:
    case EventOutcome::Kind::kUnknown:
      return;
  }
}

// The server may be away from the start.
absl::StatusOr<std::unique_ptr<StreamWriter>> Open(const Arguments& arguments) {
  client::StreamWriterOptions how;
  how.ledger = arguments.ledger;
  how.source = OptionsOf(arguments).source;
  how.batch_events = arguments.batch;
  // The feeder before this one may have been killed with batches on their way.
  how.exclusive = true;
  how.advance_past_retryable = true;
  how.wait = wait;
  how.wait_max = wait_max;
  how.tries_max = static_cast<int>(outage_max / wait_max);
  const absl::Time deadline = absl::Now() + outage_max;
  while (true) {
    auto writer = StreamWriter::Open(arguments.address, how);
    if (!absl::IsUnavailable(writer.status()) || absl::Now() > deadline) {
      return writer;
    }
    absl::SleepFor(wait_max);
  }
}

absl::Status Feed(const Arguments& arguments) {
  auto writer = Open(arguments);
  if (!writer.ok()) return writer.status();
  uint64_t done = 0;
  const std::string& stands = (*writer)->opened().cursor();
  if (!stands.empty() && !absl::SimpleAtoi(stands, &done)) {
    return absl::InternalError(absl::StrCat("cursor '", stands, "'"));
  }
  std::printf("opened %ju\n", static_cast<uintmax_t>(done));
  Load load(OptionsOf(arguments));
  LoadEvent event;
  for (uint64_t cursor = 1; load.Next(event); ++cursor) {
    if (cursor <= done) continue;
    client::AddOptions options;
    options.cursor = absl::StrCat(cursor);
    options.callback = [cursor](const EventOutcome& outcome) {
      Tell(cursor, outcome);
    };
    const absl::Status added =
        (*writer)->Add(std::move(event.input), std::move(options));
    if (!added.ok()) return added;
  }
  return (*writer)->Finish();
}

int Main(int argc, char** argv) {
  Arguments arguments;
  if (!Parse(argc, argv, arguments)) {
    std::fputs("stream_feeder: wrong arguments; see its source\n", stderr);
    return 2;
  }
  if (arguments.mode == "list") return List(OptionsOf(arguments));
  // Each line is out before the next event is told.
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  const absl::Status fed = Feed(arguments);
  if (fed.ok()) return 0;
  std::fprintf(stderr, "stream_feeder: %s\n", fed.ToString().c_str());
  return 1;
}

}  // namespace
}  // namespace daybook::testing

int main(int argc, char** argv) { return daybook::testing::Main(argc, argv); }
