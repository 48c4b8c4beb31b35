#include "worker/exchange.h"

namespace mirrorscan::worker {

Exchange::Exchange(std::uint32_t workers, std::size_t packets, std::size_t datagrams, Order order,
                   std::size_t queries)
    : workers_(workers),
      order_(order),
      progress_(std::make_unique<Progress[]>(workers)),
      floors_(std::make_unique<Floor[]>(workers)),
      replies_(std::make_unique<Reply[]>(workers)) {
  const std::size_t pairs = std::size_t{workers} * workers;
  for (std::size_t i = 0; i < pairs; ++i) {
    packets_.push_back(std::make_unique<PacketRing>(packets));
    datagrams_.push_back(std::make_unique<PacketRing>(datagrams));
    queries_.push_back(std::make_unique<QueryRing>(queries));
  }
}

}  // namespace mirrorscan::worker
