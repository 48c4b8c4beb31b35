#include "keywords/meta.h"

#include <limits>

#include "keywords/arguments.h"

namespace mirrorscan::keywords {
namespace {

constexpr std::int64_t kMaxId = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kMostPriority = std::numeric_limits<std::int32_t>::max();  ///< the reference's

Status store(Result<std::int64_t> number, std::uint32_t& where) {
  if (!number) return number.error();
  where = static_cast<std::uint32_t>(number.value());
  return success();
}

}  // namespace

Status parse_msg(std::string_view args, Draft& draft) {
  if (!draft.rule.text.msg.empty()) return refuse("msg: given twice");
  const auto text = quoted(args, "msg");
  if (!text) return text.error();
  if (text.value().negated) return refuse("msg: cannot be negated");
  if (text.value().text.empty()) return refuse("msg: the text is empty");
  if (has_bare_quote(text.value().text))
    return refuse("msg: a quote inside the text",
                  "the quote that ends it may be missing; write \\\" for one in it");
  draft.rule.text.msg = unescaped(text.value().text);
  return success();
}

Status parse_sid(std::string_view args, Draft& draft) {
  if (draft.has_sid) return refuse("sid: given twice");
  draft.has_sid = true;
  return store(number_between(args, "sid", 1, kMaxId), draft.rule.sid);
}

Status parse_gid(std::string_view args, Draft& draft) {
  return store(number_between(args, "gid", 0, kMaxId), draft.rule.gid);
}

Status parse_rev(std::string_view args, Draft& draft) {
  if (draft.rule.rev != 0) return refuse("rev: given twice");
  return store(number_between(args, "rev", 0, kMaxId), draft.rule.rev);
}

Status parse_classtype(std::string_view args, Draft& draft) {
  constexpr std::string_view kNameChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  const std::string_view name = trimmed(args);
  if (!draft.rule.text.classtype.empty()) return refuse("classtype: given twice");
  if (name.empty() || name.find_first_not_of(kNameChars) != std::string_view::npos) {
    return refuse("classtype: '" + std::string(name) + "' is not a class name",
                  "write letters, digits, '-' and '_'");
  }
  draft.rule.text.classtype = name;
  return success();
}

Status parse_priority(std::string_view args, Draft& draft) {
  if (draft.priority_set) return refuse("priority: given twice");
  draft.priority_set = true;
  return store(number_between(args, "priority", 0, kMostPriority), draft.rule.priority);
}

Status parse_reference(std::string_view args, Draft& draft) {
  const std::size_t comma = args.find(',');
  const std::string_view system = trimmed(args.substr(0, comma));
  if (comma == std::string_view::npos || system.empty() || trimmed(args.substr(comma + 1)).empty()) {
    return refuse("reference: '" + std::string(args) + "' is not a system and an id",
                  "write reference:system,id such as reference:cve,2014-0160");
  }
  draft.rule.text.references.push_back({std::string(system), unescaped(trimmed(args.substr(comma + 1)))});
  return success();
}

Status parse_metadata(std::string_view args, Draft& draft) {
  for (const std::string_view pair : split(args, ',')) {
    if (pair.empty()) continue;
    const std::size_t space = pair.find_first_of(" \t");
    const std::string_view value = space == std::string_view::npos ? "" : trimmed(pair.substr(space));
    draft.rule.text.metadata.emplace_back(pair.substr(0, space), unescaped(value));
  }
  return success();
}

Status parse_target(std::string_view args, Draft& draft) {
  const std::string_view side = trimmed(args);
  if (side != "src_ip" && side != "dest_ip") {
    return refuse("target: '" + std::string(side) + "' is not a side", "write src_ip or dest_ip");
  }
  draft.rule.text.target = side;
  return success();
}

Status parse_noalert(std::string_view, Draft& draft) {
  draft.rule.noalert = true;
  draft.rule.pass_alerts = false;
  return success();
}

Status parse_alert(std::string_view, Draft& draft) {
  draft.rule.noalert = false;
  draft.rule.pass_alerts = true;
  return success();
}

Status parse_prefilter(std::string_view, Draft&) {
  return success();
}

}  // namespace mirrorscan::keywords
