#pragma once
// What a capture says, as a book, and how long its frames are.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "traffic/book.h"

namespace mirrorscan::traffic {

/// What a book of a capture may hold.
inline constexpr std::size_t kMostBookBytes = 16 << 20;

/// The payloads of the capture's TCP (6) or UDP (17) packets, flow by flow, each an entry in the direction in
/// which it went (the client is who sent the first packet); the first kMostBookBytes of them. Errors: those
/// of read_capture(); no such payload.
[[nodiscard]] Result<Book> book_of_payloads(const std::string& capture, std::uint8_t protocol);

/// The lengths of its inner frames on the wire, in the capture's order. Errors: those of read_capture().
[[nodiscard]] Result<std::vector<std::uint16_t>> frame_sizes(const std::string& capture);

}  // namespace mirrorscan::traffic
