#include <optional>
#include <string>
#include <string_view>

#include "support/catch.h"
#include "tail/printable.h"
#include "tail/printer.h"

using namespace mirrorscan;
using namespace mirrorscan::tail;
using ring::RecordType;

namespace {

constexpr std::string_view kAlert =
    R"({"timestamp":"2023-11-14T22:13:20.006000+0000","event_type":"alert","src_ip":"10.0.1.20","src_port":51344,)"
    R"("dest_ip":"10.0.2.80","dest_port":80,"proto":"TCP","direction":"to_server","alert":{"signature_id":9000001,)"
    R"("signature":"path traversal","severity":2},"mirror":{"vni":4711,"tenant":"shop"}})";
constexpr std::string_view kFlow =
    R"({"timestamp":"2023-11-14T22:13:20.016500+0000","event_type":"flow","src_ip":"2001:db8::1","src_port":40053,)"
    R"("dest_ip":"2001:db8::2","dest_port":53,"proto":"UDP","flow":{"pkts_toserver":7,"pkts_toclient":5,)"
    R"("bytes_toserver":477,"bytes_toclient":378,"age":3,"state":"closed","alerted":true},"mirror":{"vni":4712,"tenant":"4712"}})";
constexpr std::string_view kAnomaly =
    R"({"timestamp":"2023-11-14T22:13:21.000000+0000","event_type":"anomaly","src_ip":"10.0.1.20","dest_ip":"10.0.3.7",)"
    R"("proto":"ICMP","anomaly":{"event":"tenant_conflict"},"mirror":{"vni":1,"tenant":"1","text":"name both"}})";

std::string stats(int uptime, int packets, std::string_view more) {
  return R"({"timestamp":"2023-11-14T22:14:00.000000+0000","event_type":"stats","stats":{"uptime":)" +
         std::to_string(uptime) + R"(,"decoder":{"pkts":)" + std::to_string(packets) +
         R"(},"detect":{"alert":4},"flow":{"active":12},"capture":{"kernel_drops":0}},"mirror":)" +
         std::string(more) + "}";
}

std::optional<std::string> printed(Printer& printer, RecordType type, std::string_view json) {
  return printer.line({.type = type, .epoch = 1, .sequence = 1, .json = json});
}

std::string text(RecordType type, std::string_view json, Color color = Color::never) {
  Printer printer({}, Form::text, color);
  return printed(printer, type, json).value();
}

/// As the letters of the events that pass: a(lert), f(low), n (anomaly), s(tats).
std::string passing(const Filter& filter) {
  Printer printer(filter, Form::json, Color::never);
  std::string out;
  if (printed(printer, RecordType::alert, kAlert)) out += 'a';
  if (printed(printer, RecordType::flow, kFlow)) out += 'f';
  if (printed(printer, RecordType::anomaly, kAnomaly)) out += 'n';
  if (printed(printer, RecordType::stats, stats(1, 1, "{}"))) out += 's';
  return out;
}

}  // namespace

TEST_CASE("an alert is one line with time, severity, sid, message, addresses and its session") {
  CHECK(text(RecordType::alert, kAlert) ==
        "2023-11-14 22:13:20.006000  alert 2 [9000001] path traversal  TCP 10.0.1.20:51344 -> 10.0.2.80:80  "
        "vni 4711 (shop)  to_server\n");
}

TEST_CASE("a flow and an anomaly are one line each") {
  CHECK(text(RecordType::flow, kFlow) ==
        "2023-11-14 22:13:20.016500  flow closed  UDP [2001:db8::1]:40053 -> [2001:db8::2]:53  "
        "7+5 packets 477+378 bytes in 3 s  vni 4712  alerted\n");
  CHECK(
      text(RecordType::anomaly, kAnomaly) ==
      "2023-11-14 22:13:21.000000  anomaly tenant_conflict  ICMP 10.0.1.20 -> 10.0.3.7  vni 1: name both\n");
}

TEST_CASE("stats count the events that were lost before the sinks and by each sink") {
  const std::string lossy = stats(10, 1'000,
                                  R"({"counters":{"records_lost":2},"sinks":[{"lost_events":0},)"
                                  R"({"lost_events":30},7,{"lost_events":"x"},{"lost_events":400}]})");
  CHECK(text(RecordType::stats, lossy).find("lost 0 packets and 432 events") != std::string::npos);
}

TEST_CASE("a line and a JSON object can show the record's sequence number") {
  const ring::JsonRecord record{.type = RecordType::alert, .epoch = 1, .sequence = 4711, .json = kAlert};
  Printer json({}, Form::json, Color::never, Numbers::shown);
  CHECK(json.line(record) == R"({"seq":4711,"event":)" + std::string(kAlert) + "}\n");
  Printer text({}, Form::text, Color::never, Numbers::shown);
  CHECK(text.line(record)->starts_with("4711  2023-11-14 22:13:20.006000  alert 2"));
}

