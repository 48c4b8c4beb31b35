#include "support/mempool.h"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mbuf.h>

#include <array>
#include <stdexcept>
#include <string>

#include "packet/meta.h"

namespace mirrorscan::support {
namespace {

void start_eal_once() {
  static const int outcome = [] {
    std::array<std::string, 10> words{"test", "--no-huge", "--no-shconf", "--no-pci", "--no-telemetry",
                                      "-l",   "0",         "-m",          "64",       "--log-level=error"};
    std::array<char*, words.size()> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
    return rte_eal_init(static_cast<int>(arguments.size()), arguments.data());
  }();
  if (outcome < 0) throw std::runtime_error("EAL does not start");
}

std::string next_name() {
  static int number = 0;
  return "test-pool-" + std::to_string(number++);
}

}  // namespace

Mempool::Mempool(std::uint32_t mbufs, std::uint16_t data_room) {
  static_assert(sizeof(packet::Meta) % RTE_MBUF_PRIV_ALIGN == 0);
  start_eal_once();
  pool_ = rte_pktmbuf_pool_create(next_name().c_str(), mbufs, 0, sizeof(packet::Meta),
                                  static_cast<std::uint16_t>(data_room + RTE_PKTMBUF_HEADROOM), 0);
  if (pool_ == nullptr) throw std::runtime_error(rte_strerror(rte_errno));
}
Mempool::~Mempool() {
  rte_mempool_free(pool_);
}

std::uint32_t Mempool::in_use() const noexcept {
  return rte_mempool_in_use_count(pool_);
}

}  // namespace mirrorscan::support
