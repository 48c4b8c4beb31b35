#pragma once
// isdataat: whether the buffer has a byte at a place.

#include <cstdint>
#include <string_view>
#include <utility>

#include "keywords/keyword.h"
#include "keywords/quantity.h"

namespace mirrorscan::keywords {

/// Absolute: byte number n exists, counted from 0, so the buffer is longer than n. Relative: at least n bytes
/// follow the last match; the difference of one byte is the reference's (Suricata user guide, isdataat).
class IsDataAt final : public signature::PayloadTest {
 public:
  struct Spec {
    Quantity position;
    bool negated = false, relative = false;
    bool first = false;  ///< relative, but nothing before it moves the cursor
  };

  explicit IsDataAt(Spec spec) : spec_(std::move(spec)) {}
  [[nodiscard]] bool match(signature::Inspection& in, std::size_t index,
                           std::uint32_t cursor) const noexcept override;
  [[nodiscard]] signature::PayloadTraits traits() const override;
  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] const Spec& spec() const noexcept { return spec_; }

 private:
  [[nodiscard]] bool from_start() const noexcept { return !spec_.relative || spec_.first; }

  Spec spec_;
};

Status parse_isdataat(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
