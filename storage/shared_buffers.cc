#include "storage/shared_buffers.h"

namespace daybook::storage {

SharedBuffers::Share::Share(SharedBuffers& buffers, std::function<bool()> flush)
    : buffers_(buffers), flush_(std::move(flush)) {
  absl::MutexLock lock(&buffers_.mutex_);
  buffers_.shares_.insert(this);
}

// Waits for a flush of it that another log's thread has begun.
SharedBuffers::Share::~Share() {
  absl::MutexLock lock(&buffers_.mutex_);
  buffers_.shares_.erase(this);
}

void SharedBuffers::Share::Wrote() {
  written_.store(buffers_.writes_.fetch_add(1) + 1);
  if (buffers_.RunShort()) buffers_.MakeRoom(*this);
}

void SharedBuffers::MakeRoom(const Share& writer) {
  // Another log's thread that is at it will do.
  if (!mutex_.TryLock()) return;
  Share* resting = nullptr;
  for (Share* const share : shares_) {
    if (share == &writer || share->written_ == 0) continue;
    if (resting == nullptr || share->written_ < resting->written_) {
      resting = share;
    }
  }
  if (resting != nullptr) {
    // Before: what is written meanwhile counts again.
    uint64_t none = 0;
    const uint64_t written = resting->written_.exchange(none);
    if (!resting->flush_()) {
      resting->written_.compare_exchange_strong(none, written);
    }
  }
  mutex_.Unlock();
}

}  // namespace daybook::storage
