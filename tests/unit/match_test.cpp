// The run side of Hyperscan: hits with their offsets, streams that are reset and used again, the pool's end.

#include <string>
#include <utility>
#include <vector>

#include "match/scanner.h"
#include "rules/load.h"
#include "support/catch.h"

using namespace mirrorscan;
using match::Hit;
using match::Scanner;
using match::StreamPool;

namespace {

constexpr const char* kRules =
    "alert tcp any any -> any any (content:\"needle\"; sid:1;)\n"
    "alert tcp any any -> any any (content:\"HAY\"; nocase; sid:2;)\n";

/// The databases of two literals, as the compile side makes them.
struct Compiled {
  std::unique_ptr<ruleset::Ruleset> rules;
  [[nodiscard]] const match::Database& stream() const {
    return rules->scan(ruleset::ScanKind::tcp_stream, Direction::to_server).triggered;
  }
  [[nodiscard]] const match::Database& block() const {
    return rules->scan(ruleset::ScanKind::tcp_untracked, Direction::to_server).triggered;
  }
};

Compiled compiled(const char* text = kRules) {
  auto loaded = rules::load_text("test.rules", text, {}, {});
  REQUIRE(loaded.ok());
  REQUIRE(loaded.value().report.rejected.empty());
  return {std::move(loaded.value().ruleset)};
}

StreamPool pool_of(const match::Database& db, std::size_t count) {
  auto pool = StreamPool::open(db, count);
  REQUIRE(pool.ok());
  return std::move(pool).value();
}

using Hits = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

Hits scan(Scanner& scanner, match::Stream* stream, std::string_view bytes) {
  Hits hits;
  scanner.scan_stream(stream, as_bytes(bytes),
                      [&](const Hit& hit) { hits.emplace_back(hit.pattern, hit.end); });
  return hits;
}

}  // namespace

TEST_CASE("a block scan gives the end of each hit, in order", "[match]") {
  const Compiled c = compiled();
  Scanner scanner;
  REQUIRE(scanner.prepare(c.block()).ok());
  Hits hits;
  scanner.scan_block(c.block(), as_bytes("a needle in hay, needle"),
                     [&](const Hit& hit) { hits.emplace_back(hit.pattern, hit.end); });
  REQUIRE(hits == Hits{{0, 8}, {1, 15}, {0, 23}});
}

TEST_CASE("a pattern knows the rules that it is the trigger of", "[match]") {
  const Compiled c = compiled(
      "alert tcp any any -> any any (content:\"needle\"; sid:1;)\n"
      "alert tcp any any -> any any (content:\"hay\"; sid:2;)\n"
      "alert tcp any any -> any any (content:\"needle\"; content:\"x\"; sid:3;)\n");
  const match::Database& db = c.stream();
  std::vector<std::vector<std::uint32_t>> rules;
  for (std::uint32_t p = 0; p + 1 < db.first_use.size(); ++p)
    rules.emplace_back(db.rules_of(p).begin(), db.rules_of(p).end());
  REQUIRE(rules == std::vector<std::vector<std::uint32_t>>{{0, 2}, {1}});
}

TEST_CASE("a stream finds what crosses the border of two chunks, at the stream's offset", "[match]") {
  const Compiled c = compiled();
  Scanner scanner;
  REQUIRE(scanner.prepare(c.stream()).ok());
  const std::string text = "xx needle yy hay needle";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    StreamPool pool = pool_of(c.stream(), 1);
    match::Stream* stream = pool.acquire();
    Hits hits = scan(scanner, stream, text.substr(0, cut));
    const Hits more = scan(scanner, stream, text.substr(cut));
    hits.insert(hits.end(), more.begin(), more.end());
    CAPTURE(cut);
    REQUIRE(hits == Hits{{0, 9}, {1, 16}, {0, 23}});
    pool.release(stream);
  }
}

TEST_CASE("a reset stream has forgotten the first half of a pattern and counts from 0", "[match]") {
  const Compiled c = compiled();
  Scanner scanner;
  REQUIRE(scanner.prepare(c.stream()).ok());
  StreamPool pool = pool_of(c.stream(), 1);
  match::Stream* stream = pool.acquire();
  REQUIRE(scan(scanner, stream, "a nee").empty());
  pool.reset(stream);
  REQUIRE(scan(scanner, stream, "dle hay") == Hits{{1, 7}});
  pool.release(stream);
}

TEST_CASE("a stream that was given back begins anew", "[match]") {
  const Compiled c = compiled();
  Scanner scanner;
  REQUIRE(scanner.prepare(c.stream()).ok());
  StreamPool pool = pool_of(c.stream(), 1);
  match::Stream* first = pool.acquire();
  REQUIRE(scan(scanner, first, "nee").empty());
  pool.release(first);
  match::Stream* second = pool.acquire();
  REQUIRE(scan(scanner, second, "dle needle") == Hits{{0, 10}});
  pool.release(second);
}

TEST_CASE("a pool hands out as many streams as it has, each its own, and then none", "[match]") {
  const Compiled c = compiled();
  Scanner scanner;
  REQUIRE(scanner.prepare(c.stream()).ok());
  StreamPool pool = pool_of(c.stream(), 2);
  REQUIRE(pool.size() == 2);
  match::Stream* a = pool.acquire();
  match::Stream* b = pool.acquire();
  REQUIRE(a != nullptr);
  REQUIRE(b != nullptr);
  REQUIRE(a != b);
  REQUIRE(pool.acquire() == nullptr);
  REQUIRE(scan(scanner, a, "nee").empty());
  REQUIRE(scan(scanner, b, "dle").empty());
  REQUIRE(scan(scanner, a, "dle") == Hits{{0, 6}});
  pool.release(b);
  REQUIRE(pool.free_count() == 1);
  REQUIRE(pool.acquire() == b);
  pool.release(a);
  pool.release(b);
  REQUIRE(pool.free_count() == pool.size());
}

TEST_CASE("a database without patterns gives no streams and no hits", "[match]") {
  const Compiled c = compiled("alert tcp any any -> any any (sid:1;)\n");
  REQUIRE(c.stream().empty());
  Scanner scanner;
  REQUIRE(scanner.prepare(c.stream()).ok());
  StreamPool pool = pool_of(c.stream(), 8);
  REQUIRE(pool.size() == 0);
  REQUIRE(pool.acquire() == nullptr);
  std::size_t hits = 0;
  scanner.scan_block(c.block(), as_bytes("needle"), [&](const Hit&) { ++hits; });
  REQUIRE(hits == 0);
}

TEST_CASE("a pool that takes the place of another closes the other's streams", "[match]") {
  const Compiled c = compiled();
  StreamPool pool = pool_of(c.stream(), 3);
  pool = pool_of(c.stream(), 1);
  REQUIRE(pool.size() == 1);
  REQUIRE(pool.free_count() == 1);
}
