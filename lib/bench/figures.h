#pragma once
// A JSON object that is being filled with what was measured.

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace mirrorscan::bench {

/// Fields stay in the order in which they were added; a name that is added again is overwritten.
class Figures {
 public:
  Figures();
  Figures(Figures&&) noexcept;
  Figures& operator=(Figures&&) noexcept;
  ~Figures();

  Figures& count(std::string_view name, std::uint64_t value);
  Figures& number(std::string_view name, double value);  ///< null where it is not finite
  Figures& text(std::string_view name, std::string_view value);
  Figures& truth(std::string_view name, bool value);
  Figures& none(std::string_view name);
  Figures& words(std::string_view name, const std::vector<std::string>& values);
  Figures& object(std::string_view name, Figures value);
  /// At the end of the list `name`, which begins with the first call.
  Figures& append(std::string_view name, Figures value);

  /// median, min and max of each numeric field over the objects of the list `name`, by dotted path. The
  /// median of an even number is the mean of the middle two.
  [[nodiscard]] Figures summary_of(std::string_view name) const;
  [[nodiscard]] double number_at(
      std::string_view name) const;  ///< a field of this object; 0 where there is none
  [[nodiscard]] std::string text() const;

 private:
  std::unique_ptr<nlohmann::ordered_json> json_;
};

}  // namespace mirrorscan::bench
