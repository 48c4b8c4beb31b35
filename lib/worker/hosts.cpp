// Matches that depend on the state of hosts: asked of the worker that keeps it, and answered here for others.

#include <rte_pause.h>

#include "steer/steer.h"
#include "worker/worker.h"

namespace mirrorscan::worker {

using alert::HostAnswer;
using alert::Match;
using alert::Telling;
using ledger::Counter;
using record::Record;

namespace {

[[nodiscard]] hosts::Question question_of(const signature::Rule& rule, const Record& r, const Match& match,
                                          std::uint32_t window) noexcept {
  hosts::Question q;
  q.rule = (std::uint64_t{rule.gid} << 32) | rule.sid;
  q.tenant = r.tenant;
  q.version = r.version;
  q.src = r.src;
  q.dst = r.dst;
  q.flow_id = r.flow_id;
  // What has matched is remembered with the stream only where no condition of a host can void it.
  if (match.matched == alert::Matched::stream && !rule.host.conditions.empty())
    q.once_in = alert::window_of(rule, match.stream_offset, window) * 2 + index_of(match.direction);
  return q;
}

}  // namespace

bool Worker::in_order() const noexcept {
  return place_.exchange != nullptr && place_.exchange->order() == Order::by_capture_index;
}

HostAnswer Worker::ask_hosts(FlowState& flow, const Match& match, Telling telling, const Record& r) noexcept {
  const ruleset::Ruleset& rules = *generations_[flow.generation]->rules;
  const signature::Rule& rule = rules.rules[match.rule];
  const bool silenced = hosts::suppressed(rule.host, r.version, r.src, r.dst);
  const bool may_alert = telling == Telling::alert && !silenced;
  if (telling == Telling::alert && silenced) counters_.add(Counter::alerts_thresholded);
  if (!rule.host.needs_state()) return may_alert ? HostAnswer::tell : HostAnswer::not_now;
  HostQuery query{deciding_, question_of(rule, r, match, rules.window), r};
  query.question.only_conditions = telling == Telling::conditions_only;
  // A `pass` counts although it is not told: its threshold decides whether it passes.
  query.question.may_alert = may_alert || (rule.action == signature::Action::pass && !silenced);
  query.question.now = Timestamp{deciding_.time_us};
  query.told = may_alert;
  const std::uint32_t owner =
      steer::owner(hosts::owner_hash(rule.host, query.question, settings_.steer_seed), workers());
  if (rule.host.urgent) return answer_of(rule, ask_now(query, owner));
  if (!may_alert && rule.host.conditions.empty() && rule.host.effects.empty()) return HostAnswer::not_now;
  flow.alert.alerted |= may_alert && rule.host.conditions.empty();
  send_query(query, owner);
  return HostAnswer::not_now;
}

HostAnswer Worker::answer_of(const signature::Rule& rule, std::optional<hosts::Answer> answer) noexcept {
  // Not known in time: a `pass` rather hides nothing.
  if (!answer) return rule.action == signature::Action::pass ? HostAnswer::no_action : HostAnswer::not_now;
  switch (*answer) {
    case hosts::Answer::alerts: return HostAnswer::tell;
    case hosts::Answer::no_match:
    case hosts::Answer::silent: break;
    case hosts::Answer::exceeds:
      counters_.add(Counter::alerts_thresholded);
      if (rule.action == signature::Action::pass) break;  // what it lets go is what it could have told
      return rule.host.threshold->silent_beyond_rate ? HostAnswer::pass : HostAnswer::not_now;
  }
  return HostAnswer::no_action;
}

std::optional<hosts::Answer> Worker::ask_now(HostQuery& query, std::uint32_t owner) noexcept {
  const signature::HostPart& part = generations_.back()->rules->rules[query.record.alert.rule].host;
  if (workers() == 1 || (!in_order() && owner == place_.self)) {
    if (in_order()) {  // what was asked before is answered before
      while (!host_queries_.send()) (void)answer_queries();
      (void)answer_queries();
    }
    return hosts_.ask(part, query.question);
  }
  if (!in_order()) {
    if (!query.question.only_conditions) send_query(query, owner);
    return std::nullopt;
  }
  query.ticket = ++ticket_;
  query.sender = place_.self;
  if (!host_queries_.add(query, owner)) {
    counters_.add(Counter::host_matches_lost);
    return std::nullopt;
  }
  Reply& reply = place_.exchange->reply(place_.self);
  while (reply.ticket.load(std::memory_order_acquire) != ticket_) {
    (void)host_queries_.send();
    host_queries_.set_floor({});
    (void)answer_queries();
    send_in_order();
    rte_pause();
  }
  return reply.answer;
}

void Worker::send_query(const HostQuery& query, std::uint32_t owner) noexcept {
  if (in_order()) {
    if (!host_queries_.add(query, owner)) counters_.add(Counter::host_matches_lost);
    return;
  }
  if (owner == place_.self || place_.exchange == nullptr) return answer(query);
  QueryRing& inbox = place_.exchange->queries(place_.self, owner);
  while (!inbox.try_push(query)) {
    if (settings_.when_full == WhenFull::drop) return counters_.add(Counter::host_matches_lost);
    (void)answer_queries();  // the owner may be waiting for room here
    rte_pause();
  }
}

void Worker::answer(const HostQuery& query) noexcept {
  alert::Generation& generation = *generations_.back();
  const Record& r = query.record;
  const signature::Rule& rule = generation.rules->rules[r.alert.rule];
  const hosts::Answer answer = hosts_.ask(rule.host, query.question);
  if (query.ticket != 0) {
    Reply& reply = place_.exchange->reply(query.sender);
    reply.answer = answer;
    reply.ticket.store(query.ticket, std::memory_order_release);
    return;
  }
  switch (answer) {
    case hosts::Answer::no_match: return;
    case hosts::Answer::silent:
    case hosts::Answer::exceeds:
      if (query.told) counters_.add(Counter::alerts_thresholded);
      return;
    case hosts::Answer::alerts: break;
  }
  if (!query.told || !inspector_.may_tell(generation, r.alert.rule, r.time)) return;
  ++ledgers_[ledgers_.slot_of(r.tunnel.vni)].alerts;
  push(r);
}

std::size_t Worker::answer_queries() noexcept {
  if (!asks_hosts_ || place_.exchange == nullptr) return 0;
  std::size_t answered = 0;
  if (in_order()) {
    for (const HostQuery* query = host_queries_.front(); query != nullptr; query = host_queries_.front()) {
      answer(*query);
      host_queries_.pop();
      ++answered;
    }
    return answered;
  }
  for (std::uint32_t peer = 0; peer < workers(); ++peer) {
    QueryRing& inbox = place_.exchange->queries(peer, place_.self);
    for (std::size_t left = inbox.size(); left > 0; --left) {
      HostQuery query;
      if (!inbox.try_pop(query)) break;
      answer(query);
      ++answered;
    }
  }
  return answered;
}

/// Serves what is due before the next packet, or before the first that can still come, and says that nothing
/// before it will be asked any more. False while queries wait for room.
bool Worker::reach(Timestamp time, std::uint64_t index) noexcept {
  if (!asks_hosts_) return true;
  if (!host_queries_.send()) {
    host_queries_.set_floor({});
    return false;
  }
  serve_timeouts(time);
  const bool sent = host_queries_.send();
  host_queries_.set_floor({now_.us, index == Exchange::kEnd ? kAtEnd - 1 : index + 1, 0});
  return sent;
}

/// Second by second, so that what a hole or a flow's end decides comes in the order of its time.
void Worker::serve_timeouts(Timestamp time) noexcept {
  constexpr std::int64_t kSecond = Duration::seconds(1).us;
  for (;;) {
    const Timestamp next{(now_.us / kSecond + 1) * kSecond};
    if (next > time || flows_.size() == 0) break;
    now_ = next;
    give_up_holes(now_);
    expire(now_);
  }
  const std::int64_t second = now_.us / kSecond;
  now_ = std::max(now_, time);
  give_up_holes(now_);
  if (now_.us / kSecond != second) expire(now_);
}

bool Worker::hosts_settled() noexcept {
  if (!asks_hosts_ || !in_order()) return true;
  (void)answer_queries();
  if (host_queries_.send())
    host_queries_.set_floor(kNothingMore);
  else
    host_queries_.set_floor({});
  (void)answer_queries();
  return host_queries_.all_done();
}

}  // namespace mirrorscan::worker
