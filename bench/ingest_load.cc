#include "bench/ingest_load.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace daybook::bench {
namespace {

// Enough to keep both sides busy, and no more than either may hold.
size_t InFlight(size_t batch) {
  return std::clamp<size_t>(4'096 / batch, 4, 256);
}

}  // namespace

testing::LoadOptions OptionsOf(const Target& target, int source,
                               uint64_t events) {
  testing::LoadOptions options;
  options.ledger = target.ledger;
  options.source = absl::StrCat("accounting-", source);
  options.first_department = 101'001 + 1'000 * static_cast<uint32_t>(source);
  options.seed = 1 + static_cast<uint64_t>(source);
  options.events = events;
  return options;
}

void Check(const absl::Status& status) {
  if (!status.ok()) std::cerr << "ingest_bench: " << status << "\n";
  DAYBOOK_CHECK(status.ok());
}

Feed::Feed(const Target& target, const testing::LoadOptions& options,
           size_t batch)
    : options_(options), load_(options) {
  client::StreamWriterOptions how;
  how.ledger = target.ledger;
  how.source = options.source;
  how.batch_events = batch;
  how.batch_bytes = size_t{8} << 20;
  how.in_flight_batches_max = InFlight(batch);
  how.on_outcome = [](const client::EventOutcome& outcome) {
    if (outcome.refusal == nullptr) return;
    Check(absl::InternalError(outcome.refusal->ShortDebugString()));
  };
  auto writer = client::StreamWriter::Open(target.address, how);
  Check(writer.status());
  writer_ = *std::move(writer);
  testing::LoadEvent event;
  for (uint64_t i = 0; i < load_.set_up_total(); ++i) {
    DAYBOOK_CHECK(load_.Next(event));
    Add(event.input);
  }
  Check(writer_->Flush());
  bytes_ = 0;
}

void Feed::MakeAll() {
  testing::LoadEvent event;
  while (load_.Next(event)) inputs_.push_back(event.input);
  made_ = true;
}

bool Feed::Next(v1::EventInput& input) {
  if (made_) {
    if (next_ == inputs_.size()) return false;
    input = std::move(inputs_[next_++]);
    return true;
  }
  testing::LoadEvent event;
  if (!load_.Next(event)) return false;
  input = std::move(event.input);
  if (event.kind != testing::LoadKind::kDuplicate) {
    bytes_ += input.event().ByteSizeLong();
    bytes_ += input.personal_data().ByteSizeLong();
  }
  return true;
}

void Feed::Add(v1::EventInput input) {
  client::AddOptions how;
  how.cursor = absl::StrCat(++number_);
  Check(writer_->Add(std::move(input), std::move(how)));
}

void Feed::Run(const std::function<bool()>& go_on) {
  v1::EventInput input;
  while ((go_on == nullptr || go_on()) && Next(input)) Add(std::move(input));
  Check(writer_->Flush());
}

}  // namespace daybook::bench
