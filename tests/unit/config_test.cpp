#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "config/address.h"
#include "config/reader.h"
#include "config/reference.h"
#include "config/tree.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::config;

namespace {

Config good(std::string_view text) {
  auto config = read_text("test.json", text);
  INFO((config.ok() ? std::string() : config.error().text()));
  REQUIRE(config.ok());
  return std::move(config).value();
}

Error bad(std::string_view text) {
  const auto config = read_text("test.json", text);
  REQUIRE_FALSE(config.ok());
  CHECK_FALSE(config.error().what.empty());
  CHECK_FALSE(config.error().remedy.empty());
  return config.error();
}

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

const std::string kRoot = MIRRORSCAN_SOURCE_ROOT;

}  // namespace

TEST_CASE("an empty object gives the defaults of the mirror profile") {
  const Config config = good("{}");
  CHECK(config.profile == Profile::mirror);
  CHECK(config.stream.midstream);
  CHECK(config.stream.payload_implies_established);
  CHECK(config.stream.syn_data);
  CHECK(config.stream.depth_bytes == 0);
  CHECK_FALSE(config.flow.vlan_in_key);
  CHECK_FALSE(config.detect.drop_ends_flow);
  CHECK(config.decap.vxlan_ports == std::vector<std::uint16_t>{4789});
}

TEST_CASE("the reference profile changes seven defaults") {
  const Config config = good(R"({"profile": "reference"})");
  CHECK(config.profile == Profile::reference);
  CHECK_FALSE(config.stream.midstream);
  CHECK_FALSE(config.stream.payload_implies_established);
  CHECK_FALSE(config.stream.syn_data);
  CHECK(config.stream.depth_bytes == 1'048'576);
  CHECK(config.flow.vlan_in_key);
  CHECK_FALSE(config.flow.server_by_lower_port);
  CHECK(config.detect.drop_ends_flow);
  CHECK(config.dedup.enabled);
}

TEST_CASE("a field overrides its profile even if it stands before it") {
  const Config config = good(R"({"stream": {"midstream": true}, "profile": "reference"})");
  CHECK(config.stream.midstream);
  CHECK_FALSE(config.stream.payload_implies_established);
}

TEST_CASE("both kinds of comments are white space") {
  const Config config = good("// first\n{ /* a */ \"flow\": { // b\n \"max_flows\": 7 } }\n// last");
  CHECK(config.flow.max_flows == 7);
}

TEST_CASE("lists, maps and tenants arrive as written") {
  const Config config = good(R"({
    "rules": {"files": ["a.rules", "b.rules"], "vars_file": "vars.yaml",
              "address_groups": {"HOME_NET": "[10.0.0.0/8]", "A": "!$HOME_NET"}, "port_groups": {"P": "80"}},
    "tenants": [{"name": "one", "vnis": [1, 2]}, {"name": "two", "vnis": [3], "sources": ["10.0.0.1", "fd00::1"]}],
    "decap": {"vxlan_ports": [4789, 8472], "geneve_ports": []}})");
  CHECK(config.rule_files == std::vector<std::string>{"a.rules", "b.rules"});
  CHECK(config.vars_file == "vars.yaml");
  CHECK(config.address_groups == Variables{{"HOME_NET", "[10.0.0.0/8]"}, {"A", "!$HOME_NET"}});
  CHECK(config.port_groups == Variables{{"P", "80"}});
  REQUIRE(config.tenants.size() == 2);
  CHECK(config.tenants[0].name == "one");
  CHECK(config.tenants[0].vnis == std::vector<std::uint32_t>{1, 2});
  CHECK(config.tenants[0].sources.empty());
  CHECK(config.tenants[1].sources == std::vector<std::string>{"10.0.0.1", "fd00::1"});
  CHECK(config.decap.vxlan_ports == std::vector<std::uint16_t>{4789, 8472});
  CHECK(config.decap.geneve_ports.empty());
}

TEST_CASE("a syntax error names line and column") {
  const Error error = bad("{\n  \"flow\": {\n    \"max_flows\": 7,\n  }\n}");
  CHECK(error.where == "test.json:4:3");
  CHECK(error.what.find("this is not JSON") == 0);
  CHECK(error.what.find("exception") == std::string::npos);
}

TEST_CASE("an empty file and text after the object are syntax errors") {
  CHECK(bad("").where == "test.json:1:1");
  CHECK(bad("{} x").where == "test.json:1:4");
}

