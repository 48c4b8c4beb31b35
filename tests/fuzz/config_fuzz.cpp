// The configuration reader on any text: a checked configuration whose every field is within its bounds, or
// one error that says where and what on a single line.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/bounds.h"
#include "config/fields.h"
#include "config/reader.h"

using namespace mirrorscan::config;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// The number of elements of the list of objects that `field` belongs to; 1 for other fields.
std::size_t elements_of(const Field& field, const Config& config) {
  if (!is_element_field(field)) return 1;
  const std::string_view list = field.path.substr(0, field.path.find("[]"));
  for (const Field& row : fields())
    if (row.path == list) return std::get<std::uint64_t>(row.get(config, 0));
  std::abort();
}

void check_bounds(const Config& config) {
  for (const Field& field : fields())
    for (std::size_t i = 0; i < elements_of(field, config); ++i)
      require(!out_of_bounds(field, field.get(config, i)));
}

void check_error(const mirrorscan::Error& error) {
  require(error.where.starts_with("fuzz") && !error.what.empty() && !error.remedy.empty());
  require(error.text().find('\n') == std::string::npos);
  require(error.text().size() < 2'000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto config = read_text("fuzz", {reinterpret_cast<const char*>(data), size});
  if (config.ok())
    check_bounds(config.value());
  else
    check_error(config.error());
  return 0;
}
