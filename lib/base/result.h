#pragma once
// The cold side's error type: a value, or one clear sentence that says where, what, and what to do about it.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace mirrorscan {

/// What has to happen before the same attempt can succeed.
enum class Until : std::uint8_t {
  changed,    ///< somebody changes what was asked for
  elsewhere,  ///< the same; but on another machine it may be right
  it_passes,  ///< nothing: something is busy, or not there yet
};

struct Error {
  std::string where;   ///< file and line, config path, or option; may be empty
  std::string what;    ///< what is wrong
  std::string remedy;  ///< what to write or do instead; may be empty
  Until until = Until::changed;

  /// "where: what; remedy", parts that are empty left out.
  [[nodiscard]] std::string text() const {
    std::string out = where.empty() ? what : where + ": " + what;
    if (!remedy.empty()) out += "; " + remedy;
    return out;
  }
};

/// A T or an Error. value() may only be called after ok().
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}  // NOLINT(google-explicit-constructor): `return value;`
  Result(Error error)
      : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor): `return Error{...};`

  [[nodiscard]] bool ok() const noexcept { return std::holds_alternative<T>(state_); }
  explicit operator bool() const noexcept { return ok(); }
  [[nodiscard]] T& value() & noexcept { return *std::get_if<T>(&state_); }
  [[nodiscard]] const T& value() const& noexcept { return *std::get_if<T>(&state_); }
  [[nodiscard]] T&& value() && noexcept { return std::move(*std::get_if<T>(&state_)); }
  [[nodiscard]] const Error& error() const noexcept { return *std::get_if<Error>(&state_); }

 private:
  std::variant<T, Error> state_;
};

/// For functions that either succeed or say why not.
using Status = Result<std::monostate>;
[[nodiscard]] inline Status success() {
  return Status(std::monostate{});
}

}  // namespace mirrorscan
