#include "support/mirror.h"

namespace mirrorscan::support {

Bytes vxlan_payload(std::uint32_t vni, ByteView inner, std::uint8_t flags) {
  Bytes out;
  add32(out, std::uint64_t{flags} << 24);
  add32(out, std::uint64_t{vni} << 8);
  append(out, inner);
  return out;
}

Bytes geneve_payload(const std::vector<GeneveOption>& options, std::uint16_t protocol, ByteView inner) {
  Bytes list;
  for (const GeneveOption& option : options) {
    Bytes data = option.data;
    while (data.size() % 4 != 0) data.push_back(0);
    add16(list, option.option_class);
    add8(list, option.type);
    add8(list, data.size() / 4);
    append(list, data);
  }
  Bytes out;
  add8(out, list.size() / 4);
  add8(out, 0);
  add16(out, protocol);
  add32(out, 0);
  append(out, list);
  append(out, inner);
  return out;
}

Packet Mirror::vxlan_packet(ByteView inner) const {
  Packet out;
  for (const std::uint16_t id : vlans) out.vlan(id);
  out.ip(source, target).ttl(255).id(0).udp(src_port, dst_port).no_udp_checksum();
  return out.payload(vxlan_payload(vni, inner, flags));
}

Packet Mirror::gwlb_packet(ByteView inner) const {
  std::vector<GeneveOption> options{{0x0108, 1, {}}, {0x0108, 2, {}}, {0x0108, 3, {}}};
  add64(options[0].data, endpoint);
  add64(options[1].data, attachment);
  add32(options[2].data, cookie);
  options.insert(options.end(), more_options.begin(), more_options.end());
  Packet transport;
  transport.ip(source, target).ttl(255).id(0).udp(src_port, dst_port).no_udp_checksum();
  transport.payload(vxlan_payload(vni, inner, flags));
  const bool v6 = source.find(':') != std::string::npos;
  Packet out;
  for (const std::uint16_t id : vlans) out.vlan(id);
  out.ip(balancer, appliance).ttl(255).udp(61'000, 6'081).no_udp_checksum();
  return out.payload(geneve_payload(options, v6 ? 0x86dd : 0x0800, transport.ip_bytes()));
}

}  // namespace mirrorscan::support
