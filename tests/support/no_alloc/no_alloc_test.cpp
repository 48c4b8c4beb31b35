// Proof that the counter counts; the test program that needs it (the worker's loop) trusts it.

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "support/catch.h"
#include "support/no_alloc/call_count.h"

using mirrorscan::support::CallCount;
using mirrorscan::support::Counted;

namespace {

const CallCount calls;

// Read and written where the compiler cannot see it, so that no call is optimised away.
void* volatile sink = nullptr;

void allocate_and_free() {
  sink = std::malloc(32);
  std::free(sink);
}

}  // namespace

TEST_CASE("the counter is preloaded") {
  REQUIRE(calls.loaded());
}

TEST_CASE("a loop that only computes counts nothing") {
  std::uint64_t sum = 0;
  {
    const Counted counted(calls);
    for (std::uint64_t i = 0; i < 1000; ++i) sum += i * i;
  }
  CHECK(sum == 332833500);
  CHECK(calls.get("all") == 0);
  CHECK(calls.text().empty());
}

TEST_CASE("a deliberate allocation is caught") {
  {
    const Counted counted(calls);
    allocate_and_free();
  }
  CHECK(calls.get("malloc") == 1);
  CHECK(calls.get("free") == 1);
  CHECK(calls.text() == "malloc 1, free 1");
}

TEST_CASE("new and delete are caught through malloc and free") {
  {
    const Counted counted(calls);
    auto text = std::make_unique<std::string>(100, 'x');
    sink = text.get();
  }
  CHECK(calls.get("malloc") == 2);
  CHECK(calls.get("free") == 2);
}

TEST_CASE("every other way to allocate is caught") {
  {
    const Counted counted(calls);
    sink = std::calloc(2, 8);
    sink = std::realloc(sink, 64);
    std::free(sink);
    sink = std::aligned_alloc(64, 64);
    std::free(sink);
    void* block = nullptr;
    CHECK(posix_memalign(&block, 64, 64) == 0);
    std::free(block);
  }
  CHECK(calls.get("calloc") == 1);
  CHECK(calls.get("realloc") == 1);
  CHECK(calls.get("aligned_alloc") == 1);
  CHECK(calls.get("posix_memalign") == 1);
}

TEST_CASE("locks and condition variables are caught") {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  timespec past{};
  {
    const Counted counted(calls);
    pthread_mutex_lock(&mutex);
    pthread_cond_timedwait(&condition, &mutex, &past);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_trylock(&mutex);
    pthread_mutex_unlock(&mutex);
    pthread_cond_signal(&condition);
    pthread_cond_broadcast(&condition);
  }
  CHECK(calls.get("pthread_mutex_lock") == 1);
  CHECK(calls.get("pthread_mutex_trylock") == 1);
  CHECK(calls.get("pthread_mutex_unlock") == 2);
  CHECK(calls.get("pthread_cond_timedwait") == 1);
  CHECK(calls.get("pthread_cond_signal") == 1);
  CHECK(calls.get("pthread_cond_broadcast") == 1);
}

TEST_CASE("a condition variable still wakes its waiter") {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  bool ready = false;
  std::thread waker([&] {
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&mutex);
  });
  pthread_mutex_lock(&mutex);
  while (!ready) pthread_cond_wait(&condition, &mutex);
  pthread_mutex_unlock(&mutex);
  waker.join();
  CHECK(ready);
}

TEST_CASE("a futex call is caught, another system call is not") {
  std::uint32_t word = 0;
  {
    const Counted counted(calls);
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    CHECK(syscall(SYS_getpid) == getpid());
  }
  CHECK(calls.get("futex") == 1);
}

TEST_CASE("a thread that is not armed is not counted") {
  std::atomic<int> stage = 0;  // 1: this thread is armed, 2: the other one has allocated
  std::thread other([&] {
    while (stage != 1) std::this_thread::yield();
    allocate_and_free();
    stage = 2;
  });
  {
    const Counted counted(calls);
    stage = 1;
    while (stage != 2) std::this_thread::yield();
  }
  other.join();
  CHECK(calls.text().empty());
}

TEST_CASE("an unknown name cannot be taken for zero") {
  CHECK(calls.get("mallok") == ~std::uint64_t{0});
}
