#include <random>

#include "keywords/byte_field.h"
#include "support/catch.h"
#include "support/draft.h"
#include "support/draft_checks.h"

using namespace mirrorscan;
using keywords::Draft;
using keywords::number_in_text;
using testing::evaluate;
using testing::matches;
using testing::Options;
using testing::read;
using testing::refusal;
using testing::says;
using testing::traits_of_last;

namespace {

bool test(const std::string& args, std::string_view bytes) {
  return matches({{"byte_test", args}}, bytes);
}

/// Whether the cursor stands before `next` after the options.
bool stands_before(Options options, const std::string& next, std::string_view bytes) {
  options.emplace_back("content", '"' + next + '"');
  options.emplace_back("within", std::to_string(next.size()));
  return matches(options, bytes);
}

bool jumps(const std::string& args, const std::string& next, std::string_view bytes) {
  return stands_before({{"byte_jump", args}}, next, bytes);
}

std::string_view view(const char (&text)[5]) {
  return {text, 4};
}

}  // namespace

TEST_CASE("a number in text is read as strtoull reads it") {
  const auto value = [](std::string_view text, unsigned base) {
    return number_in_text(as_bytes(text), base);
  };
  CHECK(value("12 34", 10)->value == 12);
  CHECK(value("12 34", 10)->length == 2);
  CHECK(value(" \t+7x", 10)->value == 7);
  CHECK(value(" \t+7x", 10)->length == 4);
  CHECK(value("-5", 10)->value == ~std::uint64_t{0} - 4);
  CHECK(value("0x1F", 16)->value == 31);
  CHECK(value("0x1F", 0)->value == 31);
  CHECK(value("0x1F", 10)->value == 0);
  CHECK(value("0xg", 16)->length == 1);
  CHECK(value("0x", 0)->length == 1);
  CHECK(value("017", 0)->value == 15);
  CHECK(value("0178", 8)->length == 3);
  CHECK(value("18446744073709551615", 10)->value == ~std::uint64_t{0});
  CHECK_FALSE(value("18446744073709551616", 10));
  CHECK_FALSE(value("99999999999999999999999", 10));
  CHECK_FALSE(value("", 10));
  CHECK_FALSE(value("-", 10));
  CHECK_FALSE(value(" ", 10));
  CHECK_FALSE(value("g", 16));
  CHECK_FALSE(value("8", 8));
}

TEST_CASE("byte_test compares with every operator and its negation") {
  const auto three = [](const std::string& rest) { return test("1," + rest + ",0", "\x03"); };
  CHECK((three("=,3") && !three("=,4") && three("!=,4") && three("!,4") && !three("!,3")));
  CHECK((three("<,4") && !three("<,3") && three(">,2") && !three(">,3")));
  CHECK((three("<=,3") && !three("<=,2") && three(">=,3") && !three(">=,4")));
  CHECK((three("&,2") && !three("&,4") && three("^,2") && !three("^,3")));
  CHECK((three("!<,3") && three("!>,3") && three("! <=,2") && three("!&,4") && three("!^,3")));
}

TEST_CASE("byte_test reads numbers of up to 8 bytes in either order") {
  CHECK(test("4,=,0x01020304,0", view("\1\2\3\4")));
  CHECK(test("4,=,0x04030201,0,little", view("\1\2\3\4")));
  CHECK(test("3,=,0x020304,1,big", view("\1\2\3\4")));
  CHECK(test("8,=,18446744073709551615,0", std::string(8, '\xff')));
  CHECK(test("8,=,-1,0", std::string(8, '\xff')));
  CHECK(test("2,=,12,1,string,dec", "x12"));
  CHECK(test("2,=,0x12,1,hex,string", "x12"));
  CHECK(test("2,=,10,1,string,oct", "x12"));
}

