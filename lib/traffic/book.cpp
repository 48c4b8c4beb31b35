#include "traffic/book.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "traffic/capture_payloads.h"
#include "traffic/random.h"
#include "wire/ip_protocol.h"

namespace mirrorscan::traffic {
namespace {

constexpr std::size_t kRawMessages = 600;
constexpr std::uint32_t kMostRawMessage = 6'000, kMostDatagram = 1'200;

/// Fields of a binary protocol: a tag, a number, a name, sometimes noise or zero bytes.
std::string raw_message(Random& random, std::uint32_t bytes) {
  constexpr std::string_view kFields[] = {"temperature", "position", "velocity", "account",
                                          "sequence",    "checksum", "version",  "payload",
                                          "sensor",      "node",     "cluster",  "shard"};
  std::string out;
  while (out.size() < bytes) {
    out += static_cast<char>(random.below(32));
    out += random.one_of(kFields);
    const std::uint32_t shape = random.below(4);
    if (shape == 0) out += fmt::format("={};", random.below(1'000'000));
    if (shape == 1) out.append(random.between(2, 12), '\0');
    if (shape == 2)
      for (std::uint32_t noise = random.between(4, 24); noise > 0; --noise)
        out += static_cast<char>(random.next() >> 56);
    if (shape == 3) out += ' ';
  }
  out.resize(bytes);
  return out;
}

/// A capture need not have the payloads of a kind that nobody asks for.
[[nodiscard]] Result<Book> raw_of(const Profile& profile, Kind kind, std::uint32_t most) {
  const std::uint8_t protocol = is_udp(kind) ? wire::ip_protocol::kUdp : wire::ip_protocol::kTcp;
  const bool wanted = profile.flows.mix[static_cast<std::size_t>(kind)] > 0;
  if (!profile.flows.payload_capture.empty() && wanted)
    return book_of_payloads(profile.flows.payload_capture, protocol);
  return raw_book(mix(profile.seed, protocol), most);
}

}  // namespace

Book raw_book(std::uint64_t seed, std::uint32_t most_bytes) {
  Random random(mix(seed, 'r'));
  Book book;
  for (std::size_t i = 0; i < kRawMessages; ++i)
    book.add(i % 2 == 0 ? Direction::to_server : Direction::to_client,
             as_bytes(raw_message(random,
                                  random.between(20, random.below(4) == 0 ? most_bytes : most_bytes / 4))));
  return book;
}

Result<Books> Books::make(const Profile& profile) {
  Books books;
  auto tcp = raw_of(profile, Kind::tcp, kMostRawMessage);
  if (!tcp) return tcp.error();
  auto udp = raw_of(profile, Kind::udp, kMostDatagram);
  if (!udp) return udp.error();
  books.by_kind = {http_book(profile.seed), tls_book(profile.seed), std::move(tcp).value(),
                   dns_book(profile.seed), std::move(udp).value()};
  return books;
}

}  // namespace mirrorscan::traffic
