#pragma once
// stream_size: how many bytes the ends of a TCP connection have sent so far.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// `side,operator,bytes`: client, server, both or either; = != < <= > >=. Counted in sequence numbers, so
/// that a SYN is one, and a FIN one once it is acknowledged. Packets of no tracked connection do not match.
Status parse_stream_size(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
