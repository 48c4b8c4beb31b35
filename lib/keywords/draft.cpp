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

void Draft::use(Buffer buffer) {
  inner_ = nullptr;
  buffer_ = buffer;
  if (buffer == Buffer::payload) return;
  if (std::ranges::find(rule.headers, buffer, &BufferTests::buffer) == rule.headers.end())
    rule.headers.push_back({buffer, {}});
}

}  // namespace mirrorscan::keywords
