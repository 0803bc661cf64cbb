#include "services/engine/append_queue.h"

#include <algorithm>

#include "core/base/check.h"

namespace daybook::services {

void AppendQueue::Push(AppendTicket& ticket) {
  const std::string& source = ticket.batch.command.source;
  const auto [known, added] = by_source_.try_emplace(source);
  if (added) known->second = lanes_.insert(lanes_.end(), Lane{source, {}});
  known->second->tickets.push_back(&ticket);
  ticket.queued = true;
  ++commands_;
  bytes_ += ticket.bytes;
}

std::vector<AppendTicket*> AppendQueue::TakeGroup(size_t events_max,
                                                  size_t bytes_max) {
  std::vector<AppendTicket*> group;
  size_t events = 0;
  size_t bytes = 0;
  while (!lanes_.empty()) {
    const auto lane = lanes_.begin();
    AppendTicket* const next = lane->tickets.front();
    events += next->batch.events.size();
    bytes += next->bytes;
    if (!group.empty() && (events > events_max || bytes > bytes_max)) break;
    group.push_back(next);
    next->queued = false;
    lane->tickets.pop_front();
    if (lane->tickets.empty()) {
      Remove(lane);
    } else {
      lanes_.splice(lanes_.end(), lanes_, lane);
    }
  }
  return group;
}

bool AppendQueue::Withdraw(AppendTicket& ticket) {
  if (!ticket.queued) return false;
  const auto lane = by_source_.at(ticket.batch.command.source);
  const auto place =
      std::find(lane->tickets.begin(), lane->tickets.end(), &ticket);
  DAYBOOK_CHECK(place != lane->tickets.end());
  lane->tickets.erase(place);
  if (lane->tickets.empty()) Remove(lane);
  ticket.queued = false;
  Release(ticket);
  return true;
}

void AppendQueue::Release(const AppendTicket& ticket) {
  --commands_;
  bytes_ -= ticket.bytes;
}

void AppendQueue::Remove(std::list<Lane>::iterator lane) {
  by_source_.erase(lane->source);
  lanes_.erase(lane);
}

}  // namespace daybook::services
