#include "exporter/community_id.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <tuple>

#include "wire/ip_protocol.h"

namespace mirrorscan::exporter {
namespace {

using namespace wire::ip_protocol;

/// Request and reply types, which stand for the two ports of an ICMP flow.
struct TypePair {
  std::uint8_t request, reply;
};
constexpr std::array<TypePair, 5> kIcmpPairs{{
    {8, 0},    // echo, RFC 792
    {10, 9},   // router solicitation and advertisement, RFC 1256
    {13, 14},  // timestamp, RFC 792
    {15, 16},  // information, RFC 792
    {17, 18},  // address mask, RFC 950
}};
constexpr std::array<TypePair, 6> kIcmpv6Pairs{{
    {128, 129},  // echo, RFC 4443
    {130, 131},  // multicast listener query and report, RFC 2710
    {133, 134},  // router solicitation and advertisement, RFC 4861
    {135, 136},  // neighbour solicitation and advertisement, RFC 4861
    {139, 140},  // node information, RFC 4620
    {144, 145},  // home agent address discovery, RFC 6275
}};

std::optional<std::uint8_t> counterpart(std::span<const TypePair> pairs, std::uint8_t type) {
  for (const TypePair& pair : pairs) {
    if (pair.request == type) return pair.reply;
    if (pair.reply == type) return pair.request;
  }
  return {};
}

/// What is hashed: a flow's two ends and whether they may change places.
struct Ends {
  IpAddress src, dst;
  std::uint16_t src_port = 0, dst_port = 0;
  bool has_ports = true;
  bool one_way = false;
};

Ends icmp_ends(const FlowTuple& tuple, std::span<const TypePair> pairs) {
  const auto other = counterpart(pairs, tuple.icmp_type);
  return {.src = tuple.src,
          .dst = tuple.dst,
          .src_port = tuple.icmp_type,
          .dst_port = other.value_or(tuple.icmp_code),
          .one_way = !other};
}

Ends ends_of(const FlowTuple& tuple) {
  switch (tuple.protocol) {
    case kTcp:
    case kUdp:
    case kSctp: return {tuple.src, tuple.dst, tuple.src_port, tuple.dst_port};
    case kIcmp: return icmp_ends(tuple, kIcmpPairs);
    case kIcmpv6: return icmp_ends(tuple, kIcmpv6Pairs);
    default: return {.src = tuple.src, .dst = tuple.dst, .has_ports = false};
  }
}

void put_in_order(Ends& ends) {
  if (ends.one_way || std::tie(ends.src, ends.src_port) <= std::tie(ends.dst, ends.dst_port)) return;
  std::swap(ends.src, ends.dst);
  std::swap(ends.src_port, ends.dst_port);
}

/// The bytes that are hashed, in network order.
class Preimage {
 public:
  void put(std::uint8_t byte) { bytes_[length_++] = byte; }
  void put16(std::uint16_t v) {
    put(static_cast<std::uint8_t>(v >> 8));
    put(static_cast<std::uint8_t>(v & 0xff));
  }
  void put(const IpAddress& address, std::size_t length) {
    for (std::size_t i = 0; i < length; ++i) put(address.bytes[i]);
  }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {bytes_.data(), length_}; }

 private:
  std::array<std::uint8_t, 40> bytes_{};  // seed 2, addresses 32, protocol and padding 2, ports 4
  std::size_t length_ = 0;
};

/// Empty when this machine's OpenSSL refuses SHA-1 (a policy may forbid it).
std::string base64_of_sha1(std::span<const std::uint8_t> bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha1(), nullptr) != 1) return {};
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text{};
  const int characters = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(length));
  return {text.data(), text.data() + characters};
}

}  // namespace

std::string community_id(const FlowTuple& tuple) {
  constexpr std::uint16_t kSeed = 0;
  Ends ends = ends_of(tuple);
  put_in_order(ends);
  const std::size_t address_bytes = tuple.version == IpVersion::v6 ? 16 : 4;
  Preimage preimage;
  preimage.put16(kSeed);
  preimage.put(ends.src, address_bytes);
  preimage.put(ends.dst, address_bytes);
  preimage.put(tuple.protocol);
  preimage.put(0);
  if (ends.has_ports) {
    preimage.put16(ends.src_port);
    preimage.put16(ends.dst_port);
  }
  const std::string hash = base64_of_sha1(preimage.bytes());
  return hash.empty() ? hash : "1:" + hash;
}

}  // namespace mirrorscan::exporter
