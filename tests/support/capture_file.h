#pragma once
// A capture file of a test's own frames.

#include <cstdint>
#include <fstream>
#include <string>

#include "support/wire_bytes.h"

namespace mirrorscan::support {

/// A pcap file of Ethernet, times in microseconds.
class CaptureFile {
 public:
  explicit CaptureFile(const std::string& path, std::uint32_t link_type = 1) : out_(path, std::ios::binary) {
    for (const std::uint32_t value : {0xa1b2c3d4u, 4u << 16 | 2u, 0u, 0u, 262'144u, link_type}) number(value);
  }
  /// `missing`: bytes that were on the wire and not captured.
  CaptureFile& add(std::uint64_t time_us, const Bytes& frame, std::uint32_t missing = 0) {
    const auto length = static_cast<std::uint32_t>(frame.size());
    for (const std::uint64_t value :
         {time_us / 1'000'000, time_us % 1'000'000, std::uint64_t{length}, std::uint64_t{length + missing}})
      number(static_cast<std::uint32_t>(value));
    out_.write(reinterpret_cast<const char*>(frame.data()), static_cast<std::streamsize>(length));
    out_.flush();
    return *this;
  }

 private:
  void number(std::uint32_t value) {
    out_.write(reinterpret_cast<const char*>(&value), sizeof(value));
    out_.flush();
  }
  std::ofstream out_;
};

}  // namespace mirrorscan::support
