#include "worker/host_queries.h"

#include <algorithm>
#include <tuple>

namespace mirrorscan::worker {

HostQueries::HostQueries(Exchange* exchange, std::uint32_t self, std::uint32_t budget)
    : exchange_(exchange), self_(self), budget_(budget), kept_(budget), owners_(budget) {
  waiting_.reserve(budget);
}

bool HostQueries::add(const HostQuery& query, std::uint32_t owner) noexcept {
  const auto place = static_cast<std::uint32_t>(waiting_.size());
  if (place == budget_) return false;
  kept_[place] = query;
  // What comes after its time counts from here: timers that a sweep of the flow table left over, and what was
  // decided together with a match that could not wait.
  kept_[place].order = std::max({query.order, floor_, sent_});
  owners_[place] = owner;
  waiting_.push_back(place);
  sorted_ = false;
  return true;
}

bool HostQueries::send() noexcept {
  if (!sorted_) {
    // The place tells apart what is decided at once: the order of one flow's matches.
    std::sort(waiting_.begin() + static_cast<std::ptrdiff_t>(next_), waiting_.end(),
              [this](std::uint32_t a, std::uint32_t b) noexcept {
                return std::tie(kept_[a].order, a) < std::tie(kept_[b].order, b);
              });
    sorted_ = true;
  }
  while (next_ < waiting_.size()) {
    const std::uint32_t place = waiting_[next_];
    if (!exchange_->queries(self_, owners_[place]).try_push(kept_[place])) return false;
    sent_ = kept_[place].order;
    ++next_;
  }
  waiting_.clear();
  next_ = 0;
  return true;
}

void HostQueries::set_floor(const HostOrder& floor) noexcept {
  const HostOrder& told = empty() ? floor : kept_[waiting_[next_]].order;
  floor_ = std::max({floor_, sent_, told});
  exchange_->floor(self_).store(floor_);
}

const HostQuery* HostQueries::front() noexcept {
  const HostQuery* lowest = nullptr;
  HostOrder bound = kNothingMore;
  for (std::uint32_t peer = 0; peer < exchange_->workers(); ++peer) {
    // The floor first: what is not in the ring afterwards and below it will not come.
    const HostOrder floor = exchange_->floor(peer).load();
    if (const HostQuery* query = exchange_->queries(peer, self_).front(); query == nullptr) {
      bound = std::min(bound, floor);
    } else if (lowest == nullptr || query->order < lowest->order) {
      lowest = query;
      lowest_ = peer;
    }
  }
  return lowest != nullptr && lowest->order <= bound ? lowest : nullptr;
}

void HostQueries::pop() noexcept {
  HostQuery taken;
  (void)exchange_->queries(lowest_, self_).try_pop(taken);
}

bool HostQueries::all_done() noexcept {
  for (std::uint32_t peer = 0; peer < exchange_->workers(); ++peer) {
    if (exchange_->floor(peer).load() != kNothingMore) return false;
    if (exchange_->queries(peer, self_).front() != nullptr) return false;
  }
  return true;
}

}  // namespace mirrorscan::worker
