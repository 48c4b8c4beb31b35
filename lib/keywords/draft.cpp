// The list of tests that a rule's keywords add to.

#include <algorithm>

#include "keywords/keyword.h"

namespace mirrorscan::keywords {

using signature::Buffer;
using signature::BufferTests;

signature::TestList& Draft::tests() {
  if (inner_ != nullptr) return *inner_;
  if (buffer_ == Buffer::payload) return rule.payload;
  return std::ranges::find(rule.headers, buffer_, &BufferTests::buffer)->tests;
}

std::pair<std::size_t, std::size_t> Draft::next_order() const {
  // The payload comes after the headers, however many there are.
  constexpr std::size_t kPayload = ~std::size_t{0};
  if (inner_ != nullptr) return {kPayload, base64_at.value_or(0)};
  if (buffer_ == Buffer::payload) return {kPayload, rule.payload.size()};
  const auto header = std::ranges::find(rule.headers, buffer_, &BufferTests::buffer);
  return {static_cast<std::size_t>(header - rule.headers.begin()), header->tests.size()};
}

void Draft::use(Buffer buffer) {
  inner_ = nullptr;
  buffer_ = buffer;
  if (buffer == Buffer::payload) return;
  if (std::ranges::find(rule.headers, buffer, &BufferTests::buffer) == rule.headers.end())
    rule.headers.push_back({buffer, {}});
}

}  // namespace mirrorscan::keywords
