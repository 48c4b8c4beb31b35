// The parsers of the rules room, each on its own: lines, options, expressions, headers, variables.

#include <arpa/inet.h>

#include <bitset>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "rules/file.h"
#include "rules/header.h"
#include "rules/header_sets.h"
#include "rules/lines.h"
#include "rules/options.h"
#include "rules/protocols.h"
#include "rules/refusal.h"
#include "rules/variables.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::rules;

namespace {

std::vector<std::pair<std::uint32_t, std::string>> lines_of(std::string_view text) {
  std::vector<std::pair<std::uint32_t, std::string>> out;
  LineReader reader(text);
  while (const auto line = reader.next()) out.emplace_back(line->number, line->text);
  return out;
}

// The reason of the Refusal, or an empty text.
template <class Call>
std::string refusal_of(Call call) {
  try {
    call();
  } catch (const Refusal& refusal) {
    return refusal.what();
  }
  return {};
}

Variables variables() {
  Variables out;
  out.addresses = {{"HOME", "[10.0.0.0/8,192.168.0.0/16]"},
                   {"OUTSIDE", "!$HOME"},
                   {"ALIAS", "$HOME"},
                   {"LOOP", "[$POOL]"},
                   {"POOL", "$LOOP"},
                   {"ALL", "any"}};
  out.ports = {{"WEB", "80"}, {"FILES", "[$WEB,110,143]"}, {"NOT_WEB", "!80"}};
  return out;
}

bool holds(std::string_view expression, const char* address) {
  const signature::AddressSet set = address_set(expression, variables());
  IpAddress bytes;
  const bool v4 = inet_pton(AF_INET, address, bytes.bytes.data()) == 1;
  if (!v4) REQUIRE(inet_pton(AF_INET6, address, bytes.bytes.data()) == 1);
  return set.contains(v4 ? IpVersion::v4 : IpVersion::v6, bytes);
}

bool port_in(std::string_view expression, std::uint16_t port) {
  return port_set(expression, variables()).contains(port);
}

std::string address_refusal(std::string_view text) {
  return refusal_of([&] { static_cast<void>(address_set(text, variables())); });
}

std::string port_refusal(std::string_view text) {
  return refusal_of([&] { static_cast<void>(port_set(text, variables())); });
}

std::string header_refusal(std::string_view text) {
  const Variables known = variables();
  HeaderSets sets(known);
  keywords::Draft draft;
  return refusal_of([&] { static_cast<void>(parse_header(text, sets, draft)); });
}

keywords::Draft header_of(std::string_view text) {
  const Variables known = variables();
  HeaderSets sets(known);
  keywords::Draft draft;
  CHECK(text.at(parse_header(text, sets, draft)) == '(');
  return draft;
}

std::string options_refusal(std::string_view text) {
  return refusal_of([&] { static_cast<void>(split_options(text)); });
}

}  // namespace

TEST_CASE("comments and blank lines are left out and lines keep their numbers") {
  CHECK(lines_of("# one\n\n  \t\nrule a\r\n  # two\nrule b") ==
        std::vector<std::pair<std::uint32_t, std::string>>{{4, "rule a\r"}, {6, "rule b"}});
  CHECK(lines_of("").empty());
  CHECK(lines_of("\n\n").empty());
}

TEST_CASE("a line that ends with a backslash goes on in the next one") {
  CHECK(lines_of("a \\\n  b \\  \r\n# c\nd") ==
        std::vector<std::pair<std::uint32_t, std::string>>{{1, "a   b # c"}, {4, "d"}});
  CHECK(lines_of("a\\") == std::vector<std::pair<std::uint32_t, std::string>>{{1, "a"}});
}

TEST_CASE("a comment that ends with a backslash does not go on") {
  CHECK(lines_of("# a \\\nb") == std::vector<std::pair<std::uint32_t, std::string>>{{2, "b"}});
}

TEST_CASE("a byte order mark before the first rule is skipped") {
  CHECK(lines_of("\xef\xbb\xbf# a\nb") == std::vector<std::pair<std::uint32_t, std::string>>{{2, "b"}});
}

