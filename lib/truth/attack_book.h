#pragma once
// Attacks drawn from a rule file: which flows carry one, and what those flows say.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ruleset/ruleset.h"
#include "traffic/conversation.h"
#include "traffic/profile.h"
#include "truth/rule_fate.h"

namespace mirrorscan::traffic {
struct Books;  // traffic/book.h
}

namespace mirrorscan::truth {

/// Where a conversation carries its attack.
struct Occurrence {
  std::size_t message = 0;   ///< index in Conversation::messages
  std::uint32_t offset = 0;  ///< of the first byte that matters, in the bytes of its direction
  std::uint32_t length = 0;  ///< from there to the last one
};

/// One of the conversations of an attack; they differ in what is said around it and in where segments are
/// cut.
struct AttackVariant {
  traffic::Conversation conversation;
  std::vector<Occurrence> occurrences;
};

/// The attack of one rule.
struct Attack {
  signature::RuleIndex rule = 0;
  Direction direction = Direction::to_server;
  std::vector<std::uint8_t> specimen;
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
  [[nodiscard]] const std::vector<Attack>& attacks() const noexcept { return attacks_; }
  /// One for each rule of the ruleset, in its order.
  [[nodiscard]] const std::vector<RuleFate>& fates() const noexcept { return fates_; }
  [[nodiscard]] const ruleset::Ruleset& rules() const noexcept { return rules_; }

 private:
  AttackBook(const traffic::Profile& profile, const ruleset::Ruleset& rules)
      : seed_(profile.seed), share_(profile.attacks.share), rules_(rules) {}

  std::uint64_t seed_;
  double share_;
  const ruleset::Ruleset& rules_;
  std::vector<Attack> attacks_;
  std::vector<RuleFate> fates_;
};

}  // namespace mirrorscan::truth
