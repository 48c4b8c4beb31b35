#pragma once
// What a measurement is fed with, looked at beforehand with the product's own decapsulation and decoding:
// flows, streams, payload, and whether it is traffic that could fool a benchmark.

#include <array>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/bytes.h"
#include "base/direction.h"
#include "bench/figures.h"
#include "bench/frame_source.h"
#include "decap/decap.h"
#include "flow/key.h"
#include "packet/meta.h"

struct rte_mbuf;
struct rte_mempool;

namespace mirrorscan::bench {

/// How likely bytes are noise.
struct ByteCensus {
  std::array<std::uint64_t, 256> counts{};
  std::uint64_t bytes = 0;
  std::uint64_t text_bytes = 0;  ///< in runs of kTextRun and more printable characters of one payload

  static constexpr std::size_t kTextRun = 8;  ///< noise has 0.3 % of its bytes in such runs
  void add(ByteView payload) noexcept;
  /// Of the distribution of bytes, 0 to 8.
  [[nodiscard]] double entropy_bits() const noexcept;
  [[nodiscard]] double text_share() const noexcept;
};

/// The payloads of the fed packets in their order, and the stream that each belongs to.
class FedTraffic {
 public:
  struct Payload {
    std::uint64_t offset;  ///< into bytes()
    std::uint32_t length;
    std::uint32_t stream;  ///< number of its flow and direction
    Direction direction;   ///< by SYN, else by the lower port
    bool tcp;              ///< else UDP; other payload is not kept
  };

  enum class Keep : std::uint8_t { counts, payload };

  /// `pool` lends one packet's mbufs at a time.
  FedTraffic(const decap::Settings& decap, rte_mempool& pool, Keep keep) noexcept
      : decap_(decap), pool_(pool), keep_(keep) {}

  void add(const TimedFrame& frame);

  [[nodiscard]] const std::vector<Payload>& payloads() const noexcept { return payloads_; }
  [[nodiscard]] ByteView bytes_of(const Payload& p) const noexcept {
    return {bytes_.data() + p.offset, p.length};
  }
  [[nodiscard]] std::uint32_t streams() const noexcept { return static_cast<std::uint32_t>(streams_.size()); }
  [[nodiscard]] std::uint64_t flows() const noexcept { return flows_.size(); }
  [[nodiscard]] std::uint64_t packets() const noexcept { return packets_; }
  [[nodiscard]] std::uint64_t outer_bytes() const noexcept { return outer_bytes_; }
  [[nodiscard]] std::uint64_t payload_bytes() const noexcept { return census_.bytes; }
  [[nodiscard]] const ByteCensus& census() const noexcept { return census_; }
  /// Share of the payload bytes that came before at the same place: flow, direction, sequence number and
  /// length; of UDP the same bytes under the same IP identification.
  [[nodiscard]] double repeated_share() const noexcept;
  [[nodiscard]] Figures figures() const;

 private:
  struct KeyHash {
    std::size_t operator()(const flow::Key& key) const noexcept { return flow::hash(key); }
  };

  void add_payload(const rte_mbuf& m, const packet::Meta& meta, const flow::Key& key, std::uint64_t end);
  [[nodiscard]] std::uint32_t stream_of(std::uint64_t end);

  decap::Settings decap_;
  rte_mempool& pool_;
  Keep keep_;
  std::uint64_t packets_ = 0, refused_ = 0, outer_bytes_ = 0, payload_packets_ = 0, repeated_bytes_ = 0;
  Timestamp first_, last_;
  ByteCensus census_;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint8_t> one_;  ///< the payload at hand
  std::vector<Payload> payloads_;
  std::unordered_set<flow::Key, KeyHash> flows_;
  std::unordered_map<std::uint64_t, std::uint32_t> streams_;  ///< by hash of flow and direction
  std::unordered_set<std::uint64_t> places_;                  ///< hashes of where payload was
};

}  // namespace mirrorscan::bench
