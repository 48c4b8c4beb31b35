#include "dedup/dedup.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/mix.h"

namespace mirrorscan::dedup {

namespace {

/// Stamps count 256 us in 31 bits (6 days); their lowest bit says that a copy was found.
constexpr int kStampShift = 8;
constexpr std::uint32_t kStampMask = 0x7fff'ffff;
constexpr std::uint32_t kPaired = 1;

/// Records out of their window go before those with a copy found, before those still waiting for one; older
/// ones first. An age within the window is below both.
constexpr std::uint32_t kFoundRank = 1U << 30, kExpiredRank = 1U << 31;

std::uint32_t coarse(Timestamp t) noexcept {
  return static_cast<std::uint32_t>(t.us >> kStampShift) & kStampMask;
}

std::uint32_t non_zero(std::uint64_t hash) noexcept {
  return std::max(static_cast<std::uint32_t>(hash), 1U);
}

/// A bit for each way whose number is equal. Compilers make it one vector comparison.
std::uint32_t matches(const std::array<std::uint32_t, 8>& numbers, std::uint32_t number) noexcept {
  std::uint32_t bits = 0;
  for (std::size_t way = 0; way < numbers.size(); ++way)
    bits |= static_cast<std::uint32_t>(numbers[way] == number) << way;
  return bits;
}

bool same_payload(const Fingerprint& a, const Fingerprint& b) noexcept {
  if (a.captured == b.captured) return a.all == b.all;
  return a.captured < kPrefix || b.captured < kPrefix || a.prefix == b.prefix;
}

}  // namespace

std::uint32_t Dedup::set_count(std::uint32_t records) noexcept {
  constexpr auto kMost = std::uint32_t{1} << 28;
  constexpr auto kFewest = static_cast<std::uint32_t>(kWays);
  return std::bit_ceil(std::clamp(records, kFewest, kMost)) / kFewest;
}

Dedup::Dedup(const Settings& settings)
    : settings_(settings),
      keys_(keys_of(settings.seed)),
      mask_(set_count(settings.records) - 1),
      sets_(set_count(settings.records)),
      records_(set_count(settings.records) * kWays) {}

Dedup::Keys Dedup::keys_of(HashSeed seed) noexcept {
  Keys keys;
  std::uint64_t key = seed.value;
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = key = mix(key, i + 1);
  return keys;
}

/// The sum of products is NH of UMAC (RFC 4418 section 5.2.2) with 64-bit words: for a sender who does not
/// know the keys, two packets meet with a probability of 2^-64. What is mixed afterwards spreads over all
/// bits.
Identity Dedup::identity_of(const packet::Meta& meta) const noexcept {
  std::array<std::uint64_t, 8> words;
  std::memcpy(&words[0], meta.src.bytes.data(), 16);
  std::memcpy(&words[2], meta.dst.bytes.data(), 16);
  const auto wide = [](auto value, int shift) { return static_cast<std::uint64_t>(value) << shift; };
  words[4] = wide(meta.tenant, 0) | wide(meta.ip_id, 32);
  words[5] = wide(meta.src_port, 0) | wide(meta.dst_port, 16) | wide(meta.protocol, 32) |
             wide(meta.version, 40) | wide(meta.tcp.flags, 48) | wide(meta.more_fragments, 56);
  words[6] = wide(meta.tcp.seq, 0) | wide(meta.tcp.ack, 32);
  words[7] = wide(meta.payload_stated, 0) | wide(meta.fragment_offset, 32) | wide(meta.icmp_type, 48) |
             wide(meta.icmp_code, 56);
  __extension__ using Wide = unsigned __int128;
  Wide sum = 0;
  for (std::size_t i = 0; i < words.size(); i += 2)
    sum += static_cast<Wide>(words[i] + keys_[i]) * static_cast<Wide>(words[i + 1] + keys_[i + 1]);
  const auto low = static_cast<std::uint64_t>(sum), high = static_cast<std::uint64_t>(sum >> 64);
  return {mix(low, high), mix(high, low)};
}

std::uint32_t Dedup::source_of(const packet::Tunnel& tunnel) const noexcept {
  return non_zero(mix(mix(settings_.seed.value, tunnel.src), tunnel.vni));
}

bool Dedup::live(const Record& record) const noexcept {
  return now_ - record.time <= settings_.window;
}

void Dedup::prefetch_record(const Identity& identity) const noexcept {
  const std::size_t set = identity.low & mask_;
  const std::uint32_t hits = matches(sets_[set].tags, non_zero(identity.high));
  const auto way = hits != 0 ? static_cast<std::size_t>(std::countr_zero(hits)) : victim(sets_[set]);
  __builtin_prefetch(&records_[set * kWays + way], 1);
}

Verdict Dedup::check(const packet::Meta& meta, const Identity& identity, const Fingerprint& fingerprint,
                     Timestamp now) noexcept {
  now_ = std::max(now_, now);
  const std::uint32_t source = source_of(meta.tunnel);
  const std::size_t set = identity.low & mask_;
  const std::size_t way = partner(set, identity, fingerprint, source);
  if (way == kWays) {
    remember(set, identity, fingerprint, source);
    return Verdict::unique;
  }
  Record& record = records_[set * kWays + way];
  *std::find(record.sources.begin(), record.sources.end(), 0U) = source;
  sets_[set].stamps[way] |= kPaired;
  if (fingerprint.captured <= record.fingerprint.captured) return Verdict::duplicate;
  record.fingerprint = fingerprint;
  return Verdict::longer_copy;
}

std::size_t Dedup::partner(std::size_t set, const Identity& identity, const Fingerprint& fingerprint,
                           std::uint32_t source) const noexcept {
  const Set& line = sets_[set];
  std::size_t best = kWays;
  std::uint32_t best_age = 0;
  for (std::uint32_t hits = matches(line.tags, non_zero(identity.high)); hits != 0; hits &= hits - 1) {
    const auto way = static_cast<std::size_t>(std::countr_zero(hits));
    const Record& record = records_[set * kWays + way];
    if (!(record.identity == identity) || !live(record) || !same_payload(record.fingerprint, fingerprint))
      continue;
    const auto& sources = record.sources;
    if (sources.back() != 0 || std::find(sources.begin(), sources.end(), source) != sources.end()) continue;
    const std::uint32_t age = order_ - record.order;
    if (best != kWays && age <= best_age) continue;
    best = way;
    best_age = age;
  }
  return best;
}

std::size_t Dedup::victim(const Set& line) const noexcept {
  if (const std::uint32_t free = matches(line.tags, 0); free != 0)
    return static_cast<std::size_t>(std::countr_zero(free));
  const auto window = static_cast<std::uint32_t>(
      std::min<std::int64_t>(settings_.window.us >> kStampShift, kFoundRank - 2) + 1);
  const std::uint32_t now = coarse(now_);
  std::array<std::uint32_t, kWays> scores;
  for (std::size_t way = 0; way < kWays; ++way) {
    const std::uint32_t age = (now - (line.stamps[way] >> 1)) & kStampMask;
    const std::uint32_t found = (line.stamps[way] & kPaired) != 0 ? kFoundRank : 0;
    scores[way] = age | (age > window ? kExpiredRank : found);
  }
  std::uint32_t best = 0;
  for (const std::uint32_t score : scores) best = std::max(best, score);
  return static_cast<std::size_t>(std::countr_zero(matches(scores, best)));
}

void Dedup::remember(std::size_t set, const Identity& identity, const Fingerprint& fingerprint,
                     std::uint32_t source) noexcept {
  Set& line = sets_[set];
  const std::size_t way = victim(line);
  Record& record = records_[set * kWays + way];
  if (line.tags[way] != 0 && (line.stamps[way] & kPaired) == 0 && live(record)) ++overwritten_;
  line.tags[way] = non_zero(identity.high);
  line.stamps[way] = coarse(now_) << 1;
  record = {identity, now_, fingerprint, order_++, {source}};
}

}  // namespace mirrorscan::dedup
