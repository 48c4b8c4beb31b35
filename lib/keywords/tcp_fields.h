#pragma once
// seq, ack, window, tcp.mss and tcp.wscale: fields and options of the TCP header (RFC 9293 section 3.1, RFC
// 7323).

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

Status parse_seq(std::string_view args, Draft& draft);
Status parse_ack(std::string_view args, Draft& draft);
/// As the header has it, not scaled.
Status parse_window(std::string_view args, Draft& draft);
/// Of two such options in one segment the first counts.
Status parse_tcp_mss(std::string_view args, Draft& draft);
Status parse_tcp_wscale(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