TEST_CASE("byte_test asks nothing of bytes that are not there") {
  CHECK_FALSE(test("1,>=,0,4", "abcd"));
  CHECK_FALSE(test("2,>=,0,3", "abcd"));
  CHECK_FALSE(test("1,!=,9,4", "abcd"));
  CHECK_FALSE(test("1,>=,0,-1", "abcd"));
  CHECK_FALSE(test("1,>=,0,2147483647", "abcd"));
  CHECK_FALSE(test("1,>=,0,-2147483648", "abcd"));
  CHECK_FALSE(matches({{"content", "\"d\""}, {"byte_test", "1,>=,0,0,relative"}}, "abcd"));
  CHECK_FALSE(matches({{"content", "\"d\""}, {"byte_test", "0,>=,0,0,relative"}}, "abcd"));
  CHECK(matches({{"content", "\"d\""}, {"byte_test", "1,=,0x64,-1,relative"}}, "abcd"));
  CHECK_FALSE(matches({{"content", "\"d\""}, {"byte_test", "1,>=,0,-5,relative"}}, "abcd"));
  CHECK_FALSE(test("2,>=,0,0", ""));
}

TEST_CASE("a bitmask takes its own trailing zeros away") {
  CHECK(test("2,=,2,0,bitmask 0xff", "\x01\x02"));
  CHECK(test("2,=,4,0,bitmask 0x3fc0", "\x01\x02"));
  CHECK(test("2,=,0,0,bitmask 0x0", "\x01\x02"));
  CHECK(says(refusal({{"byte_test", "2,=,0,0,bitmask 0x100000000"}}), "32 bits"));
}

TEST_CASE("the bitmask of byte_math is hexadecimal with and without 0x, and a comma may end its list") {
  const auto math = [](const std::string& rest, const char* value) {
    return matches({{"byte_math", "bytes 1, offset 0, oper +, rvalue 0, result r" + rest},
                    {"byte_test", "1,=,r," + std::string(value)}},
                   std::string("\x35\x05\x03\x15"));
  };
  CHECK(math(", bitmask f", "1"));
  CHECK(math(", bitmask 0xf0", "2"));
  CHECK(math(", bitmask 15", "3"));
  CHECK(math(",", "0"));
}

TEST_CASE("a number may bear a plus") {
  CHECK(test("+1,=,2,+1", "\x01\x02"));
  CHECK(says(refusal({{"byte_test", "1,=,2,+-1"}}), "not a number"));
}

TEST_CASE("byte_test refuses what it cannot obey") {
  CHECK(says(refusal({{"byte_test", "1,=,1"}}), "needs bytes"));
  CHECK(says(refusal({{"byte_test", "9,=,1,0"}}), "too many"));
  CHECK(says(refusal({{"byte_test", "24,=,1,0,string,dec"}}), "out of range"));
  CHECK(says(refusal({{"byte_test", "1,==,1,0"}}), "not an operator"));
  CHECK(says(refusal({{"byte_test", "1,=,1,0,hex"}}), "string"));
  CHECK(says(refusal({{"byte_test", "1,=,1,0,dce"}}), "DCE/RPC"));
  CHECK(says(refusal({{"byte_test", "1,=,1,0,sideways"}}), "not known"));
  CHECK(says(refusal({{"byte_test", "1,=,18446744073709551616,0"}}), "64 bits"));
  CHECK(says(refusal({{"byte_test", "1,=,length,0"}}), "not defined"));
  CHECK(says(refusal({{"byte_test", "1,=,1,0,big,little"}}), "both big and little"));
}

TEST_CASE("byte_jump counts from the number, the buffer's start or its end") {
  const std::string three(
      "\x00\x03"
      "abcdefgh",
      10);
  CHECK(jumps("2,0", "d", three));
  CHECK(jumps("2,0,from_beginning", "b", three));
  CHECK(jumps("0,0,from_end,post_offset -2", "gh", three));
  CHECK(jumps("2,0,multiplier 2", "g", three));
  CHECK(jumps("2,0,align", "e", three));
  CHECK(jumps("2,0,post_offset -3", "a", three));
  CHECK(jumps("1,0,string,dec", "d", "3abcdef"));
  CHECK(jumps("2,0,little", "b",
              std::string_view("\x01\x00"
                               "abc",
                               5)));
  CHECK(stands_before({{"content", "\"ab\""}, {"byte_jump", "2,-4,relative"}}, "d", three));
  CHECK(stands_before({{"content", "\"gh\""}, {"byte_jump", "0,0,relative,post_offset -2"}}, "gh", three));
}

