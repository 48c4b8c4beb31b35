// DNS queries and their answers. Source: RFC 1035 section 4, RFC 3596 (AAAA).

#include <fmt/format.h>

#include <string>

#include "traffic/book.h"
#include "traffic/random.h"

namespace mirrorscan::traffic {
namespace {

constexpr std::size_t kExchanges = 1'000;
constexpr std::uint16_t kA = 1, kTxt = 16, kAaaa = 28, kInternet = 1;
constexpr std::size_t kHeaderBytes = 12;

constexpr std::string_view kLabels[] = {"www", "mail", "cdn", "api", "ns", "img", "login", "time", "push"};
constexpr std::string_view kDomains[] = {"shop",   "bank",   "cloud", "news",
                                         "school", "museum", "city",  "weather"};

void put(std::string& out, std::uint32_t value) {
  out += static_cast<char>(value >> 8 & 0xff);
  out += static_cast<char>(value & 0xff);
}

void put_label(std::string& out, const std::string& label) {
  out += static_cast<char>(label.size());
  out += label;
}

struct Question {
  std::uint16_t id, type;
  std::string name_type_class;
};

Question question(Random& random) {
  constexpr std::uint16_t kTypes[] = {kA, kA, kAaaa, kTxt};
  Question q{static_cast<std::uint16_t>(random.next()), kTypes[random.below(4)], {}};
  const std::uint32_t number = random.below(100);
  put_label(q.name_type_class, fmt::format("{}{}", random.one_of(kLabels), number));
  put_label(q.name_type_class, std::string(random.one_of(kDomains)));
  put_label(q.name_type_class, "example");
  q.name_type_class += '\0';
  put(q.name_type_class, q.type);
  put(q.name_type_class, kInternet);
  return q;
}

std::string header(const Question& q, std::uint16_t flags, std::uint16_t answers) {
  std::string out;
  for (const std::uint32_t field :
       {std::uint32_t{q.id}, std::uint32_t{flags}, 1U, std::uint32_t{answers}, 0U, 0U})
    put(out, field);
  return out + q.name_type_class;
}

std::string data_of(Random& random, std::uint16_t type) {
  if (type == kTxt) {
    std::string out;
    put_label(out, fmt::format("v=spf1 ip4:192.0.2.{} -all", random.below(256)));
    return out;
  }
  if (type == kA) return std::string("\xc0\x00\x02", 3) + static_cast<char>(random.below(256));
  return std::string("\x20\x01\x0d\xb8", 4) + std::string(10, '\0') + static_cast<char>(random.below(256)) +
         '\x01';
}

std::string answer(Random& random, const Question& q) {
  constexpr std::uint16_t kResponse = 0x8180, kNameAtQuestion = 0xc000 | kHeaderBytes;
  const auto answers = static_cast<std::uint16_t>(random.between(1, 3));
  std::string out = header(q, kResponse, answers);
  for (std::uint16_t i = 0; i < answers; ++i) {
    const std::string data = data_of(random, q.type);
    for (const std::uint32_t field :
         {std::uint32_t{kNameAtQuestion}, std::uint32_t{q.type}, std::uint32_t{kInternet}, 0U,
          random.between(30, 3'600), static_cast<std::uint32_t>(data.size())})
      put(out, field);
    out += data;
  }
  return out;
}

}  // namespace

Book dns_book(std::uint64_t seed) {
  constexpr std::uint16_t kQuery = 0x0100;
  Random random(mix(seed, 'd'));
  Book book;
  for (std::size_t i = 0; i < kExchanges; ++i) {
    const Question q = question(random);
    book.begin_exchange();
    book.add(Direction::to_server, as_bytes(header(q, kQuery, 0)));
    book.add(Direction::to_client, as_bytes(answer(random, q)));
  }
  return book;
}

}  // namespace mirrorscan::traffic
