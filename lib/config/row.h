#pragma once
// What the files with rows of the field table share: how a member of Config becomes a field. The member's
// type decides the field's type.

#include <array>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "config/fields.h"

namespace mirrorscan::config {

inline constexpr std::string_view kTrueOrFalse = "write true or false";
inline constexpr std::string_view kSeconds = "write seconds, from 1 to 604800 (a week)";
inline constexpr std::uint64_t kMaxU32 = std::numeric_limits<std::uint32_t>::max();
inline constexpr Range kWeek{1, 604'800};
inline constexpr Range kVni{0, 16'777'215};  // 24 bits, RFC 7348 section 5
inline constexpr Range kPort{1, 65'535};
inline constexpr Range kPath{1, 4'096};

template <class T>
struct Member;

template <>
struct Member<bool> {
  static constexpr Type kType = Type::boolean;
  static Value get(bool v) { return v; }
  static void set(bool& v, Value in) { v = std::get<bool>(in); }
};

template <class T>
requires std::is_unsigned_v<T>
struct Member<T> {
  static constexpr Type kType = Type::integer;
  static Value get(T v) { return std::uint64_t{v}; }
  static void set(T& v, Value in) { v = static_cast<T>(std::get<std::uint64_t>(in)); }
};

template <>
struct Member<std::string> {
  static constexpr Type kType = Type::string;
  static Value get(const std::string& v) { return v; }
  static void set(std::string& v, Value in) { v = std::get<std::string>(std::move(in)); }
};

/// The words of an enum, in the order of its values.
template <class Enum>
inline constexpr std::array<std::string_view, 0> kWords{};
template <>
inline constexpr std::array<std::string_view, 2> kWords<Profile>{"mirror", "reference"};
template <>
inline constexpr std::array<std::string_view, 3> kWords<Hugepages>{"auto", "always", "never"};
template <>
inline constexpr std::array<std::string_view, kOverlapPolicies> kWords<OverlapPolicy>{
    "windows", "bsd", "bsd-right", "linux", "old-linux", "solaris", "first", "last"};
template <>
inline constexpr std::array<std::string_view, 2> kWords<LogTarget>{"stderr", "syslog"};
template <>
inline constexpr std::array<std::string_view, 4> kWords<LogLevel>{"error", "warning", "info", "debug"};

template <class Enum>
requires std::is_enum_v<Enum>
struct Member<Enum> {
  static constexpr Type kType = Type::string;
  static Value get(Enum v) { return std::string(kWords<Enum>[static_cast<std::size_t>(v)]); }
  static void set(Enum& v, Value in) {
    for (std::size_t i = 0; i < kWords<Enum>.size(); ++i)
      if (kWords<Enum>[i] == std::get<std::string>(in)) v = static_cast<Enum>(i);
  }
};

template <class T>
requires std::is_unsigned_v<T>
struct Member<std::vector<T>> {
  static constexpr Type kType = Type::integers;
  static Value get(const std::vector<T>& v) { return std::vector<std::uint64_t>(v.begin(), v.end()); }
  static void set(std::vector<T>& v, Value in) {
    v.clear();
    for (const std::uint64_t n : std::get<std::vector<std::uint64_t>>(in)) v.push_back(static_cast<T>(n));
  }
};

template <>
struct Member<std::vector<std::string>> {
  static constexpr Type kType = Type::strings;
  static Value get(const std::vector<std::string>& v) { return v; }
  static void set(std::vector<std::string>& v, Value in) {
    v = std::get<std::vector<std::string>>(std::move(in));
  }
};

template <>
struct Member<Variables> {
  static constexpr Type kType = Type::string_map;
  static Value get(const Variables& v) { return v; }
  static void set(Variables& v, Value in) { v = std::get<Variables>(std::move(in)); }
};

template <class Element>
requires std::is_class_v<Element>
struct Member<std::vector<Element>> {
  static constexpr Type kType = Type::objects;
  static Value get(const std::vector<Element>& v) { return std::uint64_t{v.size()}; }
  static void set(std::vector<Element>& v, Value in) { v.resize(std::get<std::uint64_t>(in)); }
};

/// `Access` is a captureless lambda (config, element) -> member.
template <class Access>
Field row(Field field, Access) {
  using T = std::remove_cvref_t<decltype(Access{}(std::declval<Config&>(), 0))>;
  using Kind = Member<T>;
  field.type = Kind::kType;
  if constexpr (std::is_enum_v<T>) {
    field.form = Form::choice;
    field.value = {1, 16};
    field.choices = kWords<T>;
  }
  field.get = [](const Config& c, std::size_t i) { return Kind::get(Access{}(c, i)); };
  field.set = [](Config& c, std::size_t i, Value v) { Kind::set(Access{}(c, i), std::move(v)); };
  return field;
}

#define MEMBER(name)                  \
  [](auto& c, std::size_t) -> auto& { \
    return c.name;                    \
  }
#define ELEMENT(list, name)             \
  [](auto& c, std::size_t i) -> auto& { \
    return c.list[i].name;              \
  }

inline Field described(std::string_view path, std::string_view sentence, std::string_view remedy) {
  Field field;
  field.path = path;
  field.sentence = sentence;
  field.remedy = remedy;
  return field;
}

inline Field yes_no(std::string_view path, std::string_view sentence) {
  return described(path, sentence, kTrueOrFalse);
}

inline Field number(std::string_view path, Range value, std::string_view sentence, std::string_view remedy) {
  Field field = described(path, sentence, remedy);
  field.value = value;
  return field;
}

inline Field list(std::string_view path, Range value, Range items, std::string_view sentence,
                  std::string_view remedy) {
  Field field = number(path, value, sentence, remedy);
  field.items = items;
  return field;
}

/// A choice whose words come from its member, an enum.
inline Field choice(std::string_view path, std::string_view sentence, std::string_view remedy) {
  return described(path, sentence, remedy);
}

/// `length` in bytes.
inline Field text(std::string_view path, Range length, std::string_view sentence, std::string_view remedy) {
  return number(path, length, sentence, remedy);
}

// The sections of the table, in the order of the reference page.
void add_ports(std::vector<Field>& out);   // fields_ports.cpp: ports, workers, DPDK, exporter's CPUs
void add_output(std::vector<Field>& out);  // fields_output.cpp: output, log

}  // namespace mirrorscan::config
