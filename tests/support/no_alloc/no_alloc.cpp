// Preloaded (LD_PRELOAD) into a test program, counts what a hot loop must never do: allocate, lock, wait. A
// thread is counted only between mirrorscan_count_arm() and mirrorscan_count_disarm().
//
// The allocator is forwarded to glibc's own names, because looking up the next malloc with dlsym would itself
// allocate. operator new and delete come here through malloc and free. Counters are process-wide, the switch
// is per thread; its TLS model is initial-exec, because a dynamic one may allocate on first use.

#include <dlfcn.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>

extern "C" {
void* __libc_malloc(std::size_t size);                           // NOLINT(bugprone-reserved-identifier)
void* __libc_calloc(std::size_t count, std::size_t size);        // NOLINT(bugprone-reserved-identifier)
void* __libc_realloc(void* block, std::size_t size);             // NOLINT(bugprone-reserved-identifier)
void* __libc_memalign(std::size_t alignment, std::size_t size);  // NOLINT(bugprone-reserved-identifier)
void __libc_free(void* block);                                   // NOLINT(bugprone-reserved-identifier)
}

namespace {

enum Call : std::size_t {
  kMalloc,
  kCalloc,
  kRealloc,
  kFree,
  kPosixMemalign,
  kAlignedAlloc,
  kMutexLock,
  kMutexTrylock,
  kMutexUnlock,
  kCondWait,
  kCondTimedwait,
  kCondSignal,
  kCondBroadcast,
  kFutex,
  kCalls
};

constexpr std::array<const char*, kCalls> kNames{"malloc",
                                                 "calloc",
                                                 "realloc",
                                                 "free",
                                                 "posix_memalign",
                                                 "aligned_alloc",
                                                 "pthread_mutex_lock",
                                                 "pthread_mutex_trylock",
                                                 "pthread_mutex_unlock",
                                                 "pthread_cond_wait",
                                                 "pthread_cond_timedwait",
                                                 "pthread_cond_signal",
                                                 "pthread_cond_broadcast",
                                                 "futex"};

std::array<std::atomic<std::uint64_t>, kCalls> counts;
__attribute__((tls_model("initial-exec"))) thread_local bool armed = false;

void count(Call call) {
  if (armed) counts[call].fetch_add(1, std::memory_order_relaxed);
}

/// The next library's function. Condition variables exist twice in glibc on x86-64; dlsym may give the old
/// one.
template <class Function>
Function next(const char* name) {
  void* found = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
  if (found == nullptr) found = dlsym(RTLD_NEXT, name);
  return reinterpret_cast<Function>(found);
}

using MutexCall = int (*)(pthread_mutex_t*);
using CondCall = int (*)(pthread_cond_t*);
using CondWait = int (*)(pthread_cond_t*, pthread_mutex_t*);
using CondTimedwait = int (*)(pthread_cond_t*, pthread_mutex_t*, const timespec*);
using Syscall = long (*)(long, long, long, long, long, long, long);

/// Forwards to `name`, looked up once; a race of two threads stores the same address twice.
template <class Function, class... Args>
auto forward(std::atomic<Function>& known, const char* name, Args... args) {
  Function function = known.load(std::memory_order_relaxed);
  if (function == nullptr) {
    const bool was_armed = armed;
    armed = false;  // what the lookup does is not the program's doing
    function = next<Function>(name);
    armed = was_armed;
    known.store(function, std::memory_order_relaxed);
  }
  return function(args...);
}

std::atomic<MutexCall> next_lock, next_trylock, next_unlock;
std::atomic<CondWait> next_wait;
std::atomic<CondTimedwait> next_timedwait;
std::atomic<CondCall> next_signal, next_broadcast;
std::atomic<Syscall> next_syscall;

}  // namespace

extern "C" {

void mirrorscan_count_arm() {
  armed = true;
}

void mirrorscan_count_disarm() {
  armed = false;
}

void mirrorscan_count_reset() {
  for (auto& n : counts) n.store(0, std::memory_order_relaxed);
}

/// Counted calls of `name` by all armed threads; "all" is their sum, an unknown name gives all ones.
std::uint64_t mirrorscan_count_get(const char* name) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kCalls; ++i) {
    if (std::strcmp(name, kNames[i]) == 0) return counts[i].load(std::memory_order_relaxed);
    sum += counts[i].load(std::memory_order_relaxed);
  }
  return std::strcmp(name, "all") == 0 ? sum : ~std::uint64_t{0};
}

/// The name of the i-th thing counted, or null beyond the last.
const char* mirrorscan_count_name(std::size_t i) {
  return i < kCalls ? kNames[i] : nullptr;
}

void* malloc(std::size_t size) {
  count(kMalloc);
  return __libc_malloc(size);
}

void* calloc(std::size_t n, std::size_t size) {
  count(kCalloc);
  return __libc_calloc(n, size);
}

void* realloc(void* block, std::size_t size) {
  count(kRealloc);
  return __libc_realloc(block, size);
}

void free(void* block) {
  count(kFree);
  __libc_free(block);
}

int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
  count(kPosixMemalign);
  if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
  void* made = __libc_memalign(alignment, size);
  if (made == nullptr) return ENOMEM;
  *block = made;
  return 0;
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count(kAlignedAlloc);
  return __libc_memalign(alignment, size);
}

int pthread_mutex_lock(pthread_mutex_t* mutex) {
  count(kMutexLock);
  return forward(next_lock, "pthread_mutex_lock", mutex);
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) {
  count(kMutexTrylock);
  return forward(next_trylock, "pthread_mutex_trylock", mutex);
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) {
  count(kMutexUnlock);
  return forward(next_unlock, "pthread_mutex_unlock", mutex);
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  count(kCondWait);
  return forward(next_wait, "pthread_cond_wait", condition, mutex);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  count(kCondTimedwait);
  return forward(next_timedwait, "pthread_cond_timedwait", condition, mutex, until);
}

int pthread_cond_signal(pthread_cond_t* condition) {
  count(kCondSignal);
  return forward(next_signal, "pthread_cond_signal", condition);
}

int pthread_cond_broadcast(pthread_cond_t* condition) {
  count(kCondBroadcast);
  return forward(next_broadcast, "pthread_cond_broadcast", condition);
}

/// The futex a program calls itself. glibc's own futex calls are inline, but only its locks make them, which
/// are counted above.
long syscall(long number, ...) {
  if (number == SYS_futex) count(kFutex);
  std::array<long, 6> a{};
  va_list list;
  va_start(list, number);
  for (long& argument : a) argument = va_arg(list, long);
  va_end(list);
  return forward(next_syscall, "syscall", number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

}  // extern "C"
