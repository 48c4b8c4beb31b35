"""Words that belong to one kind of room: exceptions, locks, clocks, and the names of each library."""

import dataclasses
import re

from . import source
from .breach import Breach
from .tree import Finding

NAME = "words"
SENTENCE = "exceptions, locks, clocks and library names stay in their rooms"


@dataclasses.dataclass(frozen=True)
class Rule:
    """`pattern` may be found in code only where `allowed(file, room)` says so; `sentence` says where that is."""

    pattern: str
    sentence: str
    allowed: object
    include: str = ""  # a pattern for the names of includes, which the rule covers too


def only_below(*prefixes):
    return lambda file, room: any(file.path.startswith(prefix + "/") for prefix in prefixes)


def in_file(path):
    return lambda file, room: file.path == path


def not_in_hot_rooms_but(*rooms):
    return lambda file, room: room is None or not room.hot or room.name in rooms


def in_rooms_that_list(library, *others):
    """Rooms whose row in lib/meson.build lists the library, and folders given by path."""
    below = only_below(*others)
    return lambda file, room: below(file, room) or (room is not None and library in room.libraries)


RULES = [
    Rule(r"\b(throw|try|catch)\b", "exceptions belong to the cold rooms", not_in_hot_rooms_but()),
    Rule(
        r"\b(std::)?(recursive_|timed_|shared_)?mutex\b|\bstd::(lock_guard|unique_lock|scoped_lock|shared_lock"
        r"|condition_variable\w*|call_once|counting_semaphore|binary_semaphore|latch|barrier)\b"
        r"|\bpthread_(mutex|cond|rwlock|spin)\w*|\brte_(spinlock|rwlock|ticketlock|mcslock)\w*|\bflockfile\b",
        "no locks in hot rooms: state is per lcore",
        not_in_hot_rooms_but(),
        r"<(mutex|shared_mutex|condition_variable|semaphore|latch|barrier)>",
    ),
    Rule(
        r"\b\w*_clock::now\b|\bchrono::\w+_clock\b|\b(clock_gettime|gettimeofday|std::time)\b",
        "no clocks in hot rooms: time comes with the burst",
        not_in_hot_rooms_but("worker"),
    ),
    Rule(
        r"\b(__rdtscp?|_rdtsc|__builtin_ia32_rdtscp?|__builtin_readcyclecounter|asm|__asm__)\b",
        "instructions that a compiler has no word for stand in lib/base/cycles.h",
        in_file("lib/base/cycles.h"),
        r"<(x86|imm|am)\w*intrin\.h>",
    ),
    Rule(
        r"\bcycle_count\b",
        "of the hot rooms only alert counts cycles, to tell what rules cost: time comes with the burst",
        lambda file, room: file.path in ("lib/base/cycles.h", "lib/base/stage_cycles.h")
        or not_in_hot_rooms_but("alert")(file, room),
    ),
    Rule(
        r"\brte_(rdtsc\w*|get_(tsc|timer)_cycles|get_tsc_hz)\b",
        "the clock is read by worker, engine and bench only",
        only_below("lib/worker", "lib/engine", "lib/bench", "tests", "apps"),
    ),
    Rule(r"\bstd::function\b", "no std::function in hot rooms", not_in_hot_rooms_but(), r"<functional>"),
    Rule(r"\bthread_local\b|\b__thread\b", "no thread-locals: pass state as a parameter", only_below("tests")),
    Rule(
        r"\b(rte|RTE)_[a-zA-Z]\w*",
        "DPDK belongs to the rooms that list it in lib/meson.build, and to drivers",
        in_rooms_that_list("dpdk", "drivers", "tests"),
        r"<rte_",
    ),
    Rule(
        r"\brte_eth_\w+",
        "the ethdev API belongs to drivers, engine and sender (which transmits; the others only receive)",
        only_below("drivers", "lib/engine", "lib/sender", "tests"),
        r"<rte_ethdev",
    ),
    Rule(
        r"\b(hs|HS)_[a-zA-Z]\w*",
        "Hyperscan belongs to the rooms that list it in lib/meson.build",
        in_rooms_that_list("hyperscan", "tests"),
        r"<hs/|<hs[._]",
    ),
    Rule(
        r"\bhs_(scan\w*|(open|close|reset|copy)\w*_stream|reset_and_copy_stream)\b",
        "matching belongs to match",
        only_below("lib/match", "tests"),
    ),
    Rule(r"\bhs_compile\w*", "compiling patterns belongs to rules", only_below("lib/rules", "tests")),
    Rule(
        r"\bnlohmann\b",
        "JSON belongs to config (in) and exporter (out)",
        in_rooms_that_list("json", "tests"),
        r"<nlohmann/",
    ),
    Rule(r"\bYAML::", "YAML belongs to rules", in_rooms_that_list("yaml", "tests"), r"<yaml-cpp/"),
    Rule(r"\bpcre2_\w+|\bPCRE2_\w+", "PCRE2 belongs to keywords", in_rooms_that_list("pcre2", "tests"), r"<pcre2"),
    Rule(r"\bCLI::|\bargv\b", "the command line belongs to apps", only_below("apps", "tests"), r"<CLI/"),
    Rule(r"\bspdlog\b", "logging belongs to engine and apps", in_rooms_that_list("spdlog", "apps"), r"<spdlog/"),
]


