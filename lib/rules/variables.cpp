#include "rules/variables.h"

#include <yaml-cpp/yaml.h>

#include "rules/file.h"
#include "rules/header_sets.h"
#include "rules/refusal.h"
#include "rules/text.h"

namespace mirrorscan::rules {

namespace {

Error error_at(const std::string& name, const YAML::Mark& mark, std::string what, std::string remedy) {
  std::string where = name;
  if (!mark.is_null()) where.append(":").append(std::to_string(mark.line + 1));
  return {where, std::move(what), std::move(remedy)};
}

using Lines = std::map<std::string, YAML::Mark, std::less<>>;

// One of the two groups; what it lacks is not an error.
Status read_group(const std::string& name, const YAML::Node& group, Variables::Map& out, Lines& lines) {
  if (!group || group.IsNull()) return success();
  if (!group.IsMap())
    return error_at(name, group.Mark(), "not a map of variables", "write NAME: \"expression\"");
  for (const auto& entry : group) {
    const std::string key = entry.first.as<std::string>("");
    if (!entry.second.IsScalar() || trimmed(entry.second.Scalar()).empty()) {
      return error_at(name, entry.second.Mark(), "the value of " + quoted(key) + " is not an expression",
                      "put lists and negations in quotes: \"[a,!b]\"");
    }
    out.insert_or_assign(key, entry.second.Scalar());
    lines.insert_or_assign(key, entry.second.Mark());
  }
  return success();
}

template <class Evaluate>
Status check_group(const std::string& name, const Variables::Map& group, const Lines& lines,
                   Evaluate evaluate) {
  for (const auto& [key, expression] : group) {
    try {
      static_cast<void>(evaluate(expression));
    } catch (const Refusal& refusal) {
      return error_at(name, lines.at(key), "variable " + key + ": " + refusal.what(), refusal.remedy());
    }
  }
  return success();
}

Result<Variables> from_tree(const std::string& name, const YAML::Node& root) {
  const YAML::Node vars = root.IsMap() ? root["vars"] : YAML::Node(YAML::NodeType::Undefined);
  if (!vars || !vars.IsMap())
    return Error{name, "no map 'vars' at the top", "write vars: address-groups: ..."};
  Variables out;
  Lines address_lines, port_lines;
  if (auto s = read_group(name, vars["address-groups"], out.addresses, address_lines); !s) return s.error();
  if (auto s = read_group(name, vars["port-groups"], out.ports, port_lines); !s) return s.error();
  const auto addresses = [&](const std::string& text) { return address_set(text, out); };
  const auto ports = [&](const std::string& text) { return port_set(text, out); };
  if (auto s = check_group(name, out.addresses, address_lines, addresses); !s) return s.error();
  if (auto s = check_group(name, out.ports, port_lines, ports); !s) return s.error();
  return out;
}

}  // namespace

Result<Variables> parse_variables(const std::string& name, const std::string& text) {
  try {
    return from_tree(name, YAML::Load(text));
  } catch (const YAML::Exception& error) {
    return error_at(name, error.mark, "not valid YAML: " + error.msg, {});
  }
}

Result<Variables> read_variables(const std::string& path) {
  Result<std::string> text = read_file(path);
  if (!text) return text.error();
  return parse_variables(path, text.value());
}

}  // namespace mirrorscan::rules
