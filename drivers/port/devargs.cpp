#include "port/devargs.h"

#include <fmt/format.h>
#include <rte_kvargs.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace mirrorscan::port {
namespace {

using Parsed = std::unique_ptr<rte_kvargs, void (*)(rte_kvargs*)>;

Parsed parse(const std::string& arguments) {
  return {rte_kvargs_parse(arguments.c_str(), nullptr), rte_kvargs_free};
}

Error unreadable() {
  return {"arguments", "DPDK cannot read them",
          "write at most 32 key=value, separated by commas, such as iface=eth1"};
}

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t begin = 0; begin < words.size();) {
    const std::size_t end = std::min(words.find(' ', begin), words.size());
    if (words.substr(begin, end - begin) == word) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

Status check_keys(const std::string& arguments, std::string_view known) {
  const Parsed parsed = parse(arguments);
  if (parsed == nullptr) return unreadable();
  if (known.empty()) return success();
  for (unsigned i = 0; i < parsed->count; ++i)
    if (!has_word(known, parsed->pairs[i].key))
      return Error{"arguments", fmt::format("its driver knows no argument \"{}\"", parsed->pairs[i].key),
                   fmt::format("it knows {}", known)};
  return success();
}

Result<std::vector<std::string>> values_of(const std::string& arguments, const char* key) {
  const Parsed parsed = parse(arguments);
  if (parsed == nullptr) return unreadable();
  std::vector<std::string> values;
  for (unsigned i = 0; i < parsed->count; ++i) {
    const rte_kvargs_pair& pair = parsed->pairs[i];
    if (std::string_view(pair.key) == key) values.emplace_back(pair.value == nullptr ? "" : pair.value);
  }
  return values;
}

std::optional<std::string> value_of(const std::string& arguments, const char* key) {
  const auto values = values_of(arguments, key);
  if (!values || values.value().empty()) return std::nullopt;
  return values.value().front();
}

std::optional<std::uint32_t> number_of(const std::string& arguments, const char* key) {
  const auto text = value_of(arguments, key);
  if (!text) return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return number;
}

Status check_queues(const config::Port& port, const char* key) {
  const auto written = value_of(port.arguments, key);
  if (!written || number_of(port.arguments, key) == port.queues) return success();
  return Error{"arguments", fmt::format("{}={} contradicts queues, {}", key, *written, port.queues),
               fmt::format("leave {} out, and write the number of queues to `queues`", key)};
}

std::string join(const std::string& first, const std::string& second) {
  if (first.empty() || second.empty()) return first + second;
  return first + "," + second;
}

}  // namespace mirrorscan::port
