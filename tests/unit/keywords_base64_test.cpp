#include <array>

#include "keywords/base64.h"
#include "keywords/validate.h"
#include "support/catch.h"
#include "support/draft.h"
#include "support/draft_checks.h"

using namespace mirrorscan;
using keywords::Base64End;
using keywords::decode_base64;
using keywords::Draft;
using testing::evaluate;
using testing::matches;
using testing::Options;
using testing::read;
using testing::refusal;
using testing::says;

namespace {

std::string decoded(std::string_view text, Base64End* end = nullptr) {
  std::array<std::uint8_t, 64> out;
  const auto done = decode_base64(as_bytes(text), out);
  if (end != nullptr) *end = done.end;
  return {reinterpret_cast<const char*>(out.data()), done.bytes};
}

/// base64_decode:args; base64_data; and the tests.
Options inside(const std::string& args, const Options& tests) {
  Options out = {{"base64_decode", args}, {"base64_data", ""}};
  out.insert(out.end(), tests.begin(), tests.end());
  return out;
}

const std::string kHello = "aGVsbG8gd29ybGQ=";  // hello world

}  // namespace

TEST_CASE("Base64 is decoded as RFC 4648 section 10 shows") {
  CHECK(decoded("Zg==") == "f");
  CHECK(decoded("Zm8=") == "fo");
  CHECK(decoded("Zm9v") == "foo");
  CHECK(decoded("Zm9vYg==") == "foob");
  CHECK(decoded("Zm9vYmE=") == "fooba");
  CHECK(decoded("Zm9vYmFy") == "foobar");
  CHECK(decoded("+/+/") == "\xfb\xff\xbf");
}

TEST_CASE("Base64 ends at a foreign byte, and goes on after padding") {
  Base64End end{};
  CHECK(decoded("aGVs bG8=", &end) == "hel");
  CHECK(end == Base64End::foreign_byte);
  CHECK(decoded("aGVsbG!", &end) == "hell");
  CHECK(decoded("aGVsb!G8=") == "hell");
  CHECK(decoded("aGVsb", &end) == "hel");
  CHECK(end == Base64End::text_used_up);
  CHECK(decoded("aGVsbG") == "hell");
  CHECK(decoded("aGV=bG8=") == "helo");
  CHECK(decoded("aG==bG8=") == "hlo");
  CHECK(decoded("====bG8=") == "lo");
  CHECK(decoded("aGVs==") == std::string("hel\0", 4));
  CHECK(decoded("").empty());
  CHECK(decoded("!aGVs").empty());
}

TEST_CASE("Base64 writes no more than there is room for") {
  std::array<std::uint8_t, 4> room{1, 1, 1, 1};
  CHECK(decode_base64(as_bytes("aGVsbG8h"), std::span(room).first(2)).bytes == 2);
  CHECK(room[2] == 1);
  CHECK(decode_base64(as_bytes("aGVs"), {}).bytes == 0);
}

TEST_CASE("base64_data looks at what was decoded, as at a payload of its own") {
  CHECK(matches(inside("", {{"content", "\"hello\""}, {"startswith", ""}}), kHello));
  CHECK(matches(inside("", {{"content", "\"world\""}, {"endswith", ""}}), kHello));
  CHECK_FALSE(matches(inside("", {{"content", "\"aGVs\""}}), kHello));
  CHECK(matches(
      inside("", {{"content", "\"hello\""}, {"content", "\"world\""}, {"distance", "1"}, {"within", "5"}}),
      kHello));
  CHECK(matches(inside("", {{"isdataat", "!11"}, {"bsize", "11"}, {"byte_test", "1,=,0x68,0"}}), kHello));
  CHECK(matches(inside("", {{"content", "!\"zzz\""}}), kHello));
  CHECK_FALSE(matches(inside("", {{"content", "!\"zzz\""}}), "!!!!"));
}

