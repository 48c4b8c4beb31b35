#include "memory/memory.h"

#include <fmt/format.h>

#include <algorithm>

#include "port/devargs.h"
#include "port/kind.h"

namespace mirrorscan::memory {
namespace {

constexpr std::uint32_t kMostBytes = 16'384;

}  // namespace

Status check_null(const config::Port& port) {
  const auto sizes = port::values_of(port.arguments, "size");
  if (!sizes) return sizes.error();
  if (sizes.value().empty()) return success();
  const auto size = port::number_of(port.arguments, "size");
  if (sizes.value().size() == 1 && size && *size > 0 && *size <= kMostBytes) return success();
  return Error{"arguments", "net_null's size is no number of bytes that fits one packet buffer",
               fmt::format("write one size, from 1 to {}", kMostBytes)};
}

std::uint32_t null_buffer_bytes(const config::Port& port) {
  return std::max(port::kBufferBytes, port::number_of(port.arguments, "size").value_or(0));
}

}  // namespace mirrorscan::memory
