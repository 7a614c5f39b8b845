// Payload: bytes in one piece that grow at their end. Grown by realloc, which moves the pages of a
// large block where a std::string would copy them: a buffer of 128 MiB is never copied to be
// written.
#pragma once
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace hydrant::delivery {

class Payload {
 public:
  Payload() = default;
  Payload(Payload&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Payload& operator=(Payload&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    if (size_ + bytes.size() > capacity_) grow(size_ + bytes.size());
    std::memcpy(data_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  // Room for `bytes` more, to be filled by the caller; what it filled is then taken by commit().
  char* reserve_more(std::size_t bytes) {
    if (size_ + bytes > capacity_) grow(size_ + bytes);
    return data_.get() + size_;
  }
  void commit(std::size_t bytes) { size_ += bytes; }
  void reserve(std::size_t bytes) {
    if (bytes > capacity_) resize_block(bytes);
  }

  std::string_view view() const { return {data_.get(), size_}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t capacity() const { return capacity_; }
  void clear() { size_ = 0; }  // keeps the block
  void truncate(std::size_t bytes) { size_ = bytes; }

 private:
  struct Free {
    void operator()(char* block) const { std::free(block); }
  };
  void grow(std::size_t needed) { resize_block(needed > capacity_ * 2 ? needed : capacity_ * 2); }
  void resize_block(std::size_t capacity) {
    auto* block = static_cast<char*>(std::realloc(data_.get(), capacity));
    if (block == nullptr) throw std::bad_alloc();
    (void)data_.release();
    data_.reset(block);
    capacity_ = capacity;
  }

  std::unique_ptr<char, Free> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace hydrant::delivery
