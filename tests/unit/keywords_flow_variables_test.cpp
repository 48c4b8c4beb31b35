// flowbits, flowint and tag: the forms that are accepted, and those that are refused with a reason.

#include "support/catch.h"
#include "support/draft.h"

using namespace mirrorscan;
using keywords::Draft;
using signature::FlowCheck;
using signature::FlowOperation;
using testing::read;
using testing::refusal;
using testing::says;

namespace {

signature::FlowProgram program(const testing::Options& options) {
  Draft draft;
  REQUIRE(read(options, draft).empty());
  return draft.rule.state;
}

}  // namespace

TEST_CASE("flowbits sets, unsets and toggles one bit") {
  const auto state =
      program({{"flowbits", "set,a"}, {"flowbits", "unset, b.c-d "}, {"flowbits", "toggle,e"}});
  REQUIRE(state.effects.size() == 3);
  CHECK(state.tests.empty());
  CHECK(state.effects[0].operation == FlowOperation::set_bit);
  CHECK(state.effects[0].variable.name == "a");
  CHECK(state.effects[1].operation == FlowOperation::unset_bit);
  CHECK(state.effects[1].variable.name == "b.c-d");
  CHECK(state.effects[2].operation == FlowOperation::toggle_bit);
}

TEST_CASE("flowbits checks one of several bits") {
  const auto state =
      program({{"flowbits", "isset,a|b"}, {"flowbits", "isnotset, c | d "}, {"flowbits", "isset,e|"}});
  REQUIRE(state.tests.size() == 3);
  CHECK(state.tests[0].check == FlowCheck::any_bit_set);
  REQUIRE(state.tests[0].variables.size() == 2);
  CHECK(state.tests[0].variables[1].name == "b");
  CHECK(state.tests[1].check == FlowCheck::any_bit_not_set);
  CHECK(state.tests[1].variables[1].name == "d");
  CHECK(state.tests[2].variables.size() == 1);
}

TEST_CASE("flowbits:noalert is noalert, and a later alert takes it back") {
  Draft draft;
  REQUIRE(read({{"flowbits", "noalert"}}, draft).empty());
  CHECK(draft.rule.noalert);
  REQUIRE(read({{"alert", ""}}, draft).empty());
  CHECK_FALSE(draft.rule.noalert);
  CHECK(draft.rule.pass_alerts);
}

TEST_CASE("a | in a bit that is changed belongs to its name") {
  const auto state = program({{"flowbits", "set,a|b"}});
  REQUIRE(state.effects.size() == 1);
  CHECK(state.effects[0].variable.name == "a|b");
}

TEST_CASE("other forms of flowbits are refused") {
  CHECK(says(refusal({{"flowbits", "reset"}}), "'reset' is not known"));
  CHECK(says(refusal({{"flowbits", "SET,a"}}), "'SET' is not known"));
  CHECK(says(refusal({{"flowbits", "set"}}), "needs a name"));
  CHECK(says(refusal({{"flowbits", "set,"}}), "needs a name"));
  CHECK(says(refusal({{"flowbits", "isset,|"}}), "no name"));
  CHECK(says(refusal({{"flowbits", "set a"}}), "not known"));
  CHECK(says(refusal({{"flowbits", "isset,a b"}}), "blank"));
  CHECK(says(refusal({{"flowbits", "noalert,a"}}), "takes no name"));
}

TEST_CASE("flowint assigns, adds and subtracts numbers and variables") {
  const auto state =
      program({{"flowint", "cnt,=,4294967295"}, {"flowint", "cnt, +, other"}, {"flowint", "a.b/c_1,-,0"}});
  REQUIRE(state.effects.size() == 3);
  CHECK(state.effects[0].operation == FlowOperation::assign);
  CHECK(state.effects[0].operand.number == 4294967295);
  CHECK(state.effects[1].operation == FlowOperation::add);
  REQUIRE(state.effects[1].operand.variable);
  CHECK(state.effects[1].operand.variable->name == "other");
  CHECK(state.effects[2].operation == FlowOperation::subtract);
}

TEST_CASE("flowint compares, and asks whether a variable is set") {
  const std::pair<const char*, FlowCheck> forms[] = {{"cnt,<,1", FlowCheck::less},
                                                     {"cnt,<=,1", FlowCheck::less_or_equal},
                                                     {"cnt,>,1", FlowCheck::greater},
                                                     {"cnt,>=,1", FlowCheck::greater_or_equal},
                                                     {"cnt,==,1", FlowCheck::equal},
                                                     {"cnt,!=,1", FlowCheck::not_equal},
                                                     {"cnt,isset", FlowCheck::integer_set},
                                                     {"cnt,notset", FlowCheck::integer_not_set},
                                                     {"cnt,isnotset", FlowCheck::integer_not_set},
                                                     {"cnt,isset,1", FlowCheck::integer_set}};
  for (const auto& [text, check] : forms) {
    INFO(text);
    const auto state = program({{"flowint", text}});
    REQUIRE(state.tests.size() == 1);
    CHECK(state.tests[0].check == check);
    CHECK(state.tests[0].variables[0].name == "cnt");
  }
}

TEST_CASE("other forms of flowint are refused, as the reference does") {
  for (const char* text : {"cnt",
                           "cnt,<",
                           "cnt,=>,1",
                           "cnt,!,1",
                           "cnt,++,1",
                           "cnt,*,1",
                           "cnt,+,4294967296",
                           "cnt,+,-1",
                           "cnt,+,0x10",
                           "cnt,+,1x",
                           "cnt,+,1 2",
                           "cnt,ISSET",
                           "1cnt,+,1",
                           "_cnt,+,1",
                           "c,+,1",
                           "c-d,+,1",
                           "c|d,isset",
                           "cnt x,+,1",
                           "cnt + 1",
                           "\"cnt\",isset",
                           "cnt,==,xyz,1",
                           "cnt,+,x-y",
                           ""}) {
    INFO(text);
    CHECK_FALSE(refusal({{"flowint", text}}).empty());
  }
}

TEST_CASE("tag is read in all its forms and does nothing") {
  for (const char* text : {"session", "session,10,packets", "session, 10, seconds", "session,10,bytes",
                           "host", "host,10,packets", "host,0,packets,src", "host,10,packets,dst"}) {
    INFO(text);
    Draft draft;
    CHECK(read({{"tag", text}}, draft).empty());
    CHECK(draft.rule.packet.empty());
    CHECK(draft.rule.state.empty());
  }
  for (const char* text :
       {"", "foo", "SESSION", "session,10", "session,10,foo", "session,-1,packets",
        "session,4294967296,packets", "host,10,packets,any", "session,10,packets,src,dst"}) {
    INFO(text);
    CHECK_FALSE(refusal({{"tag", text}}).empty());
  }
}
