// mirrorscan-tail's lines for arbitrary records: one line each, without a control character.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tail/printer.h"

using namespace mirrorscan;
using namespace mirrorscan::tail;

namespace {

/// The first byte chooses the type; the rest is the record's text.
void print(const ring::JsonRecord& record, Printer& printer) {
  const std::optional<std::string> line = printer.line(record);
  if (!line) return;
  if (line->empty() || line->back() != '\n') std::abort();
  if (std::any_of(line->begin(), line->end() - 1, [](char c) { return static_cast<unsigned char>(c) < ' '; }))
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view json(reinterpret_cast<const char*>(data) + 1, size - 1);
  const ring::JsonRecord record{.type = static_cast<ring::RecordType>(data[0] % 6), .json = json};
  const Filter filter{.types = {"alert", "stats"}, .vni = 4'711, .tenant = "shop", .sid = 1, .severity = 3};
  for (const Form form : {Form::json, Form::text}) {
    Printer all({}, form, Color::never), some(filter, form, Color::never);
    for (int i = 0; i < 2; ++i) print(record, all), print(record, some);  // twice: stats are compared
  }
  return 0;
}
