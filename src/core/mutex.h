// Mutex and MutexLock: std::mutex that clang's -Wthread-safety can follow. GCC ignores the marks.
#pragma once
#include <mutex>

#if defined(__clang__)
#define HYDRANT_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define HYDRANT_THREAD_ATTRIBUTE(x)
#endif

#define GUARDED_BY(x) HYDRANT_THREAD_ATTRIBUTE(guarded_by(x))
#define REQUIRES(...) HYDRANT_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) HYDRANT_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))

namespace hydrant {

class HYDRANT_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  void lock() HYDRANT_THREAD_ATTRIBUTE(acquire_capability()) { mutex_.lock(); }
  void unlock() HYDRANT_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }
  std::mutex& native() { return mutex_; }  // for a condition_variable

 private:
  std::mutex mutex_;
};

class HYDRANT_THREAD_ATTRIBUTE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) HYDRANT_THREAD_ATTRIBUTE(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() HYDRANT_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace hydrant
