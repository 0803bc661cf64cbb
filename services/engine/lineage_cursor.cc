#include "services/engine/lineage_cursor.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/engine/lineage_keys.h"

namespace daybook::services {

LineageCursor::LineageCursor(absl::string_view subject, LineageOverlay overlay,
                             std::unique_ptr<storage::SideCursor> stored)
    : prefix_(BlocksPrefix(subject)),
      bytes_(std::move(overlay.bytes)),
      stored_(std::move(stored)) {
  const absl::string_view bytes = bytes_;
  parts_.reserve(overlay.parts.size());
  for (const LineageOverlay::Part& part : overlay.parts) {
    parts_.push_back({BlockSuffix(part.bucket, part.first), part.stored_bytes,
                      bytes.substr(part.begin, part.size)});
  }
  std::sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) {
    return a.key_end() < b.key_end();
  });
}

int LineageCursor::Compare(const Part& part, absl::string_view key) const {
  return absl::StartsWith(key, prefix_)
             ? part.key_end().compare(key.substr(prefix_.size()))
             : absl::string_view(prefix_).compare(key);
}

size_t LineageCursor::FirstFrom(absl::string_view key) const {
  const auto found = std::partition_point(
      parts_.begin(), parts_.end(),
      [&](const Part& part) { return Compare(part, key) < 0; });
  return static_cast<size_t>(found - parts_.begin());
}

size_t LineageCursor::FirstBehind(absl::string_view key) const {
  const auto found = std::partition_point(
      parts_.begin(), parts_.end(),
      [&](const Part& part) { return Compare(part, key) <= 0; });
  return static_cast<size_t>(found - parts_.begin());
}

void LineageCursor::Seek(absl::string_view key) {
  stored_->Seek(key);
  part_ = FirstFrom(key);
  TakeLesser();
}

void LineageCursor::SeekBack(absl::string_view key) {
  stored_->SeekBack(key);
  // No part is taken past the end.
  part_ = FirstBehind(key);
  backward_ = true;
  const bool has_part = part_ > 0;
  part_ = has_part ? part_ - 1 : parts_.size();
  if (!stored_->valid()) {
    at_ = At::kNothing;
    if (has_part && stored_->status().ok()) TakePart();
    return;
  }
  const int order = has_part ? Compare(parts_[part_], stored_->key()) : -1;
  if (order < 0) {
    at_ = At::kStored;
  } else if (order > 0) {
    TakePart();
  } else {
    TakeBoth();
  }
}

void LineageCursor::Next() {
  if (backward_) {
    // The other one is brought to where it would be, had the cursor come
    // forward.
    const std::string from(key());
    if (at_ == At::kPart) {
      stored_->Seek(from);
    } else {
      stored_->Next();
    }
    part_ = FirstBehind(from);
  } else {
    if (at_ != At::kPart) stored_->Next();
    if (at_ != At::kStored) ++part_;
  }
  TakeLesser();
}

void LineageCursor::TakeLesser() {
  backward_ = false;
  const bool has_part = part_ < parts_.size();
  if (!stored_->valid()) {
    at_ = At::kNothing;
    if (has_part && stored_->status().ok()) TakePart();
    return;
  }
  const int order = has_part ? Compare(parts_[part_], stored_->key()) : 1;
  if (order > 0) {
    at_ = At::kStored;
  } else if (order < 0) {
    TakePart();
  } else {
    TakeBoth();
  }
}

void LineageCursor::TakePart() {
  const Part& part = parts_[part_];
  key_ = absl::StrCat(prefix_, part.key_end());
  at_ = At::kPart;
  if (part.stored_bytes == 0) return;
  at_ = At::kNothing;
  status_ = absl::DataLossError(absl::StrCat(
      "the lineage block \"", absl::CHexEscape(key_),
      "\" is not stored any more; restart daybookd with --rebuild"));
}

void LineageCursor::TakeBoth() {
  const Part& part = parts_[part_];
  const absl::string_view stored = stored_->value();
  at_ = At::kBoth;
  if (stored.size() == part.stored_bytes) {
    value_.assign(stored.data(), stored.size());
    value_.append(part.bytes.data(), part.bytes.size());
    return;
  }
  if (stored.size() >= part.stored_bytes + part.bytes.size()) {
    value_.assign(stored.data(), stored.size());
    return;
  }
  at_ = At::kNothing;
  status_ = absl::DataLossError(
      absl::StrCat("of the lineage block \"", absl::CHexEscape(stored_->key()),
                   "\" ", stored.size(), " bytes are stored, not ",
                   part.stored_bytes, "; restart daybookd with --rebuild"));
}

absl::string_view LineageCursor::key() const {
  return at_ == At::kPart ? absl::string_view(key_) : stored_->key();
}

absl::string_view LineageCursor::value() const {
  switch (at_) {
    case At::kPart:
      return parts_[part_].bytes;
    case At::kBoth:
      return value_;
    default:
      return stored_->value();
  }
}

absl::Status LineageCursor::status() const {
  return status_.ok() ? stored_->status() : status_;
}

}  // namespace daybook::services
