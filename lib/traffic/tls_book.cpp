// TLS 1.2 connections as a sensor sees them: handshake messages in the clear, then records that look
// encrypted. Source: RFC 5246 sections 6.2.1 (records) and 7.4 (handshake messages), RFC 6066 section 3
// (server name).

#include <string>

#include "traffic/book.h"
#include "traffic/random.h"

namespace mirrorscan::traffic {
namespace {

constexpr std::size_t kConnections = 120;
constexpr std::uint8_t kChangeCipherSpec = 20, kHandshake = 22, kApplicationData = 23;
constexpr std::uint8_t kClientHello = 1, kServerHello = 2, kServerHelloDone = 14, kClientKeyExchange = 16;

constexpr std::string_view kHosts[] = {"bank.example", "cloud.example",   "chat.example", "video.example",
                                       "git.example",  "updates.example", "ads.example",  "maps.example"};

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

/// Bytes with their length before them, in `width` bytes.
std::string counted(const std::string& bytes, int width) {
  std::string out;
  put(out, bytes.size(), width);
  return out + bytes;
}

std::string noise(Random& random, std::uint32_t bytes) {
  std::string out;
  while (out.size() < bytes) out += static_cast<char>(random.next() >> 56);
  return out;
}

std::string record(std::uint8_t type, const std::string& body) {
  return std::string(1, static_cast<char>(type)) + "\x03\x03" + counted(body, 2);
}

std::string handshake(std::uint8_t type, const std::string& body) {
  return record(kHandshake, std::string(1, static_cast<char>(type)) + counted(body, 3));
}

/// What both hello messages begin with.
std::string version_random_session(Random& random) {
  const std::string session = counted(noise(random, 32), 1);
  return "\x03\x03" + noise(random, 32) + session;
}

std::string client_hello(Random& random) {
  const std::string host(random.one_of(kHosts));
  const std::string name =
      std::string(2, '\0') + counted(counted(std::string(1, '\0') + counted(host, 2), 2), 2);
  const std::string groups =
      std::string("\x00\x0a", 2) + counted(counted(std::string("\x00\x1d\x00\x17", 4), 2), 2);
  const std::string suites("\xc0\x2f\xc0\x30\xc0\x2b\x00\x9c", 8);
  return handshake(kClientHello, version_random_session(random) + counted(suites, 2) +
                                     std::string("\x01\x00", 2) + counted(name + groups, 2));
}

std::string server_hello(Random& random) {
  return handshake(kServerHello, version_random_session(random) + std::string("\xc0\x2f\x00", 3)) +
         handshake(kServerHelloDone, "");
}

std::string finish(Random& random, Direction speaker) {
  std::string out =
      speaker == Direction::to_server ? handshake(kClientKeyExchange, counted(noise(random, 32), 1)) : "";
  return out + record(kChangeCipherSpec, "\x01") + record(kHandshake, noise(random, 40));
}

std::string data(Random& random, std::uint32_t most) {
  std::string out;
  for (std::uint32_t records = random.between(1, 3); records > 0; --records)
    out += record(kApplicationData, noise(random, random.between(60, most)));
  return out;
}

}  // namespace

Book tls_book(std::uint64_t seed) {
  Random random(mix(seed, 't'));
  Book book;
  const auto add = [&](const std::string& answered, const std::string& asked) {
    book.add(Direction::to_server, as_bytes(asked));
    book.add(Direction::to_client, as_bytes(answered));
  };
  for (std::size_t i = 0; i < kConnections; ++i) {
    book.begin_exchange();
    const std::string hello = server_hello(random);
    add(hello, client_hello(random));
    const std::string finished = finish(random, Direction::to_client);
    add(finished, finish(random, Direction::to_server));
    for (std::uint32_t more = random.between(1, 4); more > 0; --more) {
      const std::string answer = data(random, 5'000);
      add(answer, data(random, 700));
    }
  }
  return book;
}

}  // namespace mirrorscan::traffic
