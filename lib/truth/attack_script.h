#pragma once
// What flows with an attack say: ordinary messages, and the specimen of a rule among them.

#include <cstdint>
#include <span>
#include <vector>

#include "traffic/book.h"
#include "traffic/conversation.h"
#include "traffic/profile.h"
#include "truth/rule_scope.h"
#include "truth/specimen.h"

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

/// What all attacks of a book have in common. Refers to the books.
struct Script {
  const traffic::Books& books;
  const traffic::Attacks& wanted;
  std::uint32_t window;                 ///< W: occurrences in a stream are further apart
  std::span<const std::uint8_t> blank;  ///< more than W bytes to say where a book says nothing
};

/// `specimen` must outlive the conversation, which refers to it.
[[nodiscard]] AttackVariant made_variant(const Script& script, const Scene& scene, ByteView specimen,
                                         const Specimen& described, std::uint64_t draw);

}  // namespace mirrorscan::truth
