#include "keywords/header_buffers.h"

namespace mirrorscan::keywords {

using signature::Buffer;

namespace {

Status use(Buffer buffer, Draft& draft) {
  draft.use(buffer);
  return success();
}

}  // namespace

Status parse_ipv4_hdr(std::string_view, Draft& draft) {
  return use(Buffer::ipv4_header, draft);
}

Status parse_ipv6_hdr(std::string_view, Draft& draft) {
  return use(Buffer::ipv6_header, draft);
}

Status parse_tcp_hdr(std::string_view, Draft& draft) {
  return use(Buffer::tcp_header, draft);
}

Status parse_udp_hdr(std::string_view, Draft& draft) {
  return use(Buffer::udp_header, draft);
}

Status parse_icmpv4_hdr(std::string_view, Draft& draft) {
  return use(Buffer::icmpv4_header, draft);
}

Status parse_icmpv6_hdr(std::string_view, Draft& draft) {
  return use(Buffer::icmpv6_header, draft);
}

}  // namespace mirrorscan::keywords
