#include "keywords/flow.h"

#include <string>

#include "base/letter_case.h"
#include "keywords/arguments.h"

namespace mirrorscan::keywords {
namespace {

using signature::Established;
using signature::FlowCondition;
using signature::Fragments;
using signature::StreamMatch;
using signature::Wanted;

/// Words of one group exclude each other.
enum class Group : std::uint8_t { direction, state, stream, fragments };

struct Word {
  std::string_view name;
  Group group;
  void (*apply)(FlowCondition&);
};

constexpr Word kWords[] = {
    {"to_server", Group::direction, [](FlowCondition& f) { f.direction = Wanted::to_server; }},
    {"from_client", Group::direction, [](FlowCondition& f) { f.direction = Wanted::to_server; }},
    {"to_client", Group::direction, [](FlowCondition& f) { f.direction = Wanted::to_client; }},
    {"from_server", Group::direction, [](FlowCondition& f) { f.direction = Wanted::to_client; }},
    {"established", Group::state, [](FlowCondition& f) { f.established = Established::yes; }},
    {"not_established", Group::state, [](FlowCondition& f) { f.established = Established::no; }},
    {"stateless", Group::state, [](FlowCondition& f) { f.established = Established::any; }},
    {"only_stream", Group::stream, [](FlowCondition& f) { f.stream = StreamMatch::only_stream; }},
    {"no_stream", Group::stream, [](FlowCondition& f) { f.stream = StreamMatch::no_stream; }},
    {"no_frag", Group::fragments, [](FlowCondition& f) { f.fragments = Fragments::no_frag; }},
    {"only_frag", Group::fragments, [](FlowCondition& f) { f.fragments = Fragments::only_frag; }},
};

const Word* word_named(std::string_view name) {
  const std::string wanted = lowered(name);
  for (const Word& word : kWords) {
    if (word.name == wanted) return &word;
  }
  return nullptr;
}

/// What the words of state and fragments ask.
enum class Asks : std::uint8_t { nothing, of_flow };

/// What the reference asks of a packet that has no flow: a direction alone is none of these questions, and
/// with no_stream only direction and `established` are, which it cannot meet.
bool needs_flow(const FlowCondition& flow, Asks others) noexcept {
  if (flow.stream == StreamMatch::no_stream)
    return flow.direction != Wanted::any || flow.established == Established::yes;
  return others == Asks::of_flow;
}

}  // namespace

Status parse_flow(std::string_view args, Draft& draft) {
  if (draft.rule.flow.present) return refuse("flow: given twice", "write all its words in one list");
  const Word* of_group[4] = {};
  const auto has = [&](Group group) { return of_group[static_cast<std::size_t>(group)] != nullptr; };
  for (const std::string_view name : split(args, ',')) {
    const Word* word = word_named(name);
    if (!word) {
      return refuse("flow: '" + std::string(name) + "' is not known",
                    "see `mirrorscan check --keywords` for the words");
    }
    const Word*& before = of_group[static_cast<std::size_t>(word->group)];
    if (before) {
      return refuse("flow: '" + std::string(word->name) + "' after '" + std::string(before->name) + "'",
                    "keep one of the two");
    }
    before = word;
    word->apply(draft.rule.flow);
  }
  draft.rule.flow.needs_flow =
      needs_flow(draft.rule.flow, has(Group::state) || has(Group::fragments) ? Asks::of_flow : Asks::nothing);
  draft.rule.flow.present = true;
  return success();
}

}  // namespace mirrorscan::keywords
