#include "config/spelling.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "config/fields.h"

namespace mirrorscan::config {
namespace {

constexpr std::size_t kLongest = 64;

/// Levenshtein's distance: insertions, deletions and substitutions.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({substituted, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row[b.size()];
}

std::string_view last_name(std::string_view path) {
  return path.substr(path.rfind('.') + 1);  // npos + 1 is 0: no dot, the whole path
}

}  // namespace

std::string_view closest_path(std::string_view path) {
  if (path.size() > kLongest) return {};
  for (const Field& field : fields())
    if (last_name(field.path) == last_name(path)) return field.path;
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, last_name(path).size() / 3) + 1;
  for (const Field& field : fields()) {
    const std::string_view section = field.path.substr(0, field.path.find('.'));
    if (const std::size_t near = distance(path, section); near < least) {
      least = near;
      best = section;
    }
    const std::size_t whole = distance(path, field.path);
    const std::size_t name =
        distance(last_name(path), last_name(field.path)) + 1;  // a right section wins ties
    const std::size_t near = std::min(whole, name);
    if (near < least) {
      least = near;
      best = field.path;
    }
  }
  return best;
}

}  // namespace mirrorscan::config
