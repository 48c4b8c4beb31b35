// HTTP/1.1 exchanges: what browsers and services ask, and answers of many sizes.

#include <fmt/format.h>

#include <string>

#include "traffic/book.h"
#include "traffic/random.h"

namespace mirrorscan::traffic {
namespace {

constexpr std::size_t kExchanges = 400;

constexpr std::string_view kNames[] = {"shop", "api", "static", "news", "mail", "files", "login", "search"};
constexpr std::string_view kWords[] = {"orders",  "item",   "profile", "basket", "images",  "style",
                                       "report",  "weekly", "summary", "list",   "detail",  "public",
                                       "invoice", "region", "status",  "latest", "archive", "photo"};
constexpr std::string_view kAgents[] = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
    "Safari/537.36",
    "curl/7.88.1", "inventory-sync/2.4"};
constexpr std::string_view kLanguages[] = {"en-GB,en;q=0.7", "de-DE,de;q=0.8", "fr-FR", "es-ES,es;q=0.9"};

enum class Body : std::uint8_t { html, json, image };
enum class Method : std::uint8_t { get, post };

std::string sentence(Random& random) {
  std::string out;
  for (std::uint32_t words = random.between(4, 14); words > 0; --words) {
    out += random.one_of(kWords);
    out += words == 1 ? ". " : " ";
  }
  return out;
}

std::string html(Random& random, std::uint32_t bytes) {
  std::string out = "<!doctype html>\n<html><head><title>" + sentence(random) + "</title></head>\n<body>\n";
  while (out.size() < bytes) out += "<p>" + sentence(random) + "</p>\n";
  return out + "</body></html>\n";
}

std::string json(Random& random, std::uint32_t bytes) {
  std::string out = "[";
  while (out.size() < bytes) {
    const std::uint32_t cents = random.below(100), euros = random.below(900);
    const std::string_view name = random.one_of(kWords);
    const std::uint32_t id = random.below(100'000);
    out += fmt::format("{{\"id\":{},\"name\":\"{}\",\"price\":{}.{:02}}},", id, name, euros, cents);
  }
  out.back() = ']';
  return out;
}

/// A JPEG's segments around what looks compressed (ITU-T T.81 annex B, T.871): start, JFIF's own, the scan's
/// header, the scan, which has no byte 0xff, end.
std::string image(Random& random, std::uint32_t bytes) {
  using namespace std::string_literals;
  std::string out =
      "\xff\xd8\xff\xe0\0\x10JFIF\0\1\2\0\0\1\0\1\0\0"s
      "\xff\xda\0\x08\1\1\0\0\x3f\0"s;
  while (out.size() < bytes) out += static_cast<char>(random.below(0xff));
  return out + "\xff\xd9";
}

std::string body_of(Random& random, Body kind) {
  // Most answers are small and a few are large, as on the web.
  const std::uint32_t bytes = random.between(120, random.below(8) == 0 ? 24'000 : 3'000);
  if (kind == Body::html) return html(random, bytes);
  return kind == Body::json ? json(random, bytes) : image(random, bytes);
}

std::string path(Random& random) {
  const std::string_view file = random.one_of(kWords);
  std::string out = fmt::format("/{}/{}", random.one_of(kWords), file);
  if (random.below(2) == 0) out += fmt::format("/{}", random.below(10'000));
  if (random.below(3) != 0) return out;
  const std::string_view order = random.one_of(kWords);
  return out + fmt::format("?page={}&sort={}", random.below(50), order);
}

std::string request(Random& random, Method method) {
  std::string out = method == Method::post ? "POST " : "GET ";
  out += path(random);
  const std::string_view language = random.one_of(kLanguages);
  const std::string_view agent = random.one_of(kAgents);
  out +=
      fmt::format(" HTTP/1.1\r\nHost: {}.example\r\nUser-Agent: {}\r\nAccept: */*\r\nAccept-Language: {}\r\n",
                  random.one_of(kNames), agent, language);
  if (random.below(2) == 0) out += fmt::format("Cookie: session={:016x}\r\n", random.next());
  if (method == Method::get) return out + "\r\n";
  const std::string body = json(random, random.between(40, 900));
  return out +
         fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
}

std::string response(Random& random) {
  constexpr std::string_view kTypes[] = {"text/html; charset=utf-8", "application/json", "image/jpeg"};
  const auto kind = static_cast<Body>(random.below(3));
  const std::string body = body_of(random, kind);
  const std::uint32_t max_age = random.below(4'000);
  return fmt::format(
      "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Tue, 14 Nov 2023 22:13:{:02} GMT\r\nContent-Type: {}\r\n"
      "Content-Length: {}\r\nCache-Control: max-age={}\r\n\r\n{}",
      random.below(60), kTypes[static_cast<std::size_t>(kind)], body.size(), max_age, body);
}

}  // namespace

Book http_book(std::uint64_t seed) {
  Random random(mix(seed, 'h'));
  Book book;
  for (std::size_t i = 0; i < kExchanges; ++i) {
    book.begin_exchange();
    const Method method = random.below(5) == 0 ? Method::post : Method::get;
    book.add(Direction::to_server, as_bytes(request(random, method)));
    book.add(Direction::to_client, as_bytes(response(random)));
  }
  return book;
}

}  // namespace mirrorscan::traffic
