#include "signature/sets.h"

#include <algorithm>
#include <iterator>

namespace mirrorscan::signature {

namespace {

// The neighbours of a value; callers make sure that there is one.
struct PortLine {
  using Value = std::uint16_t;
  static constexpr Value kFirst = 0, kLast = 65535;
  static Value after(Value v) noexcept { return static_cast<Value>(v + 1); }
  static Value before(Value v) noexcept { return static_cast<Value>(v - 1); }
};

// IPv4 uses the first four bytes of an IpAddress, and byte order is number order.
template <std::size_t Length>
constexpr IpAddress all_ones() noexcept {
  IpAddress a;
  for (std::size_t i = 0; i < Length; ++i) a.bytes[i] = 0xff;
  return a;
}

template <std::size_t Length>
struct AddressLine {
  using Value = IpAddress;
  static constexpr Value kFirst{};
  static constexpr Value kLast = all_ones<Length>();
  static Value after(Value v) noexcept {
    for (std::size_t i = Length; i-- > 0;) {
      if (++v.bytes[i] != 0) break;
    }
    return v;
  }
  static Value before(Value v) noexcept {
    for (std::size_t i = Length; i-- > 0;) {
      if (v.bytes[i]-- != 0) break;
    }
    return v;
  }
};

using V4Line = AddressLine<4>;
using V6Line = AddressLine<16>;

template <class Line, class Range>
std::vector<Range> merged(std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
  std::vector<Range> out;
  for (const Range& range : ranges) {
    if (range.last < range.first) continue;
    const bool touches =
        !out.empty() && (out.back().last == Line::kLast || range.first <= Line::after(out.back().last));
    if (touches) {
      out.back().last = std::max(out.back().last, range.last);
    } else {
      out.push_back(range);
    }
  }
  return out;
}

// Appends what remains of `range` when the sorted, disjoint `holes` are cut out.
template <class Line, class Range>
void cut(Range range, const std::vector<Range>& holes, std::vector<Range>& out) {
  auto hole =
      std::partition_point(holes.begin(), holes.end(), [&](const Range& h) { return h.last < range.first; });
  for (; hole != holes.end() && hole->first <= range.last; ++hole) {
    if (range.first < hole->first) out.push_back({range.first, Line::before(hole->first)});
    if (range.last <= hole->last) return;
    range.first = Line::after(hole->last);
  }
  out.push_back(range);
}

template <class Line, class Range>
std::vector<Range> difference(const std::vector<Range>& ranges, const std::vector<Range>& holes) {
  std::vector<Range> out;
  for (const Range& range : ranges) cut<Line>(range, holes, out);
  return out;
}

template <class Line, class Range>
std::vector<Range> sum(std::vector<Range> a, const std::vector<Range>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return merged<Line>(std::move(a));
}

template <class Range, class Value>
bool within(const std::vector<Range>& ranges, const Value& value) noexcept {
  const auto after = std::partition_point(ranges.begin(), ranges.end(),
                                          [&](const Range& range) { return range.first <= value; });
  return after != ranges.begin() && value <= std::prev(after)->last;
}

template <class Line, class Range>
bool covers(const std::vector<Range>& ranges) noexcept {
  return ranges.size() == 1 && ranges[0].first == Line::kFirst && ranges[0].last == Line::kLast;
}

}  // namespace

PortSet PortSet::any() {
  return of({PortRange{}});
}

PortSet PortSet::of(std::vector<PortRange> ranges) {
  PortSet set;
  set.ranges_ = merged<PortLine>(std::move(ranges));
  return set;
}

PortSet PortSet::without(const PortSet& other) const {
  PortSet set;
  set.ranges_ = difference<PortLine>(ranges_, other.ranges_);
  return set;
}

PortSet PortSet::united(const PortSet& other) const {
  PortSet set;
  set.ranges_ = sum<PortLine>(ranges_, other.ranges_);
  return set;
}

bool PortSet::contains(std::uint16_t port) const noexcept {
  return within(ranges_, port);
}

bool PortSet::is_any() const noexcept {
  return covers<PortLine>(ranges_);
}

AddressSet AddressSet::any() {
  return of({AddressRange{V4Line::kFirst, V4Line::kLast}}, {AddressRange{V6Line::kFirst, V6Line::kLast}});
}

AddressSet AddressSet::of(std::vector<AddressRange> v4, std::vector<AddressRange> v6) {
  AddressSet set;
  set.v4_ = merged<V4Line>(std::move(v4));
  set.v6_ = merged<V6Line>(std::move(v6));
  return set;
}

AddressSet AddressSet::without(const AddressSet& other) const {
  AddressSet set;
  set.v4_ = difference<V4Line>(v4_, other.v4_);
  set.v6_ = difference<V6Line>(v6_, other.v6_);
  return set;
}

AddressSet AddressSet::united(const AddressSet& other) const {
  AddressSet set;
  set.v4_ = sum<V4Line>(v4_, other.v4_);
  set.v6_ = sum<V6Line>(v6_, other.v6_);
  return set;
}

bool AddressSet::contains(IpVersion version, const IpAddress& address) const noexcept {
  if (version == IpVersion::none) return false;
  return within(version == IpVersion::v4 ? v4_ : v6_, address);
}

bool AddressSet::is_any() const noexcept {
  return covers<V4Line>(v4_) && covers<V6Line>(v6_);
}

}  // namespace mirrorscan::signature
