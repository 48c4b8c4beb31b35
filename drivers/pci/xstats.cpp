#include "pci/xstats.h"

#include <rte_ethdev.h>

namespace mirrorscan::pci {

bool Xstats::choose(const std::string& name) {
  const int count = rte_eth_xstats_get_names(id_, nullptr, 0);
  if (count <= 0) return false;
  std::vector<rte_eth_xstat_name> all(static_cast<std::size_t>(count));
  if (rte_eth_xstats_get_names(id_, all.data(), static_cast<unsigned>(count)) != count) return false;
  for (std::size_t i = all.size(); i-- > 0;) {
    if (name != all[i].name) continue;
    names_.push_back(name);
    ids_.push_back(i);
    return true;
  }
  return false;
}

std::vector<std::uint64_t> Xstats::read() const {
  std::vector<std::uint64_t> values(ids_.size());
  if (values.empty()) return {};
  const int read =
      rte_eth_xstats_get_by_id(id_, ids_.data(), values.data(), static_cast<unsigned>(ids_.size()));
  return read == static_cast<int>(ids_.size()) ? values : std::vector<std::uint64_t>{};
}

}  // namespace mirrorscan::pci