TEST_CASE("byte_jump may land at the payload's end and not beyond; before its start is its start") {
  const auto lands = [](const std::string& args, std::string_view bytes) {
    return matches({{"byte_jump", args}}, bytes);
  };
  CHECK(lands("2,0", std::string_view("\x00\x02"
                                      "ab",
                                      4)));
  CHECK_FALSE(lands("2,0", std::string_view("\x00\x03"
                                            "ab",
                                            4)));
  CHECK_FALSE(lands("2,0,multiplier 65535", std::string_view("\x00\x03"
                                                             "ab",
                                                             4)));
  CHECK_FALSE(lands("0,0,from_end,post_offset 1", "ab"));
  CHECK(jumps("1,0,post_offset -100", "|01|a",
              "\x01"
              "abc"));
  // A number of 8 bytes is one with a sign.
  const std::string minus = std::string(8, '\xff') + "ab";
  CHECK(jumps("8,0,post_offset 1", "ab", minus));
  CHECK(jumps("8,0", "|ff|ab", minus));
  CHECK_FALSE(lands("8,0", "\x7f" + std::string(9, '\xff')));
  CHECK_FALSE(lands("8,0", "\x80" + std::string(9, '\0')));
}

TEST_CASE("byte_jump refuses what it cannot obey") {
  CHECK(says(refusal({{"byte_jump", "2"}}), "needs bytes"));
  CHECK(says(refusal({{"byte_jump", "2,65536"}}), "out of range"));
  CHECK(says(refusal({{"byte_jump", "2,0,post_offset 65536"}}), "out of range"));
  CHECK(says(refusal({{"byte_jump", "2,0,multiplier 0"}}), "out of range"));
  CHECK(says(refusal({{"byte_jump", "2,0,from_end,from_beginning"}}), "both"));
  CHECK(says(refusal({{"byte_jump", "2,0,bitmask 0xff"}}), "not known"));
  CHECK(says(refusal({{"byte_jump", "2,0,dce"}}), "DCE/RPC"));
}

TEST_CASE("byte_extract names a number for every place that takes one") {
  const std::string bytes(
      "\x03\x02"
      "abcdefgh",
      10);
  const auto with = [&](const std::string& byte, const Options& rest) {
    Options options = {{"byte_extract", "1," + byte + ",v"}};
    options.insert(options.end(), rest.begin(), rest.end());
    return matches(options, bytes);
  };
  CHECK(with("0", {{"content", "\"bc\""}, {"offset", "v"}}));
  CHECK_FALSE(with("0", {{"content", "\"ab\""}, {"offset", "v"}}));
  CHECK(with("1", {{"content", "\"ab\""}, {"offset", "2"}, {"depth", "v"}}));
  CHECK_FALSE(with("1", {{"content", "\"bc\""}, {"offset", "2"}, {"depth", "v"}}));
  CHECK(with("0", {{"content", "\"ab\""}, {"content", "\"f\""}, {"distance", "v"}, {"within", "1"}}));
  CHECK(with("0", {{"content", "\"ab\""}, {"content", "\"e\""}, {"within", "v"}}));
  CHECK_FALSE(with("0", {{"content", "\"ab\""}, {"content", "\"f\""}, {"within", "v"}}));
  CHECK(with("0", {{"content", "\"e\""}, {"isdataat", "v,relative"}}));
  CHECK_FALSE(with("0", {{"content", "\"f\""}, {"isdataat", "v,relative"}}));
  CHECK(with("0", {{"byte_test", "1,=,v,0"}}));
  CHECK(with("1", {{"byte_test", "v,=,0x6162,v"}}));
  CHECK(with("1", {{"byte_jump", "0,v"}, {"content", "\"a\""}, {"within", "1"}}));
  CHECK(
      with("1", {{"byte_math", "bytes v, offset 0, oper +, rvalue v, result r"}, {"byte_test", "2,<,r,0"}}));
}

