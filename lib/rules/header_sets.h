#pragma once
// Address and port expressions of rule headers as sets, each text evaluated once.

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "rules/variables.h"
#include "signature/sets.h"

namespace mirrorscan::rules {

/// Throws Refusal. Addresses: `any`, IPv4 or IPv6, with /bits or an IPv4 /netmask, a-b; ports: `any`, n, a:b,
/// a:, :b.
[[nodiscard]] signature::AddressSet address_set(std::string_view text, const Variables& variables);
[[nodiscard]] signature::PortSet port_set(std::string_view text, const Variables& variables);

/// Remembers the sets of all texts: a file has many rules but few different expressions.
class HeaderSets {
 public:
  explicit HeaderSets(const Variables& variables) : variables_(variables) {}
  [[nodiscard]] const signature::AddressSet& addresses(std::string_view text);
  [[nodiscard]] const signature::PortSet& ports(std::string_view text);
  /// Whether a `!` stands in the expression or in a variable that it uses. The expression is one that
  /// addresses() has accepted.
  [[nodiscard]] bool negates_addresses(std::string_view text) const;

 private:
  const Variables& variables_;
  std::map<std::string, signature::AddressSet, std::less<>> addresses_;
  std::map<std::string, signature::PortSet, std::less<>> ports_;
};

}  // namespace mirrorscan::rules