TEST_CASE("a key that appears twice is an error with its path") {
  CHECK(bad(R"({"flow": {"max_flows": 1, "max_flows": 1}})").where == "test.json: flow.max_flows");
  CHECK(bad(R"({"flow": {}, "flow": {}})").where == "test.json: flow");
  CHECK(bad(R"({"tenants": [{"name": "a", "vnis": [1]}, {"name": "b", "name": "c"}]})").where ==
        "test.json: tenants[1].name");
}

TEST_CASE("an unknown key is an error that names the closest setting") {
  const Error error = bad(R"({"stream": {"midsteam": true}})");
  CHECK(error.where == "test.json: stream.midsteam");
  CHECK(error.remedy == "did you mean stream.midstream?");
  CHECK(bad(R"({"midstream": true})").remedy == "did you mean stream.midstream?");
  CHECK(bad(R"({"tenants": [{"nam": "a"}]})").remedy == "did you mean tenants[].name?");
  CHECK(bad(R"({"zzzzzzzzzzzz": true})").remedy.find("docs/config.md") != std::string::npos);
}

TEST_CASE("a dot in a key does not reach into a section") {
  CHECK(bad(R"({"stream.midstream": true})").where == "test.json: stream.midstream");
  CHECK(bad(R"({"tenants[].name": "a"})").what == "there is no such setting");
}

TEST_CASE("a section or a file that is no object is an error") {
  CHECK(bad(R"({"flow": 5})").where == "test.json: flow");
  CHECK(bad("[]").where == "test.json");
  CHECK(bad(R"({"tenants": [5]})").where == "test.json: tenants[0]");
}

TEST_CASE("numbers that are negative, broken or too large are errors and keep their value in the text") {
  CHECK(bad(R"({"flow": {"max_flows": -1}})").what.find("-1") != std::string::npos);
  CHECK(bad(R"({"flow": {"max_flows": 1.5}})").what.find("1.5") != std::string::npos);
  CHECK(bad(R"({"flow": {"max_flows": 4294967296}})").what.find("4294967296") != std::string::npos);
  CHECK(bad(R"({"flow": {"max_flows": 99999999999999999999999}})").what.find("whole number") !=
        std::string::npos);
}

TEST_CASE("nesting deeper than the limit is refused before it is read") {
  CHECK(bad(std::string(17, '[')).what.find("nested deeper than 16") != std::string::npos);
  CHECK(bad(std::string(100'000, '[')).what.find("nested deeper") != std::string::npos);
}

TEST_CASE("more values than the limit are refused") {
  std::string text = "[0";
  for (std::size_t i = 0; i < kMaxNodes; ++i) text += ",0";
  CHECK(bad(text + "]").what.find("values") != std::string::npos);
}

TEST_CASE("more than eight ports are an error") {
  const Error error = bad(R"({"decap": {"vxlan_ports": [1,2,3,4,5,6,7,8,9]}})");
  CHECK(error.where == "test.json: decap.vxlan_ports");
  CHECK(error.what == "9 elements; 1 to 8 are allowed");
}

TEST_CASE("a port in two places is an error") {
  CHECK(bad(R"({"decap": {"geneve_ports": [4789]}})").where == "test.json: decap.geneve_ports[0]");
  CHECK(bad(R"({"decap": {"vxlan_ports": [5, 5]}})").where == "test.json: decap.vxlan_ports[1]");
}

TEST_CASE("a bad source address is an error with its place") {
  for (const char* address : {"10.0.0.0/8", "10.0.0", "host.example", "fd00::g", "10.0.0.1 "}) {
    const std::string text =
        std::string(R"({"tenants": [{"name": "a", "vnis": [1], "sources": ["10.0.0.1", ")") + address +
        R"("]}]})";
    CHECK(bad(text).where == "test.json: tenants[0].sources[1]");
  }
}

TEST_CASE("a tenant needs a name and VNIs") {
  CHECK(bad(R"({"tenants": [{"vnis": [1]}]})").what == "each of tenants needs \"name\"");
  CHECK(bad(R"({"tenants": [{"name": "a"}]})").what == "each of tenants needs \"vnis\"");
}

