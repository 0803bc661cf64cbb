#include "clients/cpp/stream_queue.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace daybook::client {

bool StreamQueue::FormingIsFull(size_t bytes) const {
  return forming_ != nullptr && (EventsOf(*forming_) >= limits_.batch_events ||
                                 forming_->bytes + bytes > limits_.batch_bytes);
}

bool StreamQueue::HasRoom(size_t bytes) const {
  if (empty()) return true;
  if (bytes_ + bytes > limits_.bytes) return false;
  return !FormingIsFull(bytes) || CanSeal();
}

void StreamQueue::Add(v1::EventInput input, size_t bytes,
                      std::optional<std::string> cursor,
                      OutcomeCallback callback) {
  if (FormingIsFull(bytes)) Seal();
  if (forming_ == nullptr) {
    forming_ = std::make_shared<StreamBatch>();
    forming_->first_number = added_;
    v1::StreamBatch& batch = *forming_->request.mutable_batch();
    batch.set_atomic(manner_.atomic);
    batch.set_advance_past_retryable(manner_.advance_past_retryable);
  }
  const size_t place = EventsOf(*forming_);
  *forming_->request.mutable_batch()->add_inputs() = std::move(input);
  forming_->bytes += bytes;
  bytes_ += bytes;
  ++added_;
  if (cursor.has_value()) {
    forming_->cursor = std::move(cursor);
    forming_->guarded = true;
  }
  if (callback != nullptr) {
    forming_->callbacks.resize(place + 1);
    forming_->callbacks[place] = std::move(callback);
  }
  if (FormingIsFull(0) && CanSeal()) Seal();
}

bool StreamQueue::CanSeal() const {
  return forming_ != nullptr && batches_.size() < limits_.batches;
}

void StreamQueue::Seal() {
  DAYBOOK_CHECK(CanSeal());
  forming_->request.mutable_batch()->set_correlation_id(batches_made_++);
  batches_.push_back(std::move(forming_));
  forming_ = nullptr;
}

std::shared_ptr<const StreamBatch> StreamQueue::NextToSend() {
  if (sent_ == batches_.size()) return nullptr;
  std::shared_ptr<StreamBatch> next = batches_[sent_++];
  v1::StreamBatch& batch = *next->request.mutable_batch();
  batch.clear_cursor();
  batch.clear_previous_cursor();
  if (next->guarded) batch.set_previous_cursor(cursor_sent_);
  if (next->cursor.has_value()) {
    batch.set_cursor(*next->cursor);
    cursor_sent_ = *next->cursor;
  }
  return next;
}

absl::Status StreamQueue::Resume(const std::string& cursor) {
  if (resumed_ && cursor != cursor_) {
    size_t recorded = 0;
    while (recorded < batches_.size() && batches_[recorded]->cursor != cursor) {
      ++recorded;
    }
    if (recorded == batches_.size()) {
      return absl::AbortedError(absl::StrCat(
          "cursor '", cursor, "': the source stood at '", cursor_,
          "' and this writer did not move it there; another one feeds the same "
          "source. Stop one of them, and go on from the source's cursor"));
    }
    for (size_t i = 0; i <= recorded; ++i) batches_[i]->cursor.reset();
  }
  resumed_ = true;
  cursor_ = cursor;
  cursor_sent_ = cursor;
  sent_ = 0;
  return absl::OkStatus();
}

absl::Status StreamQueue::CheckAck(const v1::BatchAck& ack) const {
  if (sent_ == 0) {
    return absl::InternalError(
        "the server acked a batch that was never sent; it is not to be "
        "trusted");
  }
  const v1::StreamBatch& batch = batches_.front()->request.batch();
  if (ack.correlation_id() != batch.correlation_id()) {
    return absl::InternalError(absl::StrCat(
        "the server acked batch ", ack.correlation_id(), ", and batch ",
        batch.correlation_id(), " is next; it is not to be trusted"));
  }
  if (ack.has_error()) return absl::OkStatus();
  if (ack.outcomes_size() != batch.inputs_size() ||
      ack.positions_size() != batch.inputs_size()) {
    return absl::InternalError(
        absl::StrCat("the server's ack has ", ack.outcomes_size(),
                     " outcomes and ", ack.positions_size(), " positions for ",
                     batch.inputs_size(), " events; it is not to be trusted"));
  }
  return absl::OkStatus();
}

void StreamQueue::Pop(const std::string& cursor) {
  const StreamBatch& front = *batches_.front();
  bytes_ -= front.bytes;
  answered_ += EventsOf(front);
  batches_.pop_front();
  --sent_;
  cursor_ = cursor;
  // What waited for a place.
  if (FormingIsFull(0) && CanSeal()) Seal();
}

std::deque<std::shared_ptr<StreamBatch>> StreamQueue::TakeAll() {
  std::deque<std::shared_ptr<StreamBatch>> all = std::move(batches_);
  if (forming_ != nullptr) all.push_back(std::move(forming_));
  batches_.clear();
  forming_ = nullptr;
  sent_ = 0;
  bytes_ = 0;
  answered_ = added_;
  return all;
}

}  // namespace daybook::client
