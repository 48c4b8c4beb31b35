#pragma once
// Attacks drawn from a rule file: which flows carry one, and what those flows say.

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ruleset/ruleset.h"
#include "traffic/book.h"
#include "traffic/conversation.h"
#include "traffic/profile.h"
#include "truth/attack_script.h"
#include "truth/plain_rule.h"
#include "truth/rule_fate.h"

namespace mirrorscan::truth {

/// The attack of one rule.
struct Attack {
  signature::RuleIndex rule = 0;
  Scene scene;
  Specimen specimen;
  std::vector<AttackVariant> variants;
};

/// An attack is a number from 0; plans carry it. Immutable once made, and must outlive all plans.
class AttackBook final : public traffic::AttackPlan {
 public:
  /// Attacks for all rules that can be planted in traffic of this profile; `fates()` says why others are not.
  /// `rules` and `books` must outlive it. Errors: rules whose effect on others is not foreseen (pass), or no
  /// rule that can be planted although the profile asks for attacks. Cost: some 20 us a rule.
  [[nodiscard]] static Result<std::unique_ptr<AttackBook>> make(const traffic::Profile& profile,
                                                                const ruleset::Ruleset& rules,
                                                                const traffic::Books& books);

  [[nodiscard]] std::uint32_t attack_of(std::uint64_t serial) const override;
  [[nodiscard]] const traffic::Conversation& conversation(std::uint32_t attack,
                                                          std::uint64_t serial) const override;

  /// Which of the attack's variants flow `serial` speaks.
  [[nodiscard]] std::size_t variant_of(std::uint32_t attack, std::uint64_t serial) const;
  [[nodiscard]] const std::deque<Attack>& attacks() const noexcept { return attacks_; }
  /// One for each rule of the ruleset, in its order.
  [[nodiscard]] const std::vector<RuleFate>& fates() const noexcept { return fates_; }
  /// Likewise: each rule in plain words.
  [[nodiscard]] const std::vector<PlainRule>& plain() const noexcept { return plain_; }
  [[nodiscard]] const ruleset::Ruleset& rules() const noexcept { return rules_; }

 private:
  /// More do not make traffic more various, and each takes some kB.
  static constexpr std::size_t kVariants = 4;

  AttackBook(const traffic::Profile& profile, const ruleset::Ruleset& rules);
  void plant(const traffic::Books& books, signature::RuleIndex index);
  [[nodiscard]] std::uint64_t draw(std::uint64_t what, std::uint64_t of) const noexcept;

  std::uint64_t seed_;
  traffic::Attacks wanted_;
  std::size_t most_segment_bytes_;
  const ruleset::Ruleset& rules_;
  std::vector<std::uint8_t> blank_;
  std::vector<PlainRule> plain_;
  std::vector<RuleFate> fates_;
  std::deque<Attack> attacks_;  ///< conversations refer to specimens: they must not move
};

}  // namespace mirrorscan::truth
