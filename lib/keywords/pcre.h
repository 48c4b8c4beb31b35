#pragma once
// pcre: a regular expression, evaluated by PCRE2.

#include <memory>
#include <string>
#include <string_view>

#include "keywords/keyword.h"
#include "keywords/pcre_syntax.h"
#include "keywords/pcre_workspace.h"

namespace mirrorscan::keywords {

struct PcreCodeFree {
  void operator()(pcre2_code* code) const noexcept { pcre2_code_free(code); }
};
using PcreCode = std::unique_ptr<pcre2_code, PcreCodeFree>;

/// Immutable after it is made, so all lcores share it; what one search needs is in Inspection::pcre.
///
/// With R the subject begins at the cursor, so that `^` means the cursor and look-behind sees nothing before.
class Pcre final : public signature::PayloadTest {
 public:
  /// What one search counts for in the evaluation's bound: this, its subject's length, and where the
  /// expression may explode what the search really does.
  static constexpr std::uint32_t kStepsPerSearch = 16;
  static constexpr std::size_t kBytesPerStep = 64;
  static constexpr std::uint64_t kUnitsPerStep = 4;  ///< PcreWorkspace::units; one is 4 to 20 ns

  Pcre(PcreSyntax syntax, PcreCode code, bool first);

  [[nodiscard]] bool match(signature::Inspection& in, std::size_t index,
                           std::uint32_t cursor) const noexcept override;
  [[nodiscard]] signature::PayloadTraits traits() const override;
  [[nodiscard]] std::string describe() const override;
  /// To machine code; else it is interpreted, because the machine forbids it or PCRE2 cannot.
  [[nodiscard]] bool compiled() const noexcept { return engine_ == signature::PcreWorkspace::Engine::jit; }
  /// It may explode, so that what its searches do is counted.
  [[nodiscard]] bool metered() const noexcept { return parts_.may_explode(); }

 private:
  [[nodiscard]] bool at_start() const noexcept;
  [[nodiscard]] bool decidable(const signature::Inspection& in) const noexcept;
  [[nodiscard]] bool match_positive(signature::Inspection& in, std::size_t index,
                                    std::size_t base) const noexcept;
  [[nodiscard]] signature::PcreResult search(signature::Inspection& in, std::size_t base, std::size_t from,
                                             signature::PcreSpan& span) const noexcept;

  PcreSyntax syntax_;
  PcreParts parts_;
  PcreCode code_;
  signature::PcreWorkspace::Engine engine_;
  bool first_;  ///< R, but nothing before it moves the cursor: the subject is the whole buffer
};

Status parse_pcre(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
