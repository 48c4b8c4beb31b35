#include "keywords/tcp_flags.h"

#include <optional>

#include "keywords/packet_condition.h"
#include "wire/tcp.h"

namespace mirrorscan::keywords {

namespace {

std::optional<std::uint8_t> flag_named(char c) noexcept {
  using namespace wire::tcp_flag;
  switch (c) {
    case 'F': return kFin;
    case 'S': return kSyn;
    case 'R': return kRst;
    case 'P': return kPsh;
    case 'A': return kAck;
    case 'U': return kUrg;
    case 'E':
    case '2': return kEce;
    case 'C':
    case '1': return kCwr;
    default: return std::nullopt;
  }
}

constexpr std::uint8_t kGroups[] = {wire::tcp_flag::kFin | wire::tcp_flag::kSyn | wire::tcp_flag::kRst,
                                    wire::tcp_flag::kUrg | wire::tcp_flag::kEce | wire::tcp_flag::kCwr};

Error unknown(char letter) {
  return refuse(std::string("flags: '") + letter + "' is not a flag",
                "write F S R P A U E (or 2) C (or 1), or 0 for none of them; before them +, * or !");
}

}  // namespace

Status FlagCondition::read(char letter) {
  const bool modifier = letter == '+' || letter == '*' || letter == '!';
  if (modifier && wanted_ != Wanted::exactly)
    return refuse("flags: more than one of +, * and !", "keep one of them");
  if (modifier) {
    wanted_ = letter == '+' ? Wanted::and_others : letter == '*' ? Wanted::one_of : Wanted::not_all;
    return success();
  }
  const auto flag = letter == '0' ? std::optional<std::uint8_t>(0) : flag_named(letter);
  if (!flag) return unknown(letter);
  flags_ = letter == '0' ? std::uint8_t{0} : static_cast<std::uint8_t>(flags_ | *flag);
  named_ = true;
  return success();
}

Result<FlagCondition> FlagCondition::parse(std::string_view text) {
  const auto parts = split(text, ',');
  if (parts.size() > 2) return refuse("flags: more than one ','", "write flags:S,12");
  FlagCondition out;
  std::string_view letters = parts[0];
  // Blanks may stand between the modifier and the letters.
  if (!letters.empty() && !flag_named(letters[0]) && letters[0] != '0') {
    if (const Status status = out.read(letters[0]); !status) return status.error();
    letters = trimmed(letters.substr(1));
  }
  for (const char letter : letters)
    if (const Status status = out.read(letter); !status) return status.error();
  if (!out.named_) return refuse("flags: no flag is named", "write letters of FSRPAUEC, or 0");
  if (parts.size() == 1) return out;
  if (parts[1].empty()) return refuse("flags: nothing after the ','", "write the flags not to look at: S,12");
  for (const char letter : parts[1]) {
    const auto flag = flag_named(letter);
    if (!flag) return unknown(letter);
    out.looked_at_ = static_cast<std::uint8_t>(out.looked_at_ & ~*flag);
  }
  return out;
}

bool FlagCondition::holds(std::uint8_t flags) const noexcept {
  for (const std::uint8_t group : kGroups)
    if ((flags_ & group) != 0 && (flags & group) == 0) return false;
  // The reference looks at a rule that names S in segments with a SYN alone, unless it is negated.
  if (wanted_ == Wanted::one_of && (flags_ & ~flags & wire::tcp_flag::kSyn) != 0) return false;
  if (flags_ == 0 && flags != 0) return wanted_ == Wanted::not_all;
  const auto seen = static_cast<std::uint8_t>(flags & looked_at_);
  switch (wanted_) {
    case Wanted::exactly: return seen == flags_;
    case Wanted::and_others: return (seen & flags_) == flags_;
    case Wanted::one_of: return (seen & flags_) != 0;
    case Wanted::not_all: return (seen & flags_) != flags_;
  }
  return false;
}

Status parse_flags(std::string_view args, Draft& draft) {
  const auto condition = FlagCondition::parse(args);
  if (!condition) return condition.error();
  return add_condition(
      draft, "flags", args, [wanted = condition.value()](const signature::PacketView& packet) noexcept {
        return packet.meta.transport == packet::Transport::tcp && wanted.holds(packet.meta.tcp.flags);
      });
}

}  // namespace mirrorscan::keywords
