#include "tail/filter.h"

#include <algorithm>

#include "tail/event_value.h"

namespace mirrorscan::tail {

bool passes(const Filter& filter, std::string_view type, const nlohmann::json& event) {
  if (!filter.types.empty() &&
      std::find(filter.types.begin(), filter.types.end(), type) == filter.types.end())
    return false;
  if (filter.vni && vni_of(event) != std::optional<std::uint64_t>(*filter.vni)) return false;
  if (filter.tenant && text_at(event, {"mirror", "tenant"}) != *filter.tenant) return false;
  if (filter.sid && number_at(event, {"alert", "signature_id"}) != filter.sid) return false;
  if (!filter.severity) return true;
  const auto severity = number_at(event, {"alert", "severity"});
  return severity && *severity <= *filter.severity;
}

}  // namespace mirrorscan::tail
