// ByteBuffer: growing bytes that are never zero-filled, with kBodyPadding more behind the capacity.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "net/message.h"

namespace hydrant::net {

// Large blocks grow by realloc(), which moves pages instead of bytes: hence no new[].
class ByteBuffer {
 public:
  ByteBuffer() = default;
  explicit ByteBuffer(std::size_t capacity) { reserve(capacity); }
  ~ByteBuffer() { std::free(data_); }
  ByteBuffer(ByteBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  ByteBuffer& operator=(ByteBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }

  char* data() { return data_; }
  char* end() { return data_ + size_; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  std::size_t room() const { return capacity_ - size_; }
  std::string_view view(std::size_t from = 0) const { return {data_ + from, size_ - from}; }

  // Moves the bytes if the capacity is too small.
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) reallocate(capacity);
  }
  // Gives memory back; the bytes move. `capacity` is at least size().
  void shrink(std::size_t capacity) {
    if (capacity < capacity_) reallocate(capacity);
  }

  void clear() { size_ = 0; }
  void commit(std::size_t bytes) { size_ += bytes; }
  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    if (bytes.size() > room()) reserve(std::max(capacity_ * 2, size_ + bytes.size()));
    std::memcpy(end(), bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  // Takes the bytes [from, to) out.
  void erase(std::size_t from, std::size_t to) {
    if (to < size_ && from < to) std::memmove(data_ + from, data_ + to, size_ - to);
    size_ -= to - from;
  }

 private:
  void reallocate(std::size_t capacity) {
    if (size_ == 0) std::free(std::exchange(data_, nullptr));  // nothing to move
    void* const data = std::realloc(data_, capacity + kBodyPadding);
    if (data == nullptr) throw std::bad_alloc();
    data_ = static_cast<char*>(data);
    capacity_ = capacity;
  }

  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace hydrant::net
