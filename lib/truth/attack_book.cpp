#include "truth/attack_book.h"

#include <algorithm>
#include <utility>

#include "base/mix.h"
#include "truth/stream_truth.h"

namespace mirrorscan::truth {
namespace {

using signature::Rule;
using signature::RuleIndex;

/// What is drawn from the seed: each has numbers of its own.
enum Draw : std::uint64_t { kAttacked = 101, kWhichAttack, kWhichVariant, kScene, kSpecimen, kScript };

/// A datagram that no path fragments, whatever is around it.
constexpr std::size_t kMostDatagramBytes = 1'400;

/// Bytes of the attack's direction, in order.
std::string said(const AttackVariant& variant, Direction direction) {
  std::string out;
  for (const traffic::Message& message : variant.conversation.messages)
    if (message.direction == direction) out += as_text(message.bytes);
  return out;
}

/// Whether the rule matches at each occurrence, with all that is said around it.
bool matches_there(const Rule& rule, const PlainRule& plain, const Scene& scene,
                   const AttackVariant& variant) {
  if (scene.in_one_piece) return true;  // nothing is around it
  const std::string stream = said(variant, scene.direction);
  for (const Occurrence& occurrence : variant.occurrences) {
    bool found = false;
    for (std::uint32_t i = 0; !found && i + rule.trigger->length <= occurrence.length; ++i)
      found = matches_at(rule, plain, stream, occurrence.offset + i);
    if (!found) return false;
  }
  return true;
}

}  // namespace

AttackBook::AttackBook(const traffic::Profile& profile, const ruleset::Ruleset& rules)
    : seed_(profile.seed),
      wanted_(profile.attacks),
      most_segment_bytes_(std::min<std::size_t>(profile.flows.mss, kMostDatagramBytes)),
      rules_(rules),
      blank_(2 * rules.window + 8'192, ' ') {
  plain_.reserve(rules.rules.size());
  for (const Rule& rule : rules.rules) plain_.push_back(plain_rule(rule));
}

std::uint64_t AttackBook::draw(std::uint64_t what, std::uint64_t of) const noexcept {
  return mix(mix(mix(seed_, what), of), what);
}

void AttackBook::plant(const traffic::Books& books, RuleIndex index) {
  const Rule& rule = rules_.rules[index];
  const auto refuse = [&](std::string why) { fates_[index] = {Fate::not_plantable, std::move(why)}; };
  if (!rule.header.protocols.numbers[kTcp] && !rule.header.protocols.numbers[kUdp])
    return refuse("neither TCP nor UDP");
  if (rule.flow.fragments == signature::Fragments::only_frag) return refuse("only for fragments");
  if (!accepts_ten(rule)) return refuse("its addresses are not all of 10.0.0.0/8");
  const auto scene = scene_of(rule, draw(kScene, index));
  if (!scene) return refuse("no ports with the client's above the server's");
  std::size_t most = scene->protocol == kUdp ? kMostDatagramBytes : rules_.window;
  if (scene->protocol == kTcp && scene->in_one_piece) most = most_segment_bytes_;
  auto specimen = specimen_of(rule, plain_[index], most, draw(kSpecimen, index));
  if (!specimen) return refuse("no bytes found that match it");

  Attack& attack = attacks_.emplace_back(Attack{index, *scene, *std::move(specimen), {}});
  const Script script{books, wanted_, rules_.window, blank_};
  for (std::size_t i = 0; i < kVariants; ++i) {
    AttackVariant variant = made_variant(script, attack.scene, as_bytes(attack.specimen.bytes),
                                         attack.specimen, draw(kScript, index * kVariants + i));
    if (matches_there(rule, plain_[index], *scene, variant)) attack.variants.push_back(std::move(variant));
  }
  if (!attack.variants.empty()) return;
  attacks_.pop_back();
  refuse("what is said around it keeps it from matching");
}

Result<std::unique_ptr<AttackBook>> AttackBook::make(const traffic::Profile& profile,
                                                     const ruleset::Ruleset& rules,
                                                     const traffic::Books& books) {
  std::unique_ptr<AttackBook> out(new AttackBook(profile, rules));
  auto fates = first_fates(rules, out->plain_, books, profile.flows);
  if (!fates) return fates.error();
  out->fates_ = std::move(fates).value();
  for (RuleIndex i = 0; i < out->fates_.size(); ++i)
    if (out->fates_[i].fate == Fate::planted) out->plant(books, i);
  if (!out->attacks_.empty() || profile.attacks.share <= 0) return out;
  const std::string example = out->fates_.empty() ? "there is none" : out->fates_.front().reason;
  return Error{
      "attacks",
      "no attack can be made of any of the " + std::to_string(rules.rules.size()) +
          " rules, for example: " + example,
      "give rules with content for TCP or UDP whose addresses take all of 10.0.0.0/8, where variables "
      "decide with --vars"};
}

std::uint32_t AttackBook::attack_of(std::uint64_t serial) const {
  // 53 bits: as many as a double holds.
  const auto unit = static_cast<double>(draw(kAttacked, serial) >> 11) / static_cast<double>(1ULL << 53);
  if (unit >= wanted_.share || attacks_.empty()) return traffic::kNoAttack;
  return static_cast<std::uint32_t>(draw(kWhichAttack, serial) % attacks_.size());
}

std::size_t AttackBook::variant_of(std::uint32_t attack, std::uint64_t serial) const {
  return draw(kWhichVariant, serial) % attacks_[attack].variants.size();
}

const traffic::Conversation& AttackBook::conversation(std::uint32_t attack, std::uint64_t serial) const {
  return attacks_[attack].variants[variant_of(attack, serial)].conversation;
}

}  // namespace mirrorscan::truth
