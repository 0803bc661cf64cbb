#include "services/engine/pending_lineage.h"

#include <utility>

#include "core/base/check.h"
#include "core/report/lineage_block.h"

namespace daybook::services {

PendingLineage::PendingLineage(const PendingLineageLimits& limits)
    : limits_(limits) {}

void PendingLineage::BeginGroup() {
  DAYBOOK_CHECK(before_.empty() && at_once_.empty());
  if (tails_ > limits_.tails_max) Evict();
  ++group_;
  added_ = 0;
}

void PendingLineage::Evict() {
  last_subject_ = nullptr;
  tails_ = 0;
  for (auto subject = subjects_.begin(); subject != subjects_.end();) {
    const auto current = subject++;
    if (current->second->blocks.empty()) {
      subjects_.erase(current);
      continue;
    }
    auto& tails = current->second->tails;
    for (auto tail = tails.begin(); tail != tails.end();) {
      const auto known = tail++;
      if (known->second.waiting == nullptr) tails.erase(known);
    }
    tails_ += tails.size();
  }
}

PendingLineage::Subject& PendingLineage::FindOrAdd(absl::string_view name) {
  if (last_subject_ == nullptr || last_subject_->name != name) {
    std::unique_ptr<Subject>& subject = subjects_[name];
    if (subject == nullptr) {
      subject = std::make_unique<Subject>();
      subject->name = std::string(name);
    }
    last_subject_ = subject.get();
  }
  return *last_subject_;
}

PendingLineage::Tail* PendingLineage::FindTail(Subject& subject,
                                               uint32_t bucket) {
  const auto found = subject.tails.find(bucket);
  return found == subject.tails.end() ? nullptr : &found->second;
}

PendingLineage::Tail& PendingLineage::SetTail(Subject& subject, uint32_t bucket,
                                              const Tail& tail) {
  const auto [place, added] = subject.tails.insert_or_assign(bucket, tail);
  if (added) ++tails_;
  return place->second;
}

void PendingLineage::NoteBefore(Subject& subject, uint32_t bucket, Tail& tail) {
  if (tail.group == group_) return;
  const Block* const waiting = tail.waiting;
  before_.push_back({&subject, bucket, tail,
                     waiting == nullptr ? 0 : waiting->rows,
                     waiting == nullptr ? 0 : waiting->bytes.size()});
  tail.group = group_;
}

PendingLineage::Block& PendingLineage::BeginToWait(Subject& subject,
                                                   uint32_t bucket, Tail& tail,
                                                   Position from,
                                                   bool at_once) {
  Block& block = (at_once ? at_once_ : subject.blocks).emplace_back();
  block.subject = &subject;
  block.bucket = bucket;
  block.first = tail.first;
  block.waits_from = from;
  block.stored_bytes = tail.stored_bytes;
  tail.waiting = &block;
  if (!at_once) {
    queue_.push_back(&block);
    ++added_;
  }
  return block;
}

void PendingLineage::BeginBlock(Subject& subject, uint32_t bucket, Tail& tail,
                                Position first, std::string header,
                                bool at_once) {
  NoteBefore(subject, bucket, tail);
  tail.first = first;
  tail.rows = 0;
  tail.stored_bytes = 0;
  Block& block = BeginToWait(subject, bucket, tail, first, at_once);
  block.bytes = std::move(header);
  if (at_once) return;
  subject.bytes += block.bytes.size();
  bytes_ += block.bytes.size();
}

void PendingLineage::Add(Subject& subject, uint32_t bucket, Tail& tail,
                         const MoneyRow& row, bool at_once) {
  DAYBOOK_CHECK(tail.rows < block_rows_max);
  NoteBefore(subject, bucket, tail);
  Block& block = tail.waiting != nullptr ? *tail.waiting
                                         : BeginToWait(subject, bucket, tail,
                                                       row.position, at_once);
  const size_t before = block.bytes.size();
  AppendBlockRow(row, tail.first, block.bytes);
  ++tail.rows;
  ++block.rows;
  if (at_once) return;
  const size_t added = block.bytes.size() - before;
  subject.bytes += added;
  bytes_ += added;
  ++rows_;
}

size_t PendingLineage::CountDue(LogSize size) const {
  size_t rows = rows_;
  size_t bytes = bytes_;
  size_t count = 0;
  for (const Block* const block : queue_) {
    if (rows <= limits_.rows_max && bytes <= limits_.bytes_max &&
        size.value() - block->waits_from.value() <= limits_.entries_max) {
      break;
    }
    rows -= block->rows;
    bytes -= block->bytes.size();
    ++count;
  }
  return count;
}

std::vector<const PendingLineage::Block*> PendingLineage::Due(
    size_t count) const {
  std::vector<const Block*> due(queue_.begin(),
                                queue_.begin() + static_cast<ptrdiff_t>(count));
  for (const Block& block : at_once_) due.push_back(&block);
  return due;
}

LogSize PendingLineage::StoredSize(size_t count, LogSize size) const {
  return count == queue_.size() ? size
                                : LogSize(queue_[count]->waits_from.value());
}

void PendingLineage::Stored(const Block& block) {
  Tail* const tail = FindTail(*block.subject, block.bucket);
  DAYBOOK_CHECK(tail != nullptr);
  // A later block of the bucket may wait by now.
  if (tail->waiting != &block) return;
  tail->waiting = nullptr;
  tail->stored_bytes =
      static_cast<uint32_t>(block.stored_bytes + block.bytes.size());
}

void PendingLineage::Forget(const Block& block) {
  block.subject->bytes -= block.bytes.size();
  bytes_ -= block.bytes.size();
  rows_ -= block.rows;
}

void PendingLineage::Written(size_t count) {
  before_.clear();
  for (const Block& block : at_once_) Stored(block);
  at_once_.clear();
  for (size_t i = 0; i < count; ++i) {
    const Block& block = *queue_.front();
    Stored(block);
    Forget(block);
    queue_.pop_front();
    // Both are in the order of the queue.
    std::list<Block>& blocks = block.subject->blocks;
    DAYBOOK_CHECK(&blocks.front() == &block);
    blocks.pop_front();
  }
}

void PendingLineage::TakeBack() {
  for (; added_ > 0; --added_) {
    const Block& block = *queue_.back();
    Forget(block);
    queue_.pop_back();
    std::list<Block>& blocks = block.subject->blocks;
    DAYBOOK_CHECK(&blocks.back() == &block);
    blocks.pop_back();
  }
  at_once_.clear();
  for (const Before& before : before_) {
    *FindTail(*before.subject, before.bucket) = before.tail;
    Block* const waiting = before.tail.waiting;
    if (waiting == nullptr) continue;
    Forget(*waiting);
    waiting->rows = before.rows;
    waiting->bytes.resize(before.bytes);
    waiting->subject->bytes += before.bytes;
    bytes_ += before.bytes;
    rows_ += before.rows;
  }
  before_.clear();
}

void PendingLineage::Clear() {
  before_.clear();
  at_once_.clear();
  queue_.clear();
  last_subject_ = nullptr;
  subjects_.clear();
  rows_ = 0;
  bytes_ = 0;
  tails_ = 0;
}

void PendingLineage::CopyTo(absl::string_view subject,
                            LineageOverlay& overlay) const {
  const auto found = subjects_.find(subject);
  if (found == subjects_.end()) return;
  const Subject& waiting = *found->second;
  overlay.bytes.reserve(waiting.bytes);
  overlay.parts.reserve(waiting.blocks.size());
  for (const Block& block : waiting.blocks) {
    overlay.parts.push_back({block.bucket, block.first, block.stored_bytes,
                             overlay.bytes.size(), block.bytes.size()});
    overlay.bytes += block.bytes;
  }
}

}  // namespace daybook::services
