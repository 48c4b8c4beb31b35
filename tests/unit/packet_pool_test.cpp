// Packets made in a mempool; DPDK's pools need its EAL.

#include <rte_eal.h>
#include <rte_mempool.h>

#include <algorithm>
#include <vector>

#include "packet/access.h"
#include "support/catch.h"
#include "support/wire_bytes.h"

using namespace mirrorscan;
using support::Bytes;
using support::pattern;

namespace {

constexpr unsigned kMbufs = 63;

/// 63 mbufs of 2 KB, the size that ENA deployments use.
rte_mempool& pool() {
  static rte_mempool* const made = [] {
    const char* words[] = {"test", "--no-huge", "--no-shconf", "--no-pci", "--no-telemetry",
                           "-m",   "32",        "-l",          "0",        "--log-level=error"};
    std::vector<char*> arguments;
    for (const char* word : words) arguments.push_back(const_cast<char*>(word));
    if (rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) < 0) FAIL("EAL does not start");
    return rte_pktmbuf_pool_create("packets", kMbufs, 0, sizeof(packet::Meta), RTE_MBUF_DEFAULT_BUF_SIZE, 0);
  }();
  REQUIRE(made != nullptr);
  return *made;
}

Bytes all_of(const rte_mbuf& m) {
  Bytes out(m.pkt_len);
  out.resize(packet::copy_out(m, 0, m.pkt_len, out.data()));
  return out;
}

}  // namespace

TEST_CASE("a packet is copied into as many mbufs as it needs") {
  for (const std::size_t size : {0u, 1u, 2'047u, 2'048u, 2'049u, 4'096u, 37'556u, 65'535u}) {
    const Bytes bytes = pattern(size);
    rte_mbuf* m = packet::from_bytes(pool(), bytes);
    REQUIRE(m != nullptr);
    CHECK(all_of(*m) == bytes);
    CHECK(m->nb_segs == std::max<std::size_t>(1, (size + 2'047) / 2'048));
    CHECK(rte_mbuf_check(m, 1, nullptr) == 0);
    rte_pktmbuf_free(m);
  }
  CHECK(rte_mempool_avail_count(&pool()) == kMbufs);
}

TEST_CASE("bytes appended one run after the other make one packet") {
  const Bytes bytes = pattern(9'000);
  rte_mbuf* m = packet::from_bytes(pool(), {});
  REQUIRE(m != nullptr);
  for (std::size_t at = 0; at < bytes.size(); at += 750)
    REQUIRE(packet::append(*m, pool(), ByteView(bytes).subspan(at, 750)));
  CHECK(packet::append(*m, pool(), {}));
  CHECK(all_of(*m) == bytes);
  CHECK(m->nb_segs == 5);
  CHECK(rte_mbuf_check(m, 1, nullptr) == 0);
  rte_pktmbuf_free(m);
}

TEST_CASE("an empty pool makes no packet, keeps nothing, and leaves the packet at hand as it was") {
  const Bytes most = pattern(60'000), bytes = pattern(3'000);
  rte_mbuf* first = packet::from_bytes(pool(), most);
  rte_mbuf* second = packet::from_bytes(pool(), bytes);
  REQUIRE(first != nullptr);
  REQUIRE(second != nullptr);
  const unsigned left = rte_mempool_avail_count(&pool());
  CHECK(left == 31);
  CHECK(packet::from_bytes(pool(), pattern(65'535)) == nullptr);  // needs 32
  CHECK_FALSE(packet::append(*second, pool(), pattern(65'535)));
  CHECK(rte_mempool_avail_count(&pool()) == left);
  CHECK(all_of(*second) == bytes);
  CHECK(rte_mbuf_check(second, 1, nullptr) == 0);
  rte_pktmbuf_free(first);
  rte_pktmbuf_free(second);
}
