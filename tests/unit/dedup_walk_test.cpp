// The duplicate search against a twin that is slow and obviously right.

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "dedup/dedup.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::dedup;

namespace {

struct Packet {
  std::uint32_t tenant, vni, outer, id;
  std::string captured;
};

/// Every packet that was ever unique, searched from the oldest; payloads compared as text.
class Twin {
 public:
  explicit Twin(Duration window) : window_(window) {}

  Verdict check(const Packet& p, std::int64_t now) {
    for (Record& r : records_)
      if (now - r.time <= window_.us && same(r, p)) return pair(r, p);
    records_.push_back({p, now, {{p.vni, p.outer}}});
    return Verdict::unique;
  }

 private:
  using Source = std::pair<std::uint32_t, std::uint32_t>;
  struct Record {
    Packet longest;
    std::int64_t time;
    std::vector<Source> sources;
  };

  static bool same(const Record& r, const Packet& p) {
    const Packet& q = r.longest;
    if (q.tenant != p.tenant || q.id != p.id || r.sources.size() == 3) return false;
    if (std::count(r.sources.begin(), r.sources.end(), Source{p.vni, p.outer}) != 0) return false;
    if (q.captured.size() == p.captured.size()) return q.captured == p.captured;
    if (q.captured.size() < kPrefix || p.captured.size() < kPrefix) return true;
    return q.captured.substr(0, kPrefix) == p.captured.substr(0, kPrefix);
  }
  static Verdict pair(Record& r, const Packet& p) {
    r.sources.emplace_back(p.vni, p.outer);
    if (p.captured.size() <= r.longest.captured.size()) return Verdict::duplicate;
    r.longest.captured = p.captured;
    return Verdict::longer_copy;
  }

  Duration window_;
  std::deque<Record> records_;
};

packet::Meta meta_of(const Packet& p) {
  packet::Meta meta;
  meta.tenant = p.tenant;
  meta.tunnel.vni = p.vni;
  meta.tunnel.src = IpAddress::v4(172, 16, 0, static_cast<std::uint8_t>(p.outer));
  meta.ip_id = p.id;
  meta.payload_stated = 1'000;
  return meta;
}

Packet random_packet(std::mt19937& random, std::uint32_t ids) {
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  Packet p{below(2), below(3), below(2), below(ids), {}};
  const std::size_t lengths[] = {0, 30, 63, 64, 90, 200};
  p.captured.assign(lengths[below(6)], below(8) == 0 ? 'y' : 'x');
  if (p.captured.size() == 200 && below(2) == 0) p.captured.back() = 'z';
  return p;
}

}  // namespace

TEST_CASE("a random walk over mirror sources, tenants, repeats and truncation agrees with the twin") {
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    std::mt19937 random(seed);
    const Duration window = Duration::milliseconds(20);
    Dedup dedup({.records = 1U << 14, .window = window});
    Twin twin(window);
    std::int64_t now = 1'500'000'000'000'000;
    std::map<Verdict, int> seen;
    for (int i = 0; i < 4'000; ++i) {
      now += static_cast<std::int64_t>(random() % 3'000);
      const Packet p = random_packet(random, 8);
      const Verdict expected = twin.check(p, now);
      const std::uint64_t lost = dedup.overwritten();
      REQUIRE(dedup.check(meta_of(p), dedup.identity_of(meta_of(p)),
                          FingerprintKey().of(as_bytes(p.captured)), {now}) == expected);
      REQUIRE(lost == 0);
      ++seen[expected];
    }
    CHECK(seen[Verdict::unique] > 400);
    CHECK(seen[Verdict::duplicate] > 400);
    CHECK(seen[Verdict::longer_copy] > 100);
  }
}

TEST_CASE("a table too small loses pairs, counts them, and never calls a first copy a duplicate") {
  std::mt19937 random(1);
  Dedup dedup({.records = 16, .window = Duration::seconds(10)});
  for (std::uint32_t id = 0; id < 10'000; ++id) {
    Packet p = random_packet(random, 1);
    p.id = id;
    REQUIRE(dedup.check(meta_of(p), dedup.identity_of(meta_of(p)), FingerprintKey().of(as_bytes(p.captured)),
                        {1'000'000 + id}) == Verdict::unique);
  }
  CHECK(dedup.overwritten() == 10'000 - 16);
}
