#include "support/no_alloc/call_count.h"

#include <dlfcn.h>

namespace mirrorscan::support {

namespace {

template <class Function>
void find(Function& function, const char* name) noexcept {
  function = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

}  // namespace

CallCount::CallCount() noexcept {
  find(arm_, "mirrorscan_count_arm");
  find(disarm_, "mirrorscan_count_disarm");
  find(reset_, "mirrorscan_count_reset");
  find(get_, "mirrorscan_count_get");
  find(name_, "mirrorscan_count_name");
}

std::string CallCount::text() const {
  std::string out;
  for (std::size_t i = 0; loaded() && name_(i) != nullptr; ++i) {
    if (get(name_(i)) == 0) continue;
    if (!out.empty()) out += ", ";
    out += std::string(name_(i)) + " " + std::to_string(get(name_(i)));
  }
  return out;
}

}  // namespace mirrorscan::support