TEST_CASE("tenants may share a VNI only for sources that do not overlap") {
  const auto tenants = [](const char* a, const char* b) {
    return std::string(R"({"tenants": [{"name": "a", "vnis": [7])") + a +
           R"(}, {"name": "b", "vnis": [8, 7])" + b + "}]}";
  };
  (void)good(tenants(R"(, "sources": ["10.0.0.1"])", R"(, "sources": ["10.0.0.2", "fd00::1"])"));
  CHECK(bad(tenants("", "")).where == "test.json: tenants[1].vnis[1]");
  CHECK(bad(tenants(R"(, "sources": ["10.0.0.1"])", "")).where == "test.json: tenants[1].vnis[1]");
  CHECK(bad(tenants("", R"(, "sources": ["10.0.0.1"])")).where == "test.json: tenants[1].vnis[1]");
  // One address in two spellings.
  const Error error = bad(tenants(R"(, "sources": ["fd00::1"])", R"(, "sources": ["fd00:0::1"])"));
  CHECK(error.what == "VNI 7 is named by tenants \"a\" and \"b\" for the same sources");
}

TEST_CASE("what a tenant names twice is an error") {
  CHECK(bad(R"({"tenants": [{"name": "a", "vnis": [7, 7]}]})").where == "test.json: tenants[0].vnis[1]");
  CHECK(bad(R"({"tenants": [{"name": "a", "vnis": [7], "sources": ["::1", "0::1"]}]})").where ==
        "test.json: tenants[0].sources[1]");
  CHECK(bad(R"({"tenants": [{"name": "a", "vnis": [7]}, {"name": "a", "vnis": [8]}]})").where ==
        "test.json: tenants[1].name");
}

TEST_CASE("CPUs and queues name each worker once, and only workers that there are") {
  (void)good(R"({"workers": {"count": 2, "cpus": [2, 3]}})");
  CHECK(bad(R"({"workers": {"count": 2, "cpus": [2]}})").where == "test.json: workers.cpus");
  CHECK(bad(R"({"workers": {"count": 2, "cpus": [2, 2]}})").what == "two workers on CPU 2");
  const auto queues = [](const char* workers) {
    return fmt::format(
        R"({{"workers": {{"count": 2}}, "ports": [{{"device": "a", "queues": 2, "queue_workers": {}}}]}})",
        workers);
  };
  (void)good(queues("[1, 1]"));
  CHECK(bad(queues("[0]")).what == "1 workers for 2 queues");
  const Error error = bad(queues("[0, 2]"));
  CHECK(error.where == "test.json: ports[0].queue_workers");
  CHECK(error.what == "there is no worker 2");
  CHECK(bad(R"({"ports": [{"device": "a"}, {"device": "a"}]})").where == "test.json: ports[1].device");
}

TEST_CASE("a stream's share of held bytes is at most the whole") {
  CHECK(bad(R"({"stream": {"max_held_bytes": 65536}})").where ==
        "test.json: stream.max_held_bytes_per_stream");
}

TEST_CASE("control characters do not reach an error's text") {
  const Error error = bad("{\"a\\n\\u001bb\": 1}");
  CHECK(error.where == "test.json: a??b");
}

TEST_CASE("addresses are IPv4 or IPv6 and nothing else") {
  CHECK(parse_address("10.1.2.3")->ip == IpAddress::v4(10, 1, 2, 3));
  CHECK(parse_address("::1")->version == IpVersion::v6);
  CHECK_FALSE(parse_address(""));
  CHECK_FALSE(parse_address(std::string("10.1.2.3\0x", 10)));
}

TEST_CASE("a file that is missing, a folder or too large is an error") {
  CHECK(read_file("/nonexistent/config.json").error().where == "/nonexistent/config.json");
  CHECK_FALSE(read_file("/").ok());
  const std::string path = "config_test_large." + std::to_string(getpid()) + ".json";
  std::ofstream(path) << std::string(kMaxFileBytes + 1, ' ');
  const auto large = read_file(path);
  std::remove(path.c_str());
  REQUIRE_FALSE(large.ok());
  CHECK(large.error().what.find("larger than") == 0);
}

TEST_CASE("the example for replay is a valid configuration") {
  const auto config = read_file(kRoot + "/docs/examples/replay.json");
  INFO((config.ok() ? std::string() : config.error().text()));
  CHECK(config.ok());
}

TEST_CASE("the reference page and the schema in docs are up to date") {
  INFO("bring them up to date with: test-config '[update-docs]'");
  CHECK(contents(kRoot + "/docs/config.md") == print_reference());
  CHECK(contents(kRoot + "/docs/config.schema.json") == schema_json());
}

TEST_CASE("write the reference page and the schema to docs", "[.][update-docs]") {
  std::ofstream(kRoot + "/docs/config.md", std::ios::binary) << print_reference();
  std::ofstream(kRoot + "/docs/config.schema.json", std::ios::binary) << schema_json();
}
