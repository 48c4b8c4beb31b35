#include <algorithm>
#include <array>

#include "keywords/base64_decode.h"
#include "keywords/bsize.h"
#include "keywords/byte_extract.h"
#include "keywords/byte_jump.h"
#include "keywords/byte_math.h"
#include "keywords/byte_test.h"
#include "keywords/checksum.h"
#include "keywords/content.h"
#include "keywords/content_modifiers.h"
#include "keywords/detection_filter.h"
#include "keywords/dsize.h"
#include "keywords/flow.h"
#include "keywords/flowbits.h"
#include "keywords/flowint.h"
#include "keywords/fragment_fields.h"
#include "keywords/header_buffers.h"
#include "keywords/hostbits.h"
#include "keywords/icmp.h"
#include "keywords/icmp_fields.h"
#include "keywords/ip_fields.h"
#include "keywords/ip_proto.h"
#include "keywords/ipopts.h"
#include "keywords/isdataat.h"
#include "keywords/keyword.h"
#include "keywords/meta.h"
#include "keywords/pcre.h"
#include "keywords/stream_size.h"
#include "keywords/tag.h"
#include "keywords/tcp_fields.h"
#include "keywords/tcp_flags.h"
#include "keywords/threshold.h"
#include "keywords/xbits.h"

namespace mirrorscan::keywords {
namespace {

/// In the order in which `mirrorscan check --keywords` lists them.
constexpr Keyword kTable[] = {
    {"msg", Argument::required, "what the alert says", parse_msg},
    {"sid", Argument::required, "the rule's number", parse_sid},
    {"gid", Argument::required, "the group its number belongs to; 1 if not given", parse_gid},
    {"rev", Argument::required, "the rule's revision", parse_rev},
    {"classtype", Argument::required, "its class, which gives category and priority", parse_classtype},
    {"priority", Argument::required, "1 (highest) and up, instead of that of the class", parse_priority},
    {"reference", Argument::required, "system,id of a description elsewhere", parse_reference},
    {"metadata", Argument::required, "key value, key value ...: for the reader of the alert", parse_metadata},
    {"target", Argument::required, "src_ip or dest_ip: the side under attack", parse_target},
    {"noalert", Argument::none, "matches without telling", parse_noalert},
    {"alert", Argument::none, "tells although it is a pass rule", parse_alert},
    {"prefilter", Argument::none, "accepted without effect: triggers are chosen for every rule",
     parse_prefilter},

    {"flow", Argument::required,
     "to_server|from_client, to_client|from_server, established|not_established|stateless, "
     "only_stream|no_stream, no_frag|only_frag",
     parse_flow},
    {"flowbits", Argument::required,
     "set|unset|toggle,name; isset|isnotset,name[|name]; noalert: bits of the flow", parse_flowbits},
    {"flowint", Argument::required,
     "name,operation[,operand] with = + - < <= > >= == != isset notset: integers of the flow", parse_flowint},
    {"tag", Argument::required, "accepted without effect: packets are not logged", parse_tag},
    {"dsize", Argument::required, "length of the packet's payload: n, !n, <n, >n, a<>b (exclusive)",
     parse_dsize},
    {"itype", Argument::required, "ICMP or ICMPv6 type: n, !n, <n, >n, a<>b (exclusive)", parse_itype},
    {"icode", Argument::required, "ICMP or ICMPv6 code: n, !n, <n, >n, a<>b (exclusive)", parse_icode},
    {"icmp_id", Argument::required, "identifier of an ICMP or ICMPv6 echo, or of its kind", parse_icmp_id},
    {"icmp_seq", Argument::required, "sequence number of an ICMP or ICMPv6 echo, or of its kind",
     parse_icmp_seq},
    {"icmpv6.mtu", Argument::required, "MTU of a packet-too-big message: n, !n, <n, >n, a<>b (exclusive)",
     parse_icmpv6_mtu},
    {"ttl", Argument::required, "TTL or hop limit: n, !n, <n, >n, a<>b (exclusive)", parse_ttl},
    {"tos", Argument::required, "[!]n or xHH: the TOS byte of IPv4", parse_tos},
    {"id", Argument::required, "identification of IPv4", parse_id},
    {"ipopts", Argument::required, "an IPv4 option: rr, eol, nop, ts, sec, esec, lsrr, ssrr or satid",
     parse_ipopts},
    {"fragbits", Argument::required, "[+*!] of M, D and R: the flags of IPv4", parse_fragbits},
    {"fragoffset", Argument::required, "[<>]n: IPv4 in units of 8 bytes, IPv6 in bytes", parse_fragoffset},
    {"ip_proto", Argument::required,
     "[!<>] number or name of the protocol above IP; several times: all of them", parse_ip_proto},
    {"l3_proto", Argument::required, "ipv4|ip4 or ipv6|ip6: the version of IP", parse_l3_proto},
    {"sameip", Argument::none, "source and destination address are the same", parse_sameip},
    {"flags", Argument::required, "[+*!] of FSRPAUEC (2 = E, 1 = C) or 0; ,FLAGS not to look at",
     parse_flags},
    {"tcp.flags", Argument::required, "the same as flags", parse_flags},
    {"seq", Argument::required, "sequence number of TCP", parse_seq},
    {"tcp.seq", Argument::required, "the same as seq", parse_seq},
    {"ack", Argument::required, "acknowledgment number of TCP", parse_ack},
    {"tcp.ack", Argument::required, "the same as ack", parse_ack},
    {"window", Argument::required, "[!]n: window of TCP, not scaled", parse_window},
    {"tcp.window", Argument::required, "the same as window", parse_window},
    {"tcp.mss", Argument::required, "MSS option of TCP: n, !n, <n, >n, a<>b (exclusive)", parse_tcp_mss},
    {"tcp.wscale", Argument::required, "window scale option of TCP: n, !n, <n, >n, a<>b (exclusive)",
     parse_tcp_wscale},
    {"stream_size", Argument::required,
     "client|server|both|either, = != < <= > >=, n: sequence numbers sent so far", parse_stream_size},
    {"ipv4-csum", Argument::required, "valid or invalid: checksum of the IPv4 header", parse_ipv4_csum},
    {"tcpv4-csum", Argument::required, "valid or invalid: of TCP over IPv4", parse_tcpv4_csum},
    {"tcpv6-csum", Argument::required, "valid or invalid: of TCP over IPv6", parse_tcpv6_csum},
    {"udpv4-csum", Argument::required, "valid or invalid: of UDP over IPv4, which may go without",
     parse_udpv4_csum},
    {"udpv6-csum", Argument::required, "valid or invalid: of UDP over IPv6", parse_udpv6_csum},
    {"icmpv4-csum", Argument::required, "valid or invalid: of ICMP", parse_icmpv4_csum},
    {"icmpv6-csum", Argument::required, "valid or invalid: of ICMPv6", parse_icmpv6_csum},

    {"threshold", Argument::required,
     "type limit|threshold|both, track by_src|by_dst|by_both|by_rule|by_flow, count n, seconds n: which "
     "matches "
     "alert",
     parse_threshold},
    {"detection_filter", Argument::required,
     "track by_src|by_dst|by_both|by_rule|by_flow, count n, seconds n: alerts after more than n matches",
     parse_detection_filter},
    {"xbits", Argument::required,
     "set|unset|toggle|isset|isnotset,name,track ip_src|ip_dst|ip_pair[,expire seconds]: bits of hosts",
     parse_xbits},
    {"hostbits", Argument::required, "set|unset|toggle|isset|isnotset,name[,src|dst]: bits of hosts",
     parse_hostbits},

    {"content", Argument::required, "bytes to look for, as \"text|hex|\"; ! for their absence",
     parse_content},
    {"nocase", Argument::none, "the content in any case", parse_nocase},
    {"offset", Argument::required, "the content begins at this byte of the payload or later", parse_offset},
    {"depth", Argument::required, "the content lies within this many bytes from offset", parse_depth},
    {"distance", Argument::required, "the content begins at least this far after the last match",
     parse_distance},
    {"within", Argument::required, "the content lies within this many bytes from distance", parse_within},
    {"startswith", Argument::none, "the content begins the payload", parse_startswith},
    {"endswith", Argument::none, "the content ends the payload", parse_endswith},
    {"rawbytes", Argument::none, "accepted without effect: payload bytes are always raw", parse_rawbytes},
    {"fast_pattern", Argument::optional, "look for this content first; only; offset,length",
     parse_fast_pattern},
    {"isdataat", Argument::required, "[!]n[,relative]: the payload has a byte there", parse_isdataat},
    {"ipv4.hdr", Argument::none, "from here on tests look at the IPv4 header", parse_ipv4_hdr},
    {"ipv6.hdr", Argument::none, "... at the IPv6 header with its extension headers", parse_ipv6_hdr},
    {"tcp.hdr", Argument::none, "... at the TCP header with its options", parse_tcp_hdr},
    {"udp.hdr", Argument::none, "... at the UDP header", parse_udp_hdr},
    {"icmpv4.hdr", Argument::none, "... at the ICMP header", parse_icmpv4_hdr},
    {"icmpv6.hdr", Argument::none, "... at the ICMPv6 header", parse_icmpv6_hdr},
    {"pcre", Argument::required, "[!]\"/expression/flags\" with the flags i s m x A E G R", parse_pcre},
    {"byte_test", Argument::required, "bytes,[!]operator,value,offset[,relative]...: compares a number there",
     parse_byte_test},
    {"byte_jump", Argument::required, "bytes,offset[,relative]...: moves on by a number there",
     parse_byte_jump},
    {"byte_extract", Argument::required, "bytes,offset,name[,relative]...: names a number there",
     parse_byte_extract},
    {"byte_math", Argument::required,
     "bytes N, offset N, oper O, rvalue N, result name[, relative]...: names what comes of a number there",
     parse_byte_math},
    {"bsize", Argument::required, "length of the sticky buffer: n, !n, <n, >n, a<>b (exclusive)",
     parse_bsize},
    {"base64_decode", Argument::optional, "bytes N, offset N, relative: decodes for base64_data",
     parse_base64_decode},
    {"base64_data", Argument::none, "the tests that follow look at what was decoded", parse_base64_data},
    {"pkt_data", Argument::none, "the tests that follow look at the payload again", parse_pkt_data},
};

bool same_in_any_case(char a, char b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return lower(a) == lower(b);
}

}  // namespace

std::span<const Keyword> table() noexcept {
  return kTable;
}

const Keyword* find(std::string_view name) {
  const auto* row = std::ranges::find_if(
      kTable, [name](const Keyword& k) { return std::ranges::equal(k.name, name, same_in_any_case); });
  return row == std::end(kTable) ? nullptr : row;
}

}  // namespace mirrorscan::keywords