TEST_CASE("stats are one line, with the packets a second between two of them") {
  Printer printer({}, Form::text, Color::never);
  CHECK(printed(printer, RecordType::stats, stats(10, 1'000, R"({"coverage_pct":99.5,"balanced":true})")) ==
        "2023-11-14 22:14:00.000000  stats  100 pps  kernel drops 0, lost 0 packets and 0 events  coverage "
        "99.50 %  "
        "4 alerts  12 flows\n");
  const std::string lossy =
      R"({"balanced":false,"counters":{"records_lost":2},"total":{"packets":{"ends":{"inbox_full":{"packets":3},)"
      R"("flow_budget":{"packets":4},"inspected":{"packets":9}}}}})";
  CHECK(printed(printer, RecordType::stats, stats(20, 6'000, lossy)) ==
        "2023-11-14 22:14:00.000000  stats  500 pps  kernel drops 0, lost 7 packets and 2 events  4 alerts  "
        "12 flows  THE LEDGERS DO NOT BALANCE\n");
  const std::string restarted = *printed(printer, RecordType::stats, stats(2, 80, "{}"));
  CHECK(restarted.find("  40 pps") != std::string::npos);
}

TEST_CASE("a type that has no line of its own is shown as JSON") {
  CHECK(text(static_cast<RecordType>(9), R"({"event_type":"news", "a":1})") ==
        "news  {\"event_type\":\"news\", \"a\":1}\n");
  CHECK(text(static_cast<RecordType>(9), "{}") == "type 9  {}\n");
  CHECK(text(RecordType::alert, "{broken\x1b[2J") == "not JSON  {broken\\x1b[2J\n");
}

TEST_CASE("events without values, or with others than expected, are lines all the same") {
  for (const std::string_view odd :
       {"{}", "[]", "7", "null", R"({"alert":[],"mirror":7,"stats":"x","flow":null})",
        R"({"src_port":-1,"timestamp":5,"alert":{"severity":"high","signature":{}}})"})
    for (const RecordType type :
         {RecordType::alert, RecordType::flow, RecordType::anomaly, RecordType::stats}) {
      const std::string line = text(type, odd);
      CHECK(line.find('\n') == line.size() - 1);
    }
}

TEST_CASE("JSON that is nested a million times does no harm") {
  const std::string deep(1'000'000, '[');
  const std::string closed = R"({"event_type":"x","a":)" + deep + std::string(deep.size(), ']') + "}";
  for (const std::string_view json : {std::string_view(deep), std::string_view(closed)})
    for (const RecordType type : {RecordType::alert, static_cast<RecordType>(9)})
      CHECK(text(type, json).size() > 1);
}

TEST_CASE("colours are there when they are asked for, and the more severe the louder") {
  CHECK(text(RecordType::alert, kAlert, Color::always).find("\x1b[33malert 2") != std::string::npos);
  CHECK(text(RecordType::alert, kAlert).find('\x1b') == std::string::npos);
}

TEST_CASE("control characters of the wire and of rules do not reach the terminal") {
  const std::string evil =
      R"({"alert":{"signature":"a\u001b[2J\u0007\r\n\u009b31m\u202egnp.exe\u007f"},"proto":"\u001b]0;x\u0007"})";
  const std::string line = text(RecordType::alert, evil);
  CHECK(line.find("a\\x1b[2J\\x07\\x0d\\x0a\\u{009b}31m\\u{202e}gnp.exe\\x7f") != std::string::npos);
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("text that is not UTF-8 is escaped, and all other text stays") {
  CHECK(printable("Grüße, 世界 \U0001f600") == "Grüße, 世界 \U0001f600");
  CHECK(printable("\xff\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe4\xb8") ==
        "\\xff\\xc0\\xaf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80\\xe4\\xb8");
  CHECK(printable("") == "");
}

TEST_CASE("JSON passes as it is, on one line") {
  Printer printer({}, Form::json, Color::always);
  CHECK(printed(printer, RecordType::alert, kAlert) == std::string(kAlert) + "\n");
  CHECK(printed(printer, RecordType::alert, "{\n\"a\":\t1}") == "{ \"a\": 1}\n");
}

TEST_CASE("a filter wants all of its parts, and no filter wants everything") {
  CHECK(passing({}) == "afns");
  CHECK(passing({.types = {"flow"}}) == "f");
  CHECK(passing({.types = {"alert", "stats"}}) == "as");
  CHECK(passing({.vni = 4'712}) == "f");
  CHECK(passing({.tenant = "shop"}) == "a");
  CHECK(passing({.sid = 9'000'001}) == "a");
  CHECK(passing({.sid = 1}) == "");
  CHECK(passing({.severity = 3}) == "a");
  CHECK(passing({.severity = 2}) == "a");
  CHECK(passing({.severity = 1}) == "");
  CHECK(passing({.types = {"flow"}, .vni = 4'711}) == "");
  CHECK(passing({.types = {"alert"}, .vni = 4'711, .tenant = "shop", .sid = 9'000'001, .severity = 2}) ==
        "a");
}

TEST_CASE("the VNI of events without the object mirror is in their label") {
  Printer printer({.vni = 5}, Form::json, Color::never);
  CHECK(printed(printer, RecordType::alert, R"({"traffic":{"label":["a",7,"vni:5"]}})"));
  CHECK_FALSE(printed(printer, RecordType::alert, R"({"traffic":{"label":["vni:55"]}})"));
  CHECK_FALSE(printed(printer, RecordType::alert, R"({"traffic":{"label":"vni:5"}})"));
  CHECK_FALSE(printed(printer, RecordType::alert, "not JSON"));
}