TEST_CASE("a rule of a mebibyte is whole and a longer one is marked") {
  const std::string whole(kMaxRuleBytes, 'x');
  LineReader fits(whole);
  CHECK_FALSE(fits.next()->too_long);
  const std::string longer = whole.substr(1) + "\\\nyz";
  LineReader exceeds(longer);
  const auto line = exceeds.next();
  CHECK(line->too_long);
  CHECK(line->text.size() == kMaxRuleBytes);
}

TEST_CASE("options are cut at semicolons and trimmed") {
  const auto options = split_options("( msg : \"a b\" ; noalert; sid:7 ;)  ");
  REQUIRE(options.size() == 3);
  CHECK(options[0].name == "msg");
  CHECK(options[0].value == "\"a b\"");
  CHECK(options[1].name == "noalert");
  CHECK_FALSE(options[1].has_value);
  CHECK(options[2].value == "7");
}

TEST_CASE("a semicolon that is escaped or quoted does not end an option") {
  const auto options =
      split_options(R"((reference:url,a?b=1\;c; content:"x;y"; content:! "a\"b;c"; sid:1;))");
  REQUIRE(options.size() == 4);
  CHECK(options[0].value == R"(url,a?b=1\;c)");
  CHECK(options[1].value == R"("x;y")");
  CHECK(options[2].value == R"(! "a\"b;c")");
}

TEST_CASE("a quoted value may end with an escaped backslash and hold bare quotes") {
  const auto options = split_options(R"((content:"a\\"; pcre:"/x="y/"; pcre:"/="/i"; msg:"a"b; sid:1;))");
  REQUIRE(options.size() == 5);
  CHECK(options[0].value == R"("a\\")");
  CHECK(options[1].value == R"("/x="y/")");
  CHECK(options[2].value == R"("/="/i")");
  CHECK(options[3].value == R"("a"b)");
}

TEST_CASE("options that are not well formed are refused with a reason") {
  CHECK(options_refusal("(sid:1;") == "the rule does not end with ')'");
  CHECK(options_refusal("(") == "the rule does not end with ')'");
  CHECK(options_refusal("()") == "no options");
  CHECK(options_refusal("( sid:1 )") == "no ';' after the option 'sid:1'");
  CHECK(options_refusal("(sid:1;;)") == "an empty option");
  CHECK(options_refusal("(sid:1; :x;)") == "an empty option");
  CHECK(options_refusal("(msg:\"a; sid:1;)") == "a quote is not closed in 'msg:\"a; sid:1;'");
}

TEST_CASE("1,024 options are read and one more is refused") {
  std::string text;
  for (std::size_t i = 0; i < kMaxOptions; ++i) text += "a;";
  CHECK(split_options("(" + text + ")").size() == kMaxOptions);
  CHECK(options_refusal("(" + text + "a;)") == "more than 1024 options");
}

TEST_CASE("a mebibyte of quoted semicolons is read in one pass") {
  const std::string text = "(content:\"" + std::string(kMaxRuleBytes, ';') + "\"; sid:1;)";
  CHECK(split_options(text).size() == 2);
}

TEST_CASE("the sid of a broken rule is found where an option starts") {
  CHECK(find_sid("alert tcp (msg:\"sid:5\"; SID : 42 ; rev:1;)") == 42U);
  CHECK(find_sid("(sid:1") == 1U);
  CHECK(find_sid("(msg:\"a; sid:7; ref:lessid:9;)") == 7U);
  CHECK_FALSE(find_sid("sid:1").has_value());
  CHECK_FALSE(find_sid("(sid:x;)").has_value());
  CHECK_FALSE(find_sid("(sid").has_value());
  CHECK_FALSE(find_sid("").has_value());
}

TEST_CASE("addresses are read alone, with a prefix, with a netmask and as ranges") {
  CHECK(holds("any", "1.2.3.4"));
  CHECK(holds("ANY", "2001:db8::1"));
  CHECK(holds("1.2.3.4", "1.2.3.4"));
  CHECK_FALSE(holds("1.2.3.4", "1.2.3.5"));
  CHECK(holds("10.1.0.0/15", "10.1.255.255"));
  CHECK_FALSE(holds("10.0.0.0/15", "10.2.0.0"));
  CHECK(holds("10.9.9.9/255.0.0.0", "10.200.0.1"));
  CHECK(holds("0.0.0.0/0", "255.255.255.255"));
  CHECK_FALSE(holds("0.0.0.0/0", "::1"));
  CHECK(holds("1.2.3.4-1.2.4.1", "1.2.4.0"));
  CHECK_FALSE(holds("1.2.3.4-1.2.4.1", "1.2.4.2"));
  CHECK(holds("2001:db8::1-2001:db8::ff", "2001:db8::80"));
  CHECK(holds("2001:db8::/32", "2001:db8:ffff::"));
  CHECK_FALSE(holds("2001:db8::/33", "2001:db8:ffff::"));
}

