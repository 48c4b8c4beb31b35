#include "bench/steady_traffic.h"

#include <algorithm>

#include "base/mix.h"
#include "traffic/frame_length.h"

namespace mirrorscan::bench {
namespace {

constexpr std::uint8_t kSyn = 0x02, kPsh = 0x08, kAck = 0x10;
constexpr std::uint32_t kMostMessageBytes = 1'400;
/// RFC 6985's "IMIX".
constexpr std::array<std::uint32_t, 12> kImix{64, 64, 64, 64, 64, 64, 64, 594, 594, 594, 594, 1518};

[[nodiscard]] traffic::Profile profile_of(const SteadyOptions& options) {
  traffic::Profile profile;
  profile.mirrors.vnis = options.vnis;
  profile.mirrors.encap = options.encap;
  return profile;
}

/// Of 4 M clients each begins every four millionth flow, from its next port.
[[nodiscard]] traffic::Endpoints ends_of(std::uint64_t serial, Transport transport) noexcept {
  const auto client = static_cast<std::uint32_t>(serial & 0x3f'ffff);
  const auto server = static_cast<std::uint32_t>(mix(serial, std::uint64_t{7}) & 0xf'ffff);
  traffic::Endpoints ends;
  ends.client = IpAddress::v4(10, static_cast<std::uint8_t>(client >> 16),
                              static_cast<std::uint8_t>(client >> 8), static_cast<std::uint8_t>(client));
  ends.server = IpAddress::v4(172, static_cast<std::uint8_t>(16 + (server >> 16)),
                              static_cast<std::uint8_t>(server >> 8), static_cast<std::uint8_t>(server));
  ends.client_port = static_cast<std::uint16_t>(10'000 + (serial >> 22) % 50'000);
  ends.server_port = transport == Transport::tcp ? 9'000 : 5'000;
  ends.protocol = transport == Transport::tcp ? 6 : 17;
  return ends;
}

}  // namespace

SteadyTraffic::SteadyTraffic(const SteadyOptions& options)
    : options_(options),
      book_(traffic::raw_book(options.seed, kMostMessageBytes)),
      writer_(profile_of(options)),
      random_(options.seed),
      flows_(options.flows) {
  for (Flow& flow : flows_) flow.serial = begun_++;
}

std::uint8_t SteadyTraffic::packets_of_beginning() const noexcept {
  return options_.transport == Transport::tcp ? 3 : 2;
}

std::uint64_t SteadyTraffic::setup_packets() const noexcept {
  return options_.flows * packets_of_beginning();
}

SteadyTraffic::Flow& SteadyTraffic::draw() {
  if (options_.order == SteadyOrder::each_direction_once)
    return flows_[(given_ - setup_packets()) / kDirections % flows_.size()];
  Flow& flow = flows_[random_.below(static_cast<std::uint32_t>(flows_.size()))];
  new_flows_due_ += options_.new_flows_per_s / options_.packet_rate;
  if (new_flows_due_ < 1) return flow;
  new_flows_due_ -= 1;
  flow = {};
  flow.serial = begun_++;
  return flow;
}

Direction SteadyTraffic::draw_direction() {
  const std::uint64_t bits = options_.order == SteadyOrder::drawn ? random_.next() : given_;
  return (bits & 1) != 0 ? Direction::to_server : Direction::to_client;
}

const TimedFrame* SteadyTraffic::next() {
  const bool setup = given_ < setup_packets();
  Flow& flow = setup ? flows_[given_ / packets_of_beginning()] : draw();
  const traffic::PacketPlan plan = plan_of(flow);
  const auto at_us = static_cast<std::int64_t>(static_cast<double>(given_) * 1e6 / options_.packet_rate);
  ++given_;
  frame_ = {ByteView(bytes_).first(writer_.write(plan, bytes_)), {1'700'000'000'000'000 + at_us}};
  return &frame_;
}

traffic::PacketPlan SteadyTraffic::plan_of(Flow& flow) {
  traffic::PacketPlan plan;
  plan.flow = flow.serial;
  plan.ends = ends_of(flow.serial, options_.transport);
  plan.ip_id = flow.ip_id++;
  plan.source = static_cast<std::uint32_t>(flow.serial % options_.vnis);
  if (flow.begun < packets_of_beginning()) {
    begin(flow, plan);
  } else {
    say(flow, plan);
  }
  return plan;
}

void SteadyTraffic::begin(Flow& flow, traffic::PacketPlan& plan) {
  const std::uint8_t step = flow.begun++;
  plan.direction = step == 1 ? Direction::to_client : Direction::to_server;
  if (options_.transport == Transport::udp) {
    plan.payload = book_.bytes_of(book_.entries.front()).first(1);
    return;
  }
  if (step == 0)
    for (std::uint32_t& seq : flow.next_seq) seq = static_cast<std::uint32_t>(random_.next());
  std::uint32_t& seq = flow.next_seq[index_of(plan.direction)];
  constexpr std::array<std::uint8_t, 3> kFlags{kSyn, kSyn | kAck, kAck};
  plan.tcp_flags = kFlags[step];
  plan.seq = seq;
  if (step > 0) plan.ack = flow.next_seq[index_of(opposite(plan.direction))];
  if (step < 2) ++seq;
}

void SteadyTraffic::say(Flow& flow, traffic::PacketPlan& plan) {
  plan.direction = draw_direction();
  const auto headers = static_cast<std::uint32_t>(traffic::frame_length(plan));
  const std::uint32_t length = std::max(inner_bytes(), headers + 1) - headers;
  const auto room = static_cast<std::uint32_t>(book_.text.size()) - length;
  plan.payload = ByteView(book_.text).subspan(random_.below(room), length);
  if (options_.transport == Transport::udp) return;
  std::uint32_t& seq = flow.next_seq[index_of(plan.direction)];
  plan.tcp_flags = kAck | kPsh;
  plan.seq = seq;
  plan.ack = flow.next_seq[index_of(opposite(plan.direction))];
  seq += length;
}

std::uint32_t SteadyTraffic::inner_bytes() {
  return options_.inner_bytes != 0 ? options_.inner_bytes : kImix[random_.below(kImix.size())];
}

}  // namespace mirrorscan::bench
