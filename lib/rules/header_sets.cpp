#include "rules/header_sets.h"

#include <arpa/inet.h>

#include <array>
#include <bit>
#include <optional>
#include <vector>

#include "rules/expression.h"

namespace mirrorscan::rules {

namespace {

using signature::AddressRange;
using signature::AddressSet;
using signature::PortRange;
using signature::PortSet;

struct Host {
  IpVersion version = IpVersion::none;
  IpAddress address;
  [[nodiscard]] std::uint32_t bits() const noexcept { return version == IpVersion::v4 ? 32 : 128; }
};

Host host(std::string_view text) {
  const std::string terminated(text.substr(0, text.find('\0')));
  Host out;
  if (terminated.size() == text.size() &&
      inet_pton(AF_INET, terminated.c_str(), out.address.bytes.data()) == 1) {
    out.version = IpVersion::v4;
  } else if (terminated.size() == text.size() &&
             inet_pton(AF_INET6, terminated.c_str(), out.address.bytes.data()) == 1) {
    out.version = IpVersion::v6;
  } else {
    throw Refusal("not an address: " + quoted(text),
                  "write an IPv4 or IPv6 address, a/bits, a-b, any or $NAME");
  }
  return out;
}

// RFC 4632 3.1: the netmask's one bits come first.
std::optional<std::uint32_t> netmask_bits(std::string_view text) {
  std::array<std::uint8_t, 4> mask{};
  if (inet_pton(AF_INET, std::string(text).c_str(), mask.data()) != 1) return std::nullopt;
  const std::uint32_t ones = std::uint32_t{mask[0]} << 24 | std::uint32_t{mask[1]} << 16 |
                             std::uint32_t{mask[2]} << 8 | std::uint32_t{mask[3]};
  const int bits = std::countl_one(ones);
  if (std::popcount(ones) != bits) return std::nullopt;
  return static_cast<std::uint32_t>(bits);
}

AddressRange block(const Host& base, std::uint32_t bits) {
  AddressRange range{base.address, base.address};
  for (std::uint32_t i = bits; i < base.bits(); ++i) {
    const auto bit = static_cast<std::uint8_t>(0x80U >> (i % 8));
    range.first.bytes[i / 8] = static_cast<std::uint8_t>(range.first.bytes[i / 8] & ~bit);
    range.last.bytes[i / 8] = static_cast<std::uint8_t>(range.last.bytes[i / 8] | bit);
  }
  return range;
}

AddressRange block(const Host& base, std::string_view length) {
  std::optional<std::uint32_t> bits = number(length);
  if (!bits && base.version == IpVersion::v4) bits = netmask_bits(length);
  if (!bits || *bits > base.bits()) {
    throw Refusal("not a prefix length: " + quoted(length), "write /0 to /32 for IPv4, /0 to /128 for IPv6");
  }
  return block(base, *bits);
}

AddressRange span(const Host& first, const Host& last) {
  if (first.version != last.version) throw Refusal("an address range mixes IPv4 and IPv6");
  if (last.address < first.address) throw Refusal("an address range ends before it starts", "swap its ends");
  return {first.address, last.address};
}

struct Addresses {
  using Set = AddressSet;
  static constexpr std::string_view kNoun = "address";
  static constexpr const char* kExample = "[10.0.0.0/8,!10.0.0.1]";

  struct Ranges {
    std::vector<AddressRange> v4, v6;
    void add(const Set& set) {
      v4.insert(v4.end(), set.v4().begin(), set.v4().end());
      v6.insert(v6.end(), set.v6().begin(), set.v6().end());
    }
    [[nodiscard]] Set set() const { return Set::of(v4, v6); }
  };

  /// Each family for itself, as in the reference: `!10.0.0.0/8` is of IPv4, `[10.0.0.0/8,!2001:db8::/32]` of
  /// both.
  static Set whole(const Ranges& added, const Set& removed) {
    const auto family = [](const auto& named, const auto& negated, const auto& any) {
      return named.empty() && !negated.empty() ? any : named;
    };
    const Set any = Set::any();
    return Set::of(family(added.v4, removed.v4(), any.v4()), family(added.v6, removed.v6(), any.v6()));
  }