TEST_CASE("a comma may end a list") {
  CHECK(holds("[1.1.1.1,]", "1.1.1.1"));
  CHECK_FALSE(holds("[1.1.1.1, ]", "1.1.1.2"));
  CHECK(port_set("[80,443,]", {}).contains(443));
}

TEST_CASE("lists add up, negations take away, and negations alone take away from all of their family") {
  CHECK(holds("[1.1.1.1, 2.2.2.2]", "2.2.2.2"));
  CHECK_FALSE(holds("[10.0.0.0/8,!10.1.0.0/16]", "10.1.2.3"));
  CHECK(holds("[10.0.0.0/8,!10.1.0.0/16]", "10.2.2.3"));
  CHECK(holds("!1.1.1.1", "1.1.1.2"));
  CHECK_FALSE(holds("!1.1.1.1", "::1"));
  CHECK_FALSE(holds("!2001:db8::/32", "1.1.1.1"));
  CHECK(holds("[!1.1.1.1,!2001:db8::/32]", "::1"));
  CHECK(holds("[any,!1.1.1.1]", "::1"));
  CHECK(holds("[2001:db8::1,!1.1.1.1]", "1.1.1.2"));
  CHECK_FALSE(holds("[2001:db8::1,!1.1.1.1]", "::1"));
  CHECK_FALSE(holds("![1.1.1.1,2.2.2.2]", "2.2.2.2"));
  CHECK(holds("![10.0.0.0/8,!10.1.0.0/16]", "10.1.2.3"));
  CHECK_FALSE(holds("![10.0.0.0/8,!10.1.0.0/16]", "10.2.2.3"));
  CHECK(holds("[any,!::/0]", "9.9.9.9"));
}

TEST_CASE("variables are expressions in their own place") {
  CHECK(holds("$HOME", "192.168.1.1"));
  CHECK(holds("$ALIAS", "192.168.1.1"));
  CHECK_FALSE(holds("$OUTSIDE", "10.1.1.1"));
  CHECK(holds("$OUTSIDE", "8.8.8.8"));
  CHECK(holds("!$OUTSIDE", "10.1.1.1"));
  CHECK_FALSE(holds("!$OUTSIDE", "8.8.8.8"));
  CHECK_FALSE(holds("[$OUTSIDE,!8.8.8.8]", "8.8.8.8"));
  CHECK(holds("[$OUTSIDE,!8.8.8.8]", "8.8.8.9"));
}

TEST_CASE("a negated variable in a list takes away, however the list goes on") {
  CHECK_FALSE(holds("[$OUTSIDE,10.1.1.1,9.9.9.9]", "10.1.1.1"));
  CHECK(holds("[$OUTSIDE,10.1.1.1,9.9.9.9]", "9.9.9.9"));
  CHECK_FALSE(holds("[$OUTSIDE,10.1.1.1,9.9.9.9]", "8.8.8.8"));
}