TEST_CASE("byte_extract moves the cursor, multiplies and aligns") {
  CHECK(stands_before({{"byte_extract", "2,0,v"}}, "a",
                      "\x01\x02"
                      "ab"));
  CHECK(stands_before({{"byte_extract", "3,0,v,string,dec"}}, " a", "12 a"));
  CHECK(matches({{"byte_extract", "1,0,v,multiplier 3,align 4"}, {"byte_test", "1,=,v,1"}}, "\x03\x0c"));
  CHECK(matches({{"byte_extract", "1,0,v,align 2"}, {"byte_test", "1,=,v,1"}}, "\x03\x04"));
  CHECK(says(refusal({{"byte_extract", "1,0"}}), "needs bytes"));
  CHECK(says(refusal({{"byte_extract", "1,0,"}}), "no name"));
  CHECK(says(refusal({{"byte_extract", "1,0,v,align 3"}}), "not known"));
  CHECK(says(refusal({{"byte_extract", "15,0,v,string,hex"}}), "too many"));
  CHECK(says(refusal({{"byte_extract", "n,0,v"}}), "not a number"));
}

TEST_CASE("a large variable is far away as a place, and a step back as a distance") {
  const std::string far(10, '\xff');
  CHECK_FALSE(matches({{"byte_extract", "8,0,v"}, {"content", "\"|ff|\""}, {"offset", "v"}}, far));
  CHECK(matches({{"byte_extract", "8,0,v"}, {"content", "\"|ff|\""}, {"depth", "v"}}, far));
  CHECK(matches({{"byte_extract", "8,0,v"}, {"isdataat", "!v"}}, far));
  CHECK_FALSE(
      matches({{"byte_extract", "8,0,v"}, {"byte_test", "1,=,0xff,9"}, {"isdataat", "v,relative"}}, far));
  // 0xffffffff is -1.
  CHECK(matches({{"byte_extract", "4,0,v"}, {"content", "\"|ff|a\""}, {"distance", "v"}, {"within", "2"}},
                "\xff\xff\xff\xff"
                "ab"));
  CHECK(matches({{"byte_extract", "4,0,v"}, {"byte_test", "1,=,0xff,v,relative"}},
                "\xff\xff\xff\xff"
                "ab"));
}

TEST_CASE("another position of a content takes its numbers anew") {
  CHECK(matches({{"content", "\"n\""},
                 {"byte_extract", "1,0,v,relative"},
                 {"content", "\"x\""},
                 {"distance", "v"},
                 {"within", "1"}},
                "n\x05"
                "xn\x01"
                "yx"));
  CHECK_FALSE(matches({{"content", "\"n\""},
                       {"byte_extract", "1,0,v,relative"},
                       {"content", "\"x\""},
                       {"distance", "v"},
                       {"within", "1"}},
                      "n\x05"
                      "xn\x02"
                      "yx"));
}

TEST_CASE("byte_math computes with 64 bits") {
  const auto gives = [](const std::string& expression, char first, const std::string& test) {
    return matches({{"byte_math", "bytes 1, offset 0, result r, " + expression}, {"byte_test", test}},
                   std::string{first, '\x06'});
  };
  CHECK(gives("oper +, rvalue 3", '\x03', "1,=,r,1"));
  CHECK(gives("oper -, rvalue 3", '\x09', "1,=,r,1"));
  CHECK(gives("oper *, rvalue 2", '\x03', "1,=,r,1"));
  CHECK(gives("oper /, rvalue 2", '\x0d', "1,=,r,1"));
  CHECK(gives("oper <<, rvalue 1", '\x03', "1,=,r,1"));
  CHECK(gives("oper >>, rvalue 1", '\x0d', "1,=,r,1"));
  CHECK(gives("oper <<, rvalue 64", '\x03', "1,>,r,1"));
  CHECK(gives("oper -, rvalue 4", '\x03', "1,<,r,1"));  // 2^64 - 1
  CHECK(gives("oper *, rvalue 4, bitmask 0xff0", '\x19', "1,=,r,1"));
  CHECK_FALSE(gives("oper /, rvalue 0", '\x03', "1,>=,0,1"));
}

