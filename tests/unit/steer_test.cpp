#include "steer/steer.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "support/catch.h"

using namespace mirrorscan;

namespace {

packet::Meta tcp_packet(std::mt19937_64& random) {
  packet::Meta meta;
  meta.version = IpVersion::v4;
  meta.src = IpAddress::v4(10, 0, static_cast<std::uint8_t>(random()), static_cast<std::uint8_t>(random()));
  meta.dst = IpAddress::v4(10, 1, 0, static_cast<std::uint8_t>(random() % 4));
  meta.src_port = static_cast<std::uint16_t>(random());
  meta.dst_port = 443;
  meta.protocol = 6;
  meta.transport = packet::Transport::tcp;
  return meta;
}

packet::Meta reply_to(packet::Meta meta) {
  std::swap(meta.src, meta.dst);
  std::swap(meta.src_port, meta.dst_port);
  return meta;
}

/// Pearson's statistic of how often each worker was chosen.
double chi_square(const std::vector<int>& chosen, int draws) {
  const double expected = static_cast<double>(draws) / static_cast<double>(chosen.size());
  double sum = 0;
  for (const int n : chosen) sum += (n - expected) * (n - expected) / expected;
  return sum;
}

}  // namespace

TEST_CASE("both directions of a flow have the same owner") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1'000; ++i) {
    const packet::Meta meta = tcp_packet(random);
    REQUIRE(steer::owner(meta, 7) == steer::owner(reply_to(meta), 7));
  }
}

TEST_CASE("a connection of a host to itself on one port has an owner in range") {
  std::mt19937_64 random(2);
  packet::Meta meta = tcp_packet(random);
  meta.dst = meta.src;
  meta.dst_port = meta.src_port;
  CHECK(steer::owner(meta, 5) < 5);
}

TEST_CASE("one worker owns everything") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 100; ++i) {
    const packet::Meta meta = tcp_packet(random);
    REQUIRE(steer::owner(meta, 1) == 0);
    REQUIRE(steer::host_owner(meta.tenant, meta.src, 1) == 0);
  }
}

TEST_CASE("flows and hosts spread evenly over any number of workers") {
  for (const std::uint32_t workers : {2u, 3u, 8u, 13u, 32u}) {
    std::mt19937_64 random(workers);
    std::vector<int> flows(workers), hosts(workers);
    const int draws = 20'000;
    for (int i = 0; i < draws; ++i) {
      packet::Meta meta = tcp_packet(random);
      ++flows.at(steer::owner(meta, workers));
      ++hosts.at(steer::host_owner(
          0, IpAddress::v4(10, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)), workers));
    }
    // Mean workers - 1, deviation sqrt(2 (workers - 1)): six deviations are out of reach for a good hash.
    const double bound = (workers - 1) + 6 * std::sqrt(2.0 * (workers - 1));
    CHECK(chi_square(flows, draws) < bound);
    CHECK(chi_square(hosts, draws) < bound);
  }
}

TEST_CASE("flows that differ in one port alone spread evenly") {
  std::mt19937_64 random(5);
  packet::Meta meta = tcp_packet(random);
  std::vector<int> flows(8);
  for (int port = 1'024; port < 33'792; ++port) {
    meta.src_port = static_cast<std::uint16_t>(port);
    ++flows.at(steer::owner(meta, 8));
  }
  CHECK(chi_square(flows, 32'768) < 7 + 6 * std::sqrt(14.0));
}

TEST_CASE("the same tuple in different tenants has one owner, who sees that both use it") {
  std::mt19937_64 random(6);
  for (int i = 0; i < 1'000; ++i) {
    packet::Meta meta = tcp_packet(random);
    const std::uint32_t one = steer::owner(meta, 4);
    meta.tenant = 1;
    REQUIRE(steer::owner(meta, 4) == one);
  }
}

TEST_CASE("owners under different seeds are independent") {
  std::mt19937_64 random(6);
  std::vector<int> pairs(16);
  for (int i = 0; i < 16'000; ++i) {
    const packet::Meta meta = tcp_packet(random);
    ++pairs.at(steer::owner(meta, 4, 1) * 4 + steer::owner(meta, 4, 2));
  }
  CHECK(chi_square(pairs, 16'000) < 15 + 6 * std::sqrt(30.0));
}

TEST_CASE("an ICMP message goes to the owner of the flow that it quotes") {
  std::mt19937_64 random(9);
  for (int i = 0; i < 1'000; ++i) {
    const packet::Meta meta = tcp_packet(random);
    packet::Meta message;
    message.src = IpAddress::v4(192, 0, 2, 1);
    message.dst = meta.src;
    message.protocol = 1;
    message.transport = packet::Transport::icmp;
    message.quoted = {meta.src, meta.dst, meta.src_port, meta.dst_port, meta.protocol};
    message.quotes = true;
    REQUIRE(steer::owner(message, 8) == steer::owner(meta, 8));
  }
}

TEST_CASE("all fragments of a datagram meet, in both directions") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 200; ++i) {
    packet::Meta first = tcp_packet(random);
    first.fragment = true;
    packet::Meta later = first;
    later.src_port = later.dst_port = 0;
    later.transport = packet::Transport::none;
    later.fragment_offset = 1'480;
    REQUIRE(steer::owner(first, 16) == steer::owner(later, 16));
    REQUIRE(steer::owner(first, 16) == steer::owner(reply_to(later), 16));
  }
}

TEST_CASE("a packet whose transport header was cut goes with those of its protocol that have no ports") {
  std::mt19937_64 random(8);
  packet::Meta cut = tcp_packet(random);
  cut.protocol = 58;
  cut.src_port = cut.dst_port = 0;
  packet::Meta whole = cut;
  cut.transport = packet::Transport::none;
  whole.transport = packet::Transport::icmpv6;
  CHECK(steer::owner(cut, 64) == steer::owner(whole, 64));
}

TEST_CASE("a whole datagram is steered by its ports") {
  std::mt19937_64 random(9);
  std::vector<int> owners(8);
  for (int i = 0; i < 100; ++i) {
    packet::Meta meta = tcp_packet(random);
    meta.src = IpAddress::v4(10, 0, 0, 1);
    meta.dst = IpAddress::v4(10, 0, 0, 2);
    meta.fragment = meta.reassembled = true;
    ++owners.at(steer::owner(meta, 8));
  }
  CHECK(std::count(owners.begin(), owners.end(), 0) == 0);
}