TEST_CASE("base64_decode begins and ends where it says") {
  const std::string text = "x: " + kHello + "\r\nmore";
  const Options hello = {{"content", "\"hello\""}, {"startswith", ""}};
  CHECK(matches(inside("bytes 16, offset 3", hello), text));
  CHECK(matches(inside("bytes 16 offset 3", hello), text));
  CHECK_FALSE(matches(inside("offset 4", hello), text));
  CHECK_FALSE(matches(inside("bytes 6, offset 3", hello), text));
  CHECK_FALSE(matches(inside("offset 26", hello), text));
  Options relative = {{"content", "\"x\""}};
  const Options rest = inside("offset 2, relative", hello);
  relative.insert(relative.end(), rest.begin(), rest.end());
  CHECK(matches(relative, text));
  CHECK(matches(relative, "x y x: " + kHello));
}

TEST_CASE("pkt_data goes back to the payload") {
  CHECK(matches(inside("", {{"content", "\"hello\""}, {"pkt_data", ""}, {"content", "\"aGVs\""}}), kHello));
  CHECK_FALSE(
      matches(inside("", {{"content", "\"hello\""}, {"pkt_data", ""}, {"content", "\"hello\""}}), kHello));
}

TEST_CASE("a number of the payload is there for base64_data") {
  CHECK(matches({{"byte_extract", "1,0,v"},
                 {"base64_decode", "relative"},
                 {"base64_data", ""},
                 {"content", "\"world\""},
                 {"offset", "v"}},
                "\x06" + kHello));
}

TEST_CASE("an end inside of Base64 that may go on is no end") {
  const Options ends = inside("", {{"content", "\"hello\""}, {"endswith", ""}});
  CHECK_FALSE(matches(ends, "aGVsbG8", true, false));
  CHECK(matches(ends, "aGVsbG8", true, true));
  CHECK(matches(ends, "aGVsbG8!", true, false));
  CHECK(matches(inside("bytes 7", {{"content", "\"hello\""}, {"endswith", ""}}), "aGVsbG8", true, false));
}

TEST_CASE("base64_decode and base64_data refuse what they cannot obey") {
  CHECK(says(refusal({{"base64_data", ""}}), "no base64_decode"));
  CHECK(says(refusal({{"base64_decode", "bytes 70000"}}), "out of range"));
  CHECK(says(refusal({{"base64_decode", "bytes"}}), "not a number"));
  CHECK(says(refusal({{"base64_decode", "sideways"}}), "not known"));
  CHECK(says(refusal({{"base64_decode", ""}, {"base64_decode", ""}}), "twice"));
  CHECK(says(refusal({{"udp.hdr", ""}, {"base64_decode", ""}}), "only the payload"));
  Draft draft;
  REQUIRE(read({{"base64_decode", ""}}, draft) == "");
  CHECK_FALSE(keywords::validate(draft).ok());
}

TEST_CASE("bsize is for sticky buffers, dsize for payloads") {
  CHECK(refusal({{"udp.hdr", ""}, {"bsize", "7<>9"}}) == "");
  CHECK(says(refusal({{"bsize", "3"}}), "sticky buffer"));
  CHECK(says(refusal({{"pkt_data", ""}, {"bsize", "3"}}), "sticky buffer"));
  CHECK(says(refusal({{"udp.hdr", ""}, {"bsize", "8-8"}}), "no value"));
  CHECK(says(refusal({{"udp.hdr", ""}, {"bsize", "-1"}}), "not a condition"));
  const auto of_hello = [](const std::string& bsize) {
    return matches(inside("", {{"bsize", bsize}}), kHello);
  };
  CHECK((of_hello("11") && of_hello("=11") && !of_hello("!11") && of_hello("!5")));
  CHECK((of_hello(">10") && !of_hello(">11") && of_hello("<12") && of_hello("<=11") && of_hello(">=11")));
  CHECK((of_hello("10<>12") && of_hello("10-12") && !of_hello("11<>13")));
}