  static void atom(std::string_view text, Ranges& ranges) {
    if (lowered(text) == "any") return ranges.add(Set::any());
    const std::size_t mark = text.find_first_of("/-");
    const Host first = host(trimmed(text.substr(0, mark)));
    auto& family = first.version == IpVersion::v4 ? ranges.v4 : ranges.v6;
    if (mark == std::string_view::npos) {
      family.push_back({first.address, first.address});
      return;
    }
    const std::string_view rest = trimmed(text.substr(mark + 1));
    family.push_back(text[mark] == '/' ? block(first, rest) : span(first, host(rest)));
  }
};

std::uint16_t port(std::string_view text) {
  const std::optional<std::uint32_t> value = number(text);
  if (!value || *value > 65535)
    throw Refusal("not a port: " + quoted(text), "write 0 to 65535, a:b, any or $NAME");
  return static_cast<std::uint16_t>(*value);
}

struct Ports {
  using Set = PortSet;
  static constexpr std::string_view kNoun = "port";
  static constexpr const char* kExample = "[80,8000:8080,!8008]";

  struct Ranges {
    std::vector<PortRange> all;
    void add(const Set& set) { all.insert(all.end(), set.ranges().begin(), set.ranges().end()); }
    [[nodiscard]] Set set() const { return Set::of(all); }
  };

  static Set whole(const Ranges& added, const Set&) { return added.all.empty() ? Set::any() : added.set(); }

  static void atom(std::string_view text, Ranges& ranges) {
    if (lowered(text) == "any") return ranges.add(Set::any());
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      const std::uint16_t only = port(text);
      ranges.all.push_back({only, only});
      return;
    }
    const std::string_view low = trimmed(text.substr(0, colon)), high = trimmed(text.substr(colon + 1));
    if (low.empty() && high.empty()) throw Refusal("a port range without ends", "write a:b, a: or :b");
    const PortRange range{low.empty() ? std::uint16_t{0} : port(low),
                          high.empty() ? std::uint16_t{65535} : port(high)};
    if (range.last < range.first) throw Refusal("the port range " + quoted(text) + " ends before it starts");
    ranges.all.push_back(range);
  }
};

}  // namespace

std::size_t element_end(std::string_view list) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '[') ++depth;
    if (list[i] == ']' && depth-- == 0) throw Refusal("unbalanced brackets in " + quoted(list));
    if (list[i] == ',' && depth == 0) return i;
  }
  if (depth != 0) throw Refusal("unbalanced brackets in " + quoted(list), "close each '[' with ']'");
  return list.size();
}

AddressSet address_set(std::string_view text, const Variables& variables) {
  return Expression<Addresses>(variables.addresses).evaluate(text);
}

PortSet port_set(std::string_view text, const Variables& variables) {
  return Expression<Ports>(variables.ports).evaluate(text);
}

const AddressSet& HeaderSets::addresses(std::string_view text) {
  const auto known = addresses_.find(text);
  if (known != addresses_.end()) return known->second;
  return addresses_.emplace(std::string(text), address_set(text, variables_)).first->second;
}

bool HeaderSets::negates_addresses(std::string_view text) const {
  if (text.find('!') != std::string_view::npos) return true;
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    const std::size_t end = text.find_first_of(",] \t", at);
    const auto variable = variables_.addresses.find(text.substr(at + 1, end - at - 1));
    if (variable != variables_.addresses.end() && negates_addresses(variable->second)) return true;
  }
  return false;
}

const PortSet& HeaderSets::ports(std::string_view text) {
  const auto known = ports_.find(text);
  if (known != ports_.end()) return known->second;
  return ports_.emplace(std::string(text), port_set(text, variables_)).first->second;
}

}  // namespace mirrorscan::rules