TEST_CASE("byte_math takes its options in any order, each once") {
  CHECK(refusal({{"byte_math", "oper +,result r,rvalue 1,offset -3 , bytes 4,relative,endian little"}}) ==
        "");
  CHECK(refusal({{"byte_math", "bytes 10,offset 0,oper +,rvalue 4294967295,result r,string hex"}}) == "");
  CHECK(says(refusal({{"byte_math", "bytes 1,offset 0,oper +,rvalue 1"}}), "result is missing"));
  CHECK(says(refusal({{"byte_math", "bytes 1,bytes 2,offset 0,oper +,rvalue 1,result r"}}), "twice"));
  CHECK(says(refusal({{"byte_math", "bytes 5,offset 0,oper +,rvalue 1,result r"}}), "too many"));
  CHECK(says(refusal({{"byte_math", "bytes 0,offset 0,oper +,rvalue 1,result r"}}), "out of range"));
  CHECK(says(refusal({{"byte_math", "bytes 1,offset 0,oper %,rvalue 1,result r"}}), "not an operator"));
  CHECK(says(refusal({{"byte_math", "bytes 1,offset 0,oper +,rvalue 4294967296,result r"}}), "out of range"));
  CHECK(
      says(refusal({{"byte_math", "bytes 1,offset 0,oper +,rvalue 1,result r,string"}}), "hex, dec or oct"));
  CHECK(says(refusal({{"byte_math", "bytes 1,offset 0,oper +,rvalue 1,result r,endian dce"}}), "DCE/RPC"));
}

TEST_CASE("variables are named before they are used, and no more than there is room for") {
  CHECK(says(refusal({{"byte_test", "1,=,v,0"}, {"byte_extract", "1,0,v"}}), "not defined"));
  Options options;
  for (int i = 0; i < 16; ++i) options.emplace_back("byte_extract", "1,0,v" + std::to_string(i));
  CHECK(refusal(options) == "");
  options.emplace_back("byte_extract", "1,0,more");
  CHECK(says(refusal(options), "more than 16"));
  CHECK(matches({{"byte_extract", "1,0,v"}, {"byte_extract", "1,1,v"}, {"byte_test", "1,=,v,0"}}, "ab"));
}

TEST_CASE("a variable of a header is there for the payload, and not the other way round") {
  CHECK(refusal({{"udp.hdr", ""}, {"byte_extract", "2,4,v"}, {"pkt_data", ""}, {"byte_test", "2,=,v,0"}}) ==
        "");
  CHECK(
      says(refusal({{"byte_extract", "2,4,v"}, {"udp.hdr", ""}, {"byte_test", "2,=,v,0"}}), "no value yet"));
}

