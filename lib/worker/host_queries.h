#pragma once
// The queries of one worker in a replay: sent to the owners of their hosts in order, and taken from all
// workers in order.
//
// Each worker sends its queries in ascending HostOrder and says below which it will send nothing more (its
// floor). An owner takes the lowest query of its inboxes once the floors of those that are empty show that no
// lower one can come. So that an answer which is waited for counts all that comes before it, a worker also
// serves its timeouts in that order: second by second, and in the order of flow ids what is due at once. What
// finds no room waits in the sender, which inspects nothing more meanwhile but goes on to pass packets on and
// to answer.
//
// Nobody waits in a circle. Take the lowest of all floors and of all queries that wait. Is it a query, its
// owner can answer it, since no floor is lower: the ring has room again. Is it a floor, then that worker has
// nothing to send; it waits for packets, and these come in an order that does not depend on queries
// (ordered.cpp), since a worker whose queries wait still sends packets on. The same holds where a worker
// waits for an answer in the middle of a packet (Worker::ask_now): its floor is that question, it answers
// others and sends packets on, and all that are below its own packet have come to it.

#include <cstdint>
#include <vector>

#include "base/lazy_array.h"
#include "worker/exchange.h"
#include "worker/host_query.h"

namespace mirrorscan::worker {

class HostQueries {
 public:
  /// Room for `budget` queries of one packet, or of the timeouts between two.
  HostQueries(Exchange* exchange, std::uint32_t self, std::uint32_t budget);

  /// False, and nothing is kept, when the budget is used up.
  [[nodiscard]] bool add(const HostQuery& query, std::uint32_t owner) noexcept;
  [[nodiscard]] bool empty() const noexcept { return next_ == waiting_.size(); }
  /// Sends what there is room for, lowest first; true when nothing is left. What is added before the rest is
  /// sent must not be lower than that.
  bool send() noexcept;

  /// Nothing lower than this will be added; what waits is told in its stead.
  void set_floor(const HostOrder& floor) noexcept;

  /// The query that comes next, of all workers; nullptr when that cannot be known yet.
  [[nodiscard]] const HostQuery* front() noexcept;
  /// Takes front().
  void pop() noexcept;
  /// Every worker is at the end, and nothing is left for this one.
  [[nodiscard]] bool all_done() noexcept;

 private:
  Exchange* exchange_;
  std::uint32_t self_;
  std::uint32_t budget_;
  LazyArray<HostQuery> kept_;
  std::vector<std::uint32_t> owners_;   ///< of kept_
  std::vector<std::uint32_t> waiting_;  ///< places in kept_, to be sent in this order from next_ on
  std::size_t next_ = 0;
  bool sorted_ = true;
  HostOrder floor_, sent_;
  std::uint32_t lowest_ = 0;  ///< the sender of front()
};

}  // namespace mirrorscan::worker
