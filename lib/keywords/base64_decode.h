#pragma once
// base64_decode and base64_data: tests on what a piece of the payload says in Base64.

#include <cstdint>
#include <string>
#include <string_view>

#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// Decodes from a place of the payload and asks the tests of base64_data about the bytes: they see the
/// decoded bytes as a whole payload of their own. It moves no cursor; without a single decoded byte it does
/// not match.
class Base64Decode final : public signature::PayloadTest {
 public:
  static constexpr std::uint32_t kMostText = 65535;  ///< bytes decoded; what follows is not
  struct Spec {
    std::uint32_t bytes = kMostText;  ///< of text at most
    std::uint32_t offset = 0;
    bool relative = false;
    bool first = false;  ///< relative, but nothing before it moves the cursor
  };

  explicit Base64Decode(const Spec& spec) : spec_(spec) {}
  [[nodiscard]] bool match(signature::Inspection& in, std::size_t index,
                           std::uint32_t cursor) const noexcept override;
  [[nodiscard]] signature::PayloadTraits traits() const override;
  [[nodiscard]] std::string describe() const override;

  /// For base64_data, while the rule is read.
  [[nodiscard]] signature::TestList& inner() noexcept { return inner_; }
  [[nodiscard]] const signature::TestList& inner() const noexcept { return inner_; }

 private:
  [[nodiscard]] bool from_start() const noexcept { return !spec_.relative || spec_.first; }

  Spec spec_;
  signature::TestList inner_;
};

/// `bytes N, offset N, relative`, each of them or none.
Status parse_base64_decode(std::string_view args, Draft& draft);
Status parse_base64_data(std::string_view args, Draft& draft);
/// The tests that follow look at the payload again.
Status parse_pkt_data(std::string_view args, Draft& draft);

/// The rule's base64_decode, or nullptr.
[[nodiscard]] const Base64Decode* base64_of(const Draft& draft);

}  // namespace mirrorscan::keywords
