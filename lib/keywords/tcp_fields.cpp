#include "keywords/tcp_fields.h"

#include <limits>
#include <optional>

#include "keywords/header_bytes.h"
#include "keywords/integer_condition.h"
#include "keywords/packet_condition.h"
#include "wire/tcp.h"
#include "wire/view.h"

namespace mirrorscan::keywords {

using packet::Transport;
using signature::PacketView;

namespace {

constexpr std::int64_t kMostSequence = std::numeric_limits<std::uint32_t>::max();

bool is_tcp(const PacketView& packet) noexcept {
  return packet.meta.transport == Transport::tcp;
}

Status add_sequence(std::string_view keyword, std::uint32_t packet::Tcp::*field, std::string_view args,
                    Draft& draft) {
  const auto number = number_between(args, keyword, 0, kMostSequence);
  if (!number) return number.error();
  const auto wanted = static_cast<std::uint32_t>(number.value());
  return add_condition(draft, keyword, args, [field, wanted](const PacketView& packet) noexcept {
    return is_tcp(packet) && packet.meta.tcp.*field == wanted;
  });
}

/// The value of the first option of this kind and length.
std::optional<std::uint32_t> option(const PacketView& packet, std::uint8_t kind, std::size_t bytes) noexcept {
  const ByteView header = header_bytes(signature::Buffer::tcp_header, packet);
  if (header.size() <= sizeof(wire::TcpHeader)) return std::nullopt;
  std::optional<std::uint32_t> found;
  wire::for_each_tcp_option(header.subspan(sizeof(wire::TcpHeader)),
                            [&](std::uint8_t k, ByteView data) noexcept {
                              if (found || k != kind || data.size() != bytes) return;
                              found = 0;
                              for (const std::uint8_t byte : data) found = *found << 8 | byte;
                            });
  return found;
}

Status add_option(std::string_view keyword, std::uint8_t kind, std::size_t bytes, std::string_view args,
                  Draft& draft) {
  const auto condition = IntegerCondition::parse(args, keyword, (std::int64_t{1} << 8 * bytes) - 1);
  if (!condition) return condition.error();
  return add_condition(draft, keyword, args,
                       [wanted = condition.value(), kind, bytes](const PacketView& packet) noexcept {
                         const auto value = option(packet, kind, bytes);
                         return value && wanted.contains(*value);
                       });
}

}  // namespace

Status parse_seq(std::string_view args, Draft& draft) {
  return add_sequence("seq", &packet::Tcp::seq, args, draft);
}

Status parse_ack(std::string_view args, Draft& draft) {
  return add_sequence("ack", &packet::Tcp::ack, args, draft);
}

Status parse_window(std::string_view args, Draft& draft) {
  std::string_view text = trimmed(args);
  const bool negated = text.starts_with('!');
  if (negated) text.remove_prefix(1);
  const auto number = number_between(text, "window", 0, 65535);
  if (!number) return number.error();
  const auto wanted = static_cast<std::uint16_t>(number.value());
  return add_condition(draft, "window", args, [wanted, negated](const PacketView& packet) noexcept {
    return is_tcp(packet) && (packet.meta.tcp.window == wanted) != negated;
  });
}

Status parse_tcp_mss(std::string_view args, Draft& draft) {
  return add_option("tcp.mss", wire::tcp_option::kMss, 2, args, draft);
}

Status parse_tcp_wscale(std::string_view args, Draft& draft) {
  return add_option("tcp.wscale", wire::tcp_option::kWindowScale, 1, args, draft);
}

}  // namespace mirrorscan::keywords
