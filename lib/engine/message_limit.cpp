#include "engine/message_limit.h"

namespace mirrorscan::engine {

bool MessageLimit::admit(std::string_view category, Clock::time_point now) {
  auto found = windows_.find(category);
  if (found == windows_.end()) found = windows_.emplace(category, Window{now + kWindow}).first;
  return ++found->second.messages <= kMessages;
}

std::vector<MessageLimit::LeftOut> MessageLimit::take_left_out(Clock::time_point now) {
  std::vector<LeftOut> out;
  for (auto it = windows_.begin(); it != windows_.end();) {
    const auto& [category, window] = *it;
    if (now < window.end) {
      ++it;
      continue;
    }
    if (window.messages > kMessages) out.push_back({category, window.messages - kMessages});
    it = windows_.erase(it);
  }
  return out;
}

}  // namespace mirrorscan::engine
