// What the ingest benches send: the vouchers of Load, once what they name is
// recorded.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_BENCH_INGEST_LOAD_H_
#define DAYBOOK_BENCH_INGEST_LOAD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "clients/cpp/stream_writer.h"
#include "daybook/v1/event.pb.h"
#include "tests/support/load.h"

namespace daybook::bench {

// Where and what.
struct Target {
  std::string address;
  // "ledgers/1".
  std::string ledger;
};

// Of the source with this number, whose departments are its own.
testing::LoadOptions OptionsOf(const Target& target, int source,
                               uint64_t events);

// Prints what is wrong, if anything, and stops the process then.
void Check(const absl::Status& status);

// A source that is ready to be fed: its reports are open.
class Feed {
 public:
  Feed(const Target& target, const testing::LoadOptions& options, size_t batch);

  // Makes the events now, so that it costs nothing later.
  void MakeAll();

  // Feeds events until there are none or `go_on` answers false, and waits for
  // the last ack.
  void Run(const std::function<bool()>& go_on = nullptr);

  // Those that were made and are left to be sent otherwise.
  std::vector<v1::EventInput>& inputs() { return inputs_; }
  const std::string& source() const { return options_.source; }

  // Bytes of the events that were fed, personal data included, but for those
  // that were offered twice.
  uint64_t bytes() const { return bytes_; }

 private:
  bool Next(v1::EventInput& input);
  void Add(v1::EventInput input);

  const testing::LoadOptions options_;
  testing::Load load_;
  std::vector<v1::EventInput> inputs_;
  bool made_ = false;
  size_t next_ = 0;
  uint64_t bytes_ = 0;
  uint64_t number_ = 0;
  std::unique_ptr<client::StreamWriter> writer_;
};

}  // namespace daybook::bench

#endif  // DAYBOOK_BENCH_INGEST_LOAD_H_
