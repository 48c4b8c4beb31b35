#include "config/default_node.h"

namespace mirrorscan::config {
namespace {

Node to_node(bool v) {
  return {v};
}
Node to_node(std::uint64_t v) {
  return {v};
}
Node to_node(const std::string& v) {
  return {v};
}
template <class T>
Node to_node(const std::vector<T>& list) {
  Node::List out;
  for (const T& v : list) out.push_back(to_node(v));
  return {std::move(out)};
}
Node to_node(const Variables& map) {
  Node::Object out;
  for (const auto& [key, v] : map) out.push_back({key, {v}});
  return {std::move(out)};
}

}  // namespace

Node default_node(const Field& field, const Config& config) {
  if (field.type == Type::objects) return {Node::List{}};
  if (!is_element_field(field))
    return std::visit([](const auto& v) { return to_node(v); }, field.get(config, 0));
  Config one = config;
  for (const Field& list : fields())
    if (list.type == Type::objects) list.set(one, 0, std::uint64_t{1});
  return std::visit([](const auto& v) { return to_node(v); }, field.get(one, 0));
}

}  // namespace mirrorscan::config