TEST_CASE("the byte keywords tell the compile side their class and reach") {
  const auto absolute = traits_of_last({{"byte_test", "2,=,1,4"}});
  CHECK(absolute.anchored);
  CHECK(absolute.from_start);
  const auto relative = traits_of_last({{"content", "\"x\""}, {"byte_test", "2,=,1,-4,relative"}});
  CHECK_FALSE(relative.anchored);
  CHECK(relative.relative);
  CHECK(relative.reach_ahead == 0u);
  CHECK(relative.reach_back == 4);
  CHECK_FALSE(relative.moves_cursor);
  CHECK(traits_of_last({{"content", "\"x\""}, {"byte_test", "0,=,0,3,relative"}}).reach_ahead == 4u);
  const auto jump = traits_of_last({{"content", "\"x\""}, {"byte_jump", "1,2,relative,post_offset 1"}});
  CHECK(jump.moves_cursor);
  CHECK(jump.monotone);
  CHECK(jump.reach_ahead == 3u + 255 + 1);
  CHECK(traits_of_last({{"content", "\"x\""}, {"byte_jump", "0,0,relative,post_offset -7"}}).reach_back == 7);
  CHECK_FALSE(traits_of_last({{"content", "\"x\""}, {"byte_jump", "8,0,relative"}}).reach_ahead.has_value());
  CHECK(traits_of_last({{"content", "\"x\""}, {"byte_jump", "1,0,relative,from_beginning"}}).anchored);
  const auto from_end = traits_of_last({{"content", "\"x\""}, {"byte_jump", "1,0,relative,from_end"}});
  CHECK(from_end.anchored);
  CHECK_FALSE(from_end.monotone);
  const Options one = {{"content", "\"x\""}, {"byte_extract", "1,0,v,relative"}, {"content", "\"y\""}};
  Options distant = one;
  distant.insert(distant.end(), {{"distance", "v"}, {"within", "4"}});
  CHECK(traits_of_last(distant).reach_ahead == 255u + 4);
  CHECK_FALSE(traits_of_last(distant).anchored);
  Options placed = one;
  placed.insert(placed.end(), {{"offset", "v"}});
  CHECK(traits_of_last(placed).anchored);
}

TEST_CASE("without the payload's start or end, what counts from there does not match") {
  CHECK_FALSE(matches({{"byte_test", "1,>=,0,0"}}, "ab", false));
  CHECK_FALSE(matches({{"content", "\"a\""}, {"byte_jump", "0,0,relative,from_beginning"}}, "ab", false));
  CHECK_FALSE(matches({{"content", "\"a\""}, {"byte_jump", "0,0,relative,from_end"}}, "ab", true, false));
  CHECK(matches({{"content", "\"a\""}, {"byte_test", "1,=,0x62,0,relative"}}, "ab", false, false));
}

TEST_CASE("numbers of random places agree with arithmetic done by hand") {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 20, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 4 == 0 ? random() : random() % 12);
    const int length = static_cast<int>(random() % 8), offset = static_cast<int>(random() % 24) - 4;
    const int post = static_cast<int>(random() % 20) - 10;
    const bool little = random() % 2 == 0, from_beginning = random() % 2 == 0;
    std::uint64_t value = 0;
    const bool there = offset >= 0 && offset + length <= static_cast<int>(bytes.size());
    for (int i = 0; there && i < length; ++i) {
      const auto byte =
          static_cast<unsigned char>(bytes[static_cast<std::size_t>(offset + (little ? length - 1 - i : i))]);
      value = value * 256 + byte;
    }
    const std::string place = std::to_string(length) + "," + std::to_string(offset);
    const std::string order = little ? ",little" : ",big";
    const auto limit = static_cast<unsigned>(random() % 300);
    CHECK(test(std::to_string(length) + ",<," + std::to_string(limit) + "," + std::to_string(offset) + order,
               bytes) == (there && value < limit));
    const std::int64_t target =
        static_cast<std::int64_t>(value) + post + (from_beginning ? 0 : offset + length);
    const std::string jump =
        place + order + ",post_offset " + std::to_string(post) + (from_beginning ? ",from_beginning" : "");
    const std::int64_t left = static_cast<std::int64_t>(bytes.size()) - (target < 0 ? 0 : target);
    CHECK(matches({{"byte_jump", jump}}, bytes) == (there && left >= 0));
    if (!there || left < 0) continue;
    const std::string exactly = std::to_string(static_cast<int>(left));
    CHECK(matches({{"byte_jump", jump}, {"isdataat", exactly + ",relative"}}, bytes));
    const std::string more = std::to_string(static_cast<int>(left) + 1);
    CHECK(matches({{"byte_jump", jump}, {"isdataat", "!" + more + ",relative"}}, bytes));
  }
}
