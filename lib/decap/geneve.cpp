#include "decap/geneve.h"

#include "packet/layers.h"
#include "wire/geneve.h"
#include "wire/view.h"

namespace mirrorscan::decap {

using ledger::PacketEnd;

namespace {

/// False for an option that is none of AWS's.
bool keep_option(const wire::GeneveOption& option, ByteView data, packet::Tunnel& tunnel) noexcept {
  if (option.option_class.host() != wire::gwlb_option::kClass) return false;
  const auto* wide = wire::view<wire::Be64>(data);
  const auto* narrow = wire::view<wire::Be32>(data);
  if (option.type() == wire::gwlb_option::kEndpoint && wide != nullptr)
    tunnel.gwlb_endpoint = wide->host();
  else if (option.type() == wire::gwlb_option::kAttachment && wide != nullptr)
    tunnel.gwlb_attachment = wide->host();
  else if (option.type() == wire::gwlb_option::kFlowCookie && narrow != nullptr)
    tunnel.gwlb_flow_cookie = narrow->host();
  else
    return false;
  return true;
}

PacketEnd read_options(ByteView options, packet::Tunnel& tunnel, Geneve& out) noexcept {
  while (!options.empty()) {
    const auto* option = wire::view<wire::GeneveOption>(options);
    if (option == nullptr) return PacketEnd::geneve_bad_options;
    options = options.subspan(sizeof(wire::GeneveOption));
    const std::uint32_t length = option->data_bytes();
    if (length > options.size()) return PacketEnd::geneve_bad_options;
    if (!keep_option(*option, options.first(length), tunnel)) ++out.unknown_options;
    options = options.subspan(length);
  }
  return PacketEnd::none;
}

}  // namespace

PacketEnd read_geneve(const rte_mbuf& m, std::uint32_t offset, std::uint32_t end, packet::Tunnel& tunnel,
                      Geneve& out) noexcept {
  packet::HeaderScratch scratch;
  out = {};
  if (end - offset < sizeof(wire::GeneveHeader)) return PacketEnd::geneve_truncated;
  const auto* header = packet::view<wire::GeneveHeader>(m, offset, scratch);
  if (header == nullptr) return PacketEnd::geneve_truncated;
  if (header->version() != 0) return PacketEnd::geneve_bad_version;
  const std::uint32_t length = header->option_bytes();
  out.inner = packet::ip_version_of(header->protocol.host());
  offset += static_cast<std::uint32_t>(sizeof(wire::GeneveHeader));
  if (end - offset < length) return PacketEnd::geneve_truncated;
  out.end = offset + length;

  std::array<std::uint8_t, wire::kMaxGeneveOptionBytes> options;
  const std::uint8_t* bytes = packet::read(m, offset, length, options.data());
  if (bytes == nullptr) return PacketEnd::geneve_truncated;
  const PacketEnd bad = read_options({bytes, length}, tunnel, out);
  if (bad != PacketEnd::none) return bad;
  return out.inner == IpVersion::none ? PacketEnd::geneve_not_ip : PacketEnd::none;
}

}  // namespace mirrorscan::decap
