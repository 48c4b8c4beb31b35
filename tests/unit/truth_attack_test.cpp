#include <algorithm>
#include <set>

#include "rules/load.h"
#include "support/catch.h"
#include "truth/attack_book.h"

using namespace mirrorscan;
using namespace mirrorscan::truth;

namespace {

constexpr const char* kStreamRule =
    "alert tcp any any -> any 80 (content:\"only in attacks\"; content:\"~end~\"; distance:3; sid:1;)\n";

struct Made {
  rules::Loaded loaded;
  traffic::Books books;
  Result<std::unique_ptr<AttackBook>> book;

  Made(const traffic::Profile& profile, const std::string& text)
      : loaded(rules::load_text("t.rules", text, {}, {}).value()),
        books(traffic::Books::make(profile).value()),
        book(AttackBook::make(profile, *loaded.ruleset, books)) {}

  [[nodiscard]] const AttackBook& operator*() const {
    REQUIRE(book.ok());
    return *book.value();
  }
  [[nodiscard]] const RuleFate& fate(std::size_t rule) const { return (**this).fates()[rule]; }
};

traffic::Profile profile() {
  traffic::Profile out;
  out.attacks = {.share = 0.25, .occurrences = 1, .most_segments = 8};
  return out;
}

std::string said(const traffic::Conversation& conversation, Direction direction) {
  std::string out;
  for (const traffic::Message& message : conversation.messages)
    if (message.direction == direction) out += as_text(message.bytes);
  return out;
}

std::size_t count_of(const std::string& what, const std::string& in) {
  std::size_t count = 0;
  for (std::size_t at = in.find(what); at != std::string::npos; at = in.find(what, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("so many flows carry an attack as the profile says, the same ones each time") {
  const Made made(profile(), kStreamRule), again(profile(), kStreamRule);
  int attacked = 0;
  for (std::uint64_t serial = 0; serial < 10'000; ++serial) {
    const std::uint32_t attack = (*made).attack_of(serial);
    CHECK(attack == (*again).attack_of(serial));
    attacked += attack != traffic::kNoAttack ? 1 : 0;
  }
  CHECK(attacked > 2'300);
  CHECK(attacked < 2'700);
}

TEST_CASE("an attack occurs as often as the profile says, more than a window apart") {
  traffic::Profile p = profile();
  p.attacks.occurrences = 5;
  const Made made(p, kStreamRule);
  for (std::uint64_t serial = 0; serial < 50; ++serial) {
    const traffic::Conversation& talk = (*made).conversation(0, serial);
    const std::string text = said(talk, Direction::to_server);
    CHECK(count_of("only in attacks", text) == 5);
    std::size_t last = text.find("only in attacks");
    for (std::size_t at = text.find("only in attacks", last + 1); at != std::string::npos;
         at = text.find("only in attacks", at + 1)) {
      CHECK(at - last > (*made).rules().window);
      last = at;
    }
  }
}

TEST_CASE("an attack's occurrence is cut into 1 to as many segments as the profile says") {
  const Made made(profile(), kStreamRule);
  std::set<std::size_t> seen;
  for (const AttackVariant& variant : (*made).attacks()[0].variants) {
    const Occurrence& occurrence = variant.occurrences.at(0);
    const traffic::Message& message = variant.conversation.messages[occurrence.message];
    CHECK(message.cuts.size() < 8);
    CHECK(std::is_sorted(message.cuts.begin(), message.cuts.end()));
    for (const std::uint32_t cut : message.cuts) {
      CHECK(cut > 0);
      CHECK(cut < message.bytes.size());
    }
    seen.insert(message.cuts.size());
  }
  CHECK(seen.size() > 1);
}

TEST_CASE("a datagram's attack is one message, however many segments are asked for") {
  const Made made(profile(), "alert udp any any -> any any (content:\"only in attacks\"; sid:1;)\n");
  for (const traffic::Message& message : (*made).conversation(0, 1).messages) CHECK(message.cuts.empty());
}

TEST_CASE("an attack that its rule looks for in single segments is not cut") {
  const Made made(profile(),
                  "alert tcp any any -> any any (content:\"only in attacks\"; depth:40; sid:1;)\n");
  for (const AttackVariant& variant : (*made).attacks()[0].variants)
    for (const traffic::Message& message : variant.conversation.messages) CHECK(message.cuts.empty());
}

TEST_CASE("an attack goes where its rule looks, with both sides heard before it") {
  const Made made(profile(),
                  "alert udp any 53 -> any any (flow:established; content:\"only in attacks\"; sid:1;)\n");
  const traffic::Conversation& talk = (*made).conversation(0, 1);
  CHECK(talk.protocol == 17);
  CHECK(talk.server_port == 53);
  const auto attack = std::find_if(talk.messages.begin(), talk.messages.end(), [](const auto& message) {
    return as_text(message.bytes).find("only in attacks") != std::string::npos;
  });
  REQUIRE(attack != talk.messages.end());
  CHECK(talk.messages[0].direction == Direction::to_server);
  CHECK(attack->direction == Direction::to_client);
  for (const Direction d : {Direction::to_server, Direction::to_client})
    CHECK(std::any_of(talk.messages.begin(), attack,
                      [d](const auto& message) { return message.direction == d; }));
}

TEST_CASE("a rule that ordinary traffic may match is excluded, and only where that traffic is made") {
  const std::string rule = "alert tcp any any -> any 80 (content:\"HTTP/1.1\"; sid:2;)\n";
  CHECK(Made(profile(), rule + kStreamRule).fate(1).fate == Fate::excluded);
  traffic::Profile no_http = profile();
  no_http.flows.mix[static_cast<std::size_t>(traffic::Kind::http)] = 0;
  CHECK(Made(no_http, rule + kStreamRule).fate(1).fate == Fate::planted);
}

TEST_CASE("rules whose alerts are not foreseen say why") {
  const auto reason = [](const std::string& rule) {
    return Made(profile(), "alert " + rule + "\n" + kStreamRule).fate(1).reason;
  };
  CHECK(reason("tcp any any -> any any (pcre:\"/q{3}/\"; content:\"zq~never~said\"; sid:2;)")
            .starts_with("not understood"));
  CHECK(reason("udp any any -> any any (dsize:9; sid:2;)") == "no content that has to be there");
  CHECK(reason("udp any any -> any any (content:\"zq~never~said\"; noalert; sid:2;)").starts_with("noalert"));
  CHECK(reason(
            "udp any any -> any any (content:\"zq~never~said\"; threshold:type limit, track by_src, count 1, "
            "seconds 60; sid:2;)")
            .starts_with("threshold"));
  const std::string asks_first =
      "alert udp any any -> any any (content:\"zq~never~said\"; xbits:isset,x,track ip_src; sid:2;)\n";
  CHECK(Made(profile(), asks_first + kStreamRule).fate(0).reason.starts_with("xbits"));
}

TEST_CASE("a rule for other addresses than generated ones is foreseen, and not planted") {
  const Made made(profile(),
                  std::string("alert tcp 192.0.2.0/24 any -> any any (content:\"zq~never~said\"; sid:2;)\n") +
                      kStreamRule);
  CHECK(made.fate(1).fate == Fate::not_plantable);
  CHECK((*made).attacks().size() == 1);
}

TEST_CASE("a pass rule, and rules of which none can be planted, are refused") {
  const std::string pass = "pass tcp any any -> any any (content:\"zq~never~said\"; sid:2;)\n";
  CHECK(Made(profile(), pass + kStreamRule).book.error().where == "t.rules:1");
  CHECK_FALSE(Made(profile(), "alert icmp any any -> any any (itype:8; sid:1;)\n").book.ok());
}