TEST_CASE("address expressions that cannot be used are refused with a reason") {
  CHECK(address_refusal("$NOWHERE") == "the address variable $NOWHERE is not defined");
  CHECK(address_refusal("$WEB") == "the address variable $WEB is not defined");
  CHECK(address_refusal("$LOOP") == "the address expression is nested more than 16 deep");
  CHECK(address_refusal("!any") == "the address expression '!any' leaves no address");
  CHECK(address_refusal("!$ALL") == "the address expression '!$ALL' leaves no address");
  CHECK(address_refusal("[$HOME,!$HOME]") == "the address expression '[$HOME,!$HOME]' leaves no address");
  CHECK(address_refusal("[]") == "an empty element in the address expression");
  CHECK(address_refusal("[1.1.1.1,,1.1.1.2]") == "an empty element in the address expression");
  CHECK(address_refusal("[,1.1.1.1]") == "an empty element in the address expression");
  CHECK(address_refusal("[,]") == "an empty element in the address expression");
  CHECK(address_refusal("!") == "an empty element in the address expression");
  CHECK(address_refusal("[1.1.1.1") == "unbalanced brackets in '[1.1.1.1'");
  CHECK(address_refusal("1.1.1.1]") == "unbalanced brackets in '1.1.1.1]'");
  CHECK(address_refusal("[1.1.1.1]x") == "unbalanced brackets in '[1.1.1.1]x'");
  CHECK(address_refusal("1.2.3") == "not an address: '1.2.3'");
  CHECK(address_refusal("!!1.1.1.1") == "not an address: '!1.1.1.1'");
  CHECK(address_refusal(std::string_view("1.1.1.1\0x", 9)) == "not an address: '1.1.1.1?x'");
  CHECK(address_refusal("1.2.3.4/33") == "not a prefix length: '33'");
  CHECK(address_refusal("1.2.3.4/") == "not a prefix length: ''");
  CHECK(address_refusal("1.2.3.4/255.0.255.0") == "not a prefix length: '255.0.255.0'");
  CHECK(address_refusal("::1/129") == "not a prefix length: '129'");
  CHECK(address_refusal("1.1.1.2-1.1.1.1") == "an address range ends before it starts");
  CHECK(address_refusal("1.1.1.1-::1") == "an address range mixes IPv4 and IPv6");
}

TEST_CASE("ports are read alone and as ranges with open ends") {
  CHECK(port_in("any", 0));
  CHECK(port_in("80", 80));
  CHECK_FALSE(port_in("80", 81));
  CHECK(port_in("1024:", 65535));
  CHECK(port_in(":80", 0));
  CHECK_FALSE(port_in(":80", 81));
  CHECK(port_in("[6666:7000,!6670]", 6999));
  CHECK_FALSE(port_in("[6666:7000,!6670]", 6670));
  CHECK_FALSE(port_in("![80,443]", 443));
  CHECK(port_in("[1:80,![2:20,!4]]", 4));
  CHECK_FALSE(port_in("[1:80,![2:20,!4]]", 5));
  CHECK(port_in("$FILES", 143));
  CHECK(port_in("!$NOT_WEB", 80));
  CHECK_FALSE(port_in("!$NOT_WEB", 81));
}

TEST_CASE("port expressions that cannot be used are refused with a reason") {
  CHECK(port_refusal("65536") == "not a port: '65536'");
  CHECK(port_refusal("http") == "not a port: 'http'");
  CHECK(port_refusal("-1") == "not a port: '-1'");
  CHECK(port_refusal(":") == "a port range without ends");
  CHECK(port_refusal("90:80") == "the port range '90:80' ends before it starts");
  CHECK(port_refusal("!any") == "the port expression '!any' leaves no port");
  CHECK(port_refusal("!0:65535") == "the port expression '!0:65535' leaves no port");
  CHECK(port_refusal("$HOME") == "the port variable $HOME is not defined");
}

TEST_CASE("an expression that unfolds to too many elements is refused") {
  Variables bomb;
  bomb.ports.emplace("V0", "80");
  for (int i = 1; i <= 14; ++i) {
    const auto inner = std::string("$V").append(std::to_string(i - 1));
    bomb.ports.emplace(std::string("V").append(std::to_string(i)), inner + "," + inner + "," + inner);
  }
  CHECK(refusal_of([&] { static_cast<void>(port_set("$V14", bomb)); }) ==
        "more than 65,536 elements in one port expression");
}

