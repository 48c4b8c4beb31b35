#pragma once
// Why a rule, an expression or a database cannot be used. Thrown inside this room only; its edge returns
// Result and Report.

#include <stdexcept>
#include <string>
#include <utility>

namespace mirrorscan::rules {

class Refusal : public std::runtime_error {
 public:
  explicit Refusal(const std::string& what, std::string remedy = {})
      : std::runtime_error(what), remedy_(std::move(remedy)) {}
  /// What to write or do instead; may be empty.
  [[nodiscard]] const std::string& remedy() const noexcept { return remedy_; }

 private:
  std::string remedy_;
};

}  // namespace mirrorscan::rules
