// TokenSealer: opaque tokens for clients (shard iterators, NextToken) that only this server can
// have made. Encrypted and authenticated, so a token that was tampered with is simply not one.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/mutex.h"
#include "core/random.h"

namespace hydrant::aws {

// Thread-safe. Two tokens for the same text differ.
class TokenSealer {
 public:
  static constexpr std::size_t kFrameBytes = 36;  // what a token has besides the text

  explicit TokenSealer(Random& random);

  std::string seal(std::string_view text);                        // base64
  std::optional<std::string> open(std::string_view token) const;  // none: not a token of ours
  void renew();  // forgets the key: every token given out so far becomes invalid

 private:
  using Key = std::array<unsigned char, 32>;
  Key key() const;

  Random& random_;
  mutable Mutex mutex_;
  Key key_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::aws