namespace {

using Bits = std::bitset<32>;

// The slow and obviously right twin: an expression over ports 0 to 31 as text, and its value as bits.
struct Written {
  std::string text;
  Bits added, removed;
  bool some = false;
  [[nodiscard]] Bits value() const { return (some ? added : ~Bits{}) & ~removed; }
};

Written write_list(std::mt19937& random, int depth);

void write_element(std::mt19937& random, int depth, Written& list) {
  const bool negated = random() % 3 == 0;
  if (negated) list.text += "!";
  if (depth > 0 && random() % 3 == 0) {
    const Written inner = write_list(random, depth - 1);
    list.text.append("[").append(inner.text).append("]");
    if (negated) {
      list.removed |= inner.value();
    } else {
      list.added |= inner.added;
      list.removed |= inner.removed;
      list.some = list.some || inner.some;
    }
    return;
  }
  const std::size_t first = random() % 32, last = first + random() % (32 - first);
  list.text.append(std::to_string(first)).append(":");
  if (last < 31) list.text += std::to_string(last);
  for (std::size_t p = first; p <= last; ++p) (negated ? list.removed : list.added).set(p);
  if (!negated) list.some = true;
}

Written write_list(std::mt19937& random, int depth) {
  Written list;
  for (std::size_t n = 1 + random() % 4; n > 0; --n) {
    write_element(random, depth, list);
    if (n > 1) list.text += ", ";
  }
  return list;
}

// Ports above 31 stand and fall with port 31 here, and an inner negation that leaves nothing refuses the
// whole.
Bits evaluated(const std::string& text) {
  Bits bits;
  const signature::PortSet set = port_set(text, {});
  for (std::uint16_t p = 0; p < 32; ++p) bits[p] = set.contains(p);
  return bits;
}

}  // namespace

TEST_CASE("random nested port lists agree with a twin of bits") {
  std::mt19937 random(7);
  int compared = 0;
  for (int round = 0; round < 3000; ++round) {
    const Written list = write_list(random, 3);
    Bits bits;
    const std::string refusal = refusal_of([&] { bits = evaluated("[" + list.text + "]"); });
    if (!refusal.empty()) continue;
    INFO(list.text);
    CHECK(bits == list.value());
    ++compared;
  }
  CHECK(compared > 1000);
}

TEST_CASE("a header gives action, protocol, sets and direction") {
  const keywords::Draft draft = header_of("Drop  TCP\t[10.0.0.1, 10.0.0.2] ![80, 443] <> $HOME any(sid:1;)");
  const signature::Rule& rule = draft.rule;
  CHECK(rule.action == signature::Action::drop);
  CHECK(draft.both_ways);
  CHECK(rule.header.src.contains(IpVersion::v4, IpAddress::v4(10, 0, 0, 2)));
  CHECK_FALSE(rule.header.src_ports.contains(443));
  CHECK(rule.header.dst_ports.is_any());
}

TEST_CASE("both ends of a header are read in their order") {
  const keywords::Draft draft = header_of("alert udp 1.1.1.1 53 -> 2.2.2.2 1024: (sid:1;)");
  const signature::Rule& rule = draft.rule;
  CHECK(rule.action == signature::Action::alert);
  CHECK_FALSE(draft.both_ways);
  CHECK(rule.header.src.contains(IpVersion::v4, IpAddress::v4(1, 1, 1, 1)));
  CHECK(rule.header.dst.contains(IpVersion::v4, IpAddress::v4(2, 2, 2, 2)));
  CHECK(rule.header.src_ports.contains(53));
  CHECK(rule.header.dst_ports.contains(1024));
}

TEST_CASE("each action has its word") {
  using signature::Action;
  const std::vector<std::pair<std::string, Action>> words{
      {"alert", Action::alert},      {"drop", Action::drop},        {"pass", Action::pass},
      {"reject", Action::reject},    {"rejectsrc", Action::reject}, {"rejectdst", Action::reject},
      {"rejectboth", Action::reject}};
  for (const auto& [word, action] : words) {
    CHECK(header_of(word + " ip any any -> any any (sid:1;)").rule.action == action);
  }
}

TEST_CASE("each protocol word has its numbers, versions and scope") {
  using signature::Scope;
  CHECK(header_protocol("tcp").protocols.numbers == std::bitset<256>{}.set(6));
  CHECK(header_protocol("tcp").scope == Scope::any);
  CHECK(header_protocol("tcp-pkt").scope == Scope::packet);
  CHECK(header_protocol("tcp-stream").scope == Scope::stream);
  CHECK(header_protocol("udp").protocols.numbers == std::bitset<256>{}.set(17));
  CHECK(header_protocol("icmp").protocols.numbers == std::bitset<256>{}.set(1).set(58));
  CHECK(header_protocol("icmpv4").protocols.numbers == std::bitset<256>{}.set(1));
  CHECK(header_protocol("icmpv6").protocols.numbers == std::bitset<256>{}.set(58));
  CHECK(header_protocol("sctp").protocols.numbers == std::bitset<256>{}.set(132));
  for (const char* word : {"ip", "pkthdr", "ipv4", "ip4", "ipv6", "ip6"}) {
    CHECK(header_protocol(word).protocols.numbers.all());
  }
  CHECK_FALSE(header_protocol("ipv4").protocols.v6);
  CHECK_FALSE(header_protocol("ip6").protocols.v4);
}

