#include "rules/parse.h"

#include <string>

#include "keywords/unsupported.h"
#include "keywords/validate.h"
#include "rules/classify.h"
#include "rules/header.h"
#include "rules/options.h"
#include "rules/refusal.h"
#include "rules/text.h"

namespace mirrorscan::rules {

namespace {

using keywords::Argument;

void apply(const Option& option, keywords::Draft& draft) {
  const keywords::Keyword* keyword = keywords::find(option.name);
  if (keyword == nullptr) {
    if (const keywords::Unsupported* row = keywords::find_unsupported(option.name)) {
      throw Refusal("keyword '" + std::string(row->name) + "' is not supported: " + std::string(row->reason),
                    std::string(row->remedy));
    }
    throw Refusal("keyword " + quoted(option.name) + " is not supported",
                  "mirrorscan check --keywords lists those that are");
  }
  const std::string name(keyword->name);
  if (keyword->argument == Argument::none && !option.value.empty()) {
    throw Refusal("keyword '" + name + "' takes no value", "write " + name + ";");
  }
  if (keyword->argument == Argument::required && option.value.empty()) {
    throw Refusal("keyword '" + name + "' needs a value", "write " + name + ":value;");
  }
  const Status status = keyword->parse(option.value, draft);
  if (status.ok()) return;
  const std::string& what = status.error().what;
  throw Refusal(what.starts_with(name) ? what : name + ": " + what, status.error().remedy);
}

/// Without anything to look for in the stream `tcp-stream` means `tcp`, as in the reference.
bool is_bare_tcp_stream(const signature::Rule& rule) {
  return rule.scope == signature::Scope::stream && rule.flow.stream == signature::StreamMatch::any &&
         rule.payload.empty() && rule.packet.empty() && rule.headers.empty();
}

/// All its conditions on packets are `stream_size`, which the reference asks of the stream too.
bool has_only_stream_sizes(const keywords::Draft& draft) {
  return draft.stream_sizes > 0 && draft.stream_sizes == draft.rule.packet.size() &&
         draft.rule.headers.empty();
}

/// `stream_size` is decided on packets here, whatever else the rule says.
void take_stream_to_packets(signature::Rule& rule) {
  if (rule.scope == signature::Scope::stream) rule.scope = signature::Scope::any;
  if (rule.flow.stream == signature::StreamMatch::only_stream) rule.flow.stream = signature::StreamMatch::any;
}

}  // namespace

keywords::Draft parse_rule(std::string_view text, HeaderSets& sets) {
  keywords::Draft draft;
  const std::size_t options = parse_header(text, sets, draft);
  for (const Option& option : split_options(text.substr(options))) apply(option, draft);
  if (const Status status = keywords::validate(draft); !status.ok()) {
    throw Refusal(status.error().what, status.error().remedy);
  }
  if (has_only_stream_sizes(draft) && !packets_only(draft.rule)) take_stream_to_packets(draft.rule);
  if (is_bare_tcp_stream(draft.rule)) draft.rule.scope = signature::Scope::any;
  if (!draft.has_sid) throw Refusal("the rule has no sid", "add sid:NUMBER;");
  return draft;
}

}  // namespace mirrorscan::rules
