#include "keywords/stream_size.h"

#include <algorithm>
#include <limits>

#include "keywords/packet_condition.h"

namespace mirrorscan::keywords {

using signature::PacketView;

namespace {

struct Operator {
  std::string_view symbol;
  bool (*holds)(std::uint32_t size, std::uint32_t wanted) noexcept;
};

constexpr Operator kOperators[] = {
    {"=", [](std::uint32_t a, std::uint32_t b) noexcept { return a == b; }},
    {"!", [](std::uint32_t a, std::uint32_t b) noexcept { return a != b; }},
    {"!=", [](std::uint32_t a, std::uint32_t b) noexcept { return a != b; }},
    {"<", [](std::uint32_t a, std::uint32_t b) noexcept { return a < b; }},
    {"<=", [](std::uint32_t a, std::uint32_t b) noexcept { return a <= b; }},
    {">", [](std::uint32_t a, std::uint32_t b) noexcept { return a > b; }},
    {">=", [](std::uint32_t a, std::uint32_t b) noexcept { return a >= b; }},
};

struct Side {
  std::string_view name;
  bool (*holds)(bool client, bool server) noexcept;
};

constexpr Side kSides[] = {
    {"client", [](bool client, bool) noexcept { return client; }},
    {"server", [](bool, bool server) noexcept { return server; }},
    {"both", [](bool client, bool server) noexcept { return client && server; }},
    {"either", [](bool client, bool server) noexcept { return client || server; }},
};

}  // namespace

Status parse_stream_size(std::string_view args, Draft& draft) {
  const auto parts = split(args, ',');
  if (parts.size() != 3) {
    return refuse("stream_size: '" + std::string(args) + "' is not side, operator and bytes",
                  "write stream_size:client,>,1000");
  }
  const auto* side = std::ranges::find(kSides, parts[0], &Side::name);
  if (side == std::end(kSides)) {
    return refuse("stream_size: '" + std::string(parts[0]) + "' is not a side",
                  "write client, server, both or either");
  }
  const auto* op = std::ranges::find(kOperators, parts[1], &Operator::symbol);
  if (op == std::end(kOperators)) {
    return refuse("stream_size: '" + std::string(parts[1]) + "' is not an operator",
                  "write = != < <= > or >=");
  }
  const auto bytes = number_between(parts[2], "stream_size", 0, std::numeric_limits<std::uint32_t>::max());
  if (!bytes) return bytes.error();
  const auto wanted = static_cast<std::uint32_t>(bytes.value());
  ++draft.stream_sizes;
  return add_condition(draft, "stream_size", args,
                       [side = side->holds, op = op->holds, wanted](const PacketView& packet) noexcept {
                         if (packet.streams == nullptr) return false;
                         return side(op(packet.streams->client, wanted), op(packet.streams->server, wanted));
                       });
}

}  // namespace mirrorscan::keywords