def check(tree):
    for file in tree.cpp:
        room = tree.rooms.get(file.room)
        for rule in RULES:
            if not rule.allowed(file, room):
                yield from _breaches_of(rule, file)


def _breaches_of(rule, file):
    for match in re.finditer(rule.pattern, file.code):
        yield Finding(NAME, file.path, f"'{match[0]}': {rule.sentence}", source.line_of(file.code, match.start()))
    for line, name in file.includes:
        if rule.include and re.match(rule.include, name):
            yield Finding(NAME, file.path, f"{name}: {rule.sentence}", line)


def _planted(path, code, finds):
    return Breach(path, code + "\n", finds)


BREACHES = [
    _planted("lib/flow/planted.cpp", "void f() { throw 1; }", "'throw'"),
    _planted("lib/flow/planted.cpp", "void f() { try { g(); } catch (...) {} }", "'catch'"),
    _planted("lib/ring/planted.cpp", "std::mutex m;", "no locks"),
    _planted("lib/worker/planted.cpp", "#include <mutex>", "no locks"),
    _planted("lib/alert/planted.cpp", "void f() { pthread_mutex_lock(&m); }", "no locks"),
    _planted("lib/alert/planted.cpp", "std::lock_guard<M> guard(m);", "no locks"),
    _planted("lib/dedup/planted.cpp", "auto t = std::chrono::steady_clock::now();", "no clocks"),
    _planted("lib/flow/planted.cpp", "void f() { clock_gettime(CLOCK_REALTIME, &t); }", "no clocks"),
    _planted("lib/flow/planted.cpp", "auto t = __rdtsc();", "lib/base/cycles.h"),
    _planted("lib/alert/planted.cpp", "#include <x86intrin.h>", "lib/base/cycles.h"),
    _planted("lib/engine/planted.cpp", 'void f() { asm volatile("mrs %0, cntvct_el0" : "=r"(t)); }', "lib/base/cycles.h"),
    _planted("lib/dedup/planted.cpp", "auto t = mirrorscan::cycle_count();", "only alert counts cycles"),
    _planted("lib/defrag/planted.cpp", "auto t = rte_rdtsc();", "read by worker, engine and bench only"),
    _planted("lib/alert/planted.cpp", "std::function<void()> f;", "no std::function"),
    _planted("lib/base/planted.h", "thread_local int n;", "no thread-locals"),
    _planted("lib/flow/planted.cpp", "void f(rte_mbuf* m);", "DPDK belongs"),
    _planted("apps/mirrorscan/planted.cpp", "#include <rte_mbuf.h>", "DPDK belongs"),
    _planted("lib/worker/planted.cpp", "void f() { rte_eth_rx_burst(0, 0, m, 32); }", "ethdev API"),
    _planted("lib/alert/planted.cpp", "hs_scratch_t* s;", "Hyperscan belongs"),
    _planted("lib/rules/planted.cpp", "void f() { hs_scan(d, p, n, 0, s, cb, c); }", "matching belongs"),
    _planted("lib/match/planted.cpp", "void f() { hs_compile_multi(); }", "compiling patterns"),
    _planted("lib/rules/planted.cpp", "#include <nlohmann/json.hpp>", "JSON belongs"),
    _planted("lib/config/planted.cpp", "YAML::Node n;", "YAML belongs"),
    _planted("lib/alert/planted.cpp", "#include <pcre2.h>", "PCRE2 belongs"),
    _planted("lib/engine/planted.cpp", "int f(int argc, char** argv);", "command line"),
    _planted("lib/worker/planted.cpp", "#include <spdlog/spdlog.h>", "logging belongs"),
    Breach(
        "lib/flow/planted.cpp",
        '// throw, std::mutex, rte_mbuf\n/* try hs_scan( */ const char* a = "catch \\" rte_rdtsc()";\n'
        'auto b = R"x(std::mutex ")x"; constexpr int n = 1\'000\'000; char c = \'"\'; int retry, catches;\n',
        harmless=True,
    ),
]