TEST_CASE("headers that cannot be used are refused with a reason") {
  CHECK(header_refusal("allow tcp any any -> any any (sid:1;)") == "unknown action 'allow'");
  CHECK(header_refusal("alert http any any -> any any (sid:1;)") ==
        "application protocol 'http' is not supported in a rule header");
  CHECK(header_refusal("alert foo any any -> any any (sid:1;)") == "unknown protocol 'foo'");
  CHECK(header_refusal("alert tcp any any <- any any (sid:1;)") == "direction '<-' does not exist");
  CHECK(header_refusal("alert tcp any any => any any (sid:1;)") == "not a direction: '=>'");
  CHECK(header_refusal("alert tcp any any -> any (sid:1;)") == "the header has 6 of 7 words");
  CHECK(header_refusal("alert tcp any any -> any any any (sid:1;)") == "too many words before '('");
  CHECK(header_refusal("alert tcp any any -> any any") == "no options");
  CHECK(header_refusal("alert") == "the header has 1 of 7 words");
  CHECK(header_refusal("alert tcp [any any -> any any (sid:1;)") == "the header has 3 of 7 words");
}

TEST_CASE("variables are read from YAML, numbers included") {
  const auto read =
      parse_variables("v.yaml",
                      "%YAML 1.1\n---\nvars:\n  address-groups:\n    HOME: \"[10.0.0.0/8]\"\n"
                      "    OUT: \"!$HOME\"\n  port-groups:\n    SSH: 22\n    WEB: \"[$SSH,80]\"\n");
  REQUIRE(read.ok());
  CHECK(read.value().addresses.at("OUT") == "!$HOME");
  CHECK(read.value().ports.at("SSH") == "22");
  CHECK(port_set("$WEB", read.value()).contains(22));
}

TEST_CASE("a group of variables may be missing") {
  CHECK(parse_variables("v.yaml", "vars:\n  port-groups:\n    A: 1\n").ok());
  CHECK(
      parse_variables("v.yaml", "vars:\n  address-groups:\n  port-groups:\n    A: 1\nother: [1, 2]\n").ok());
}

TEST_CASE("errors in variables name file and line") {
  const auto text_of = [](const char* yaml) {
    const auto read = parse_variables("v.yaml", yaml);
    return read.ok() ? std::string() : read.error().where + ": " + read.error().what;
  };
  CHECK(text_of("") == "v.yaml: no map 'vars' at the top");
  CHECK(text_of("vars: 3") == "v.yaml: no map 'vars' at the top");
  CHECK(text_of("vars:\n  port-groups: 3\n") == "v.yaml:2: not a map of variables");
  CHECK(text_of("vars:\n  port-groups:\n    A: [1, 2]\n") ==
        "v.yaml:3: the value of 'A' is not an expression");
  CHECK(text_of("vars:\n  port-groups:\n    A: \"\"\n") == "v.yaml:3: the value of 'A' is not an expression");
  CHECK(text_of("vars:\n  port-groups:\n    A: !$B\n") == "v.yaml:3: the value of 'A' is not an expression");
  CHECK(text_of("vars:\n  port-groups:\n    A: 70000\n") == "v.yaml:3: variable A: not a port: '70000'");
  CHECK(text_of("vars:\n  address-groups:\n    A: any\n    B: \"!$A\"\n") ==
        "v.yaml:4: variable B: the address expression '!$A' leaves no address");
  CHECK(text_of("vars:\n  address-groups: {\n").rfind("v.yaml:3: not valid YAML", 0) == 0);
}

TEST_CASE("a file that cannot be read is an error with its path") {
  const auto missing = read_variables("/nonexistent/vars.yaml");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().where == "/nonexistent/vars.yaml");
  CHECK_FALSE(read_file("/").ok());
}
