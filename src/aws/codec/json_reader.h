// The reader of AWS JSON 1.1: blobs are base64 with padding, timestamps seconds with a fraction.
#pragma once
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "aws/reader.h"

namespace hydrant::aws {

// What a reader needs and may keep from one request to the next: room for decoded blobs and for
// texts without their escapes. One per thread.
class JsonScratch {
 public:
  // Room for `bytes` more, and for the vectors of the base64 decoder behind them. It is the same
  // the next time but for what was kept of it.
  char* room(std::size_t bytes);
  void keep(std::size_t bytes);
  void prepare(std::size_t document_bytes);  // before each document: all room is free again

 private:
  std::unique_ptr<char[]> kept_;
  std::size_t capacity_ = 0;                    // of what is kept
  std::vector<std::unique_ptr<char[]>> extra_;  // of this document alone
  char* free_ = nullptr;
  std::size_t left_ = 0;
};

// One pass over the document, with nothing built on the way. Strict: what RFC 8259 does not know is
// malformed, and so are text that is not UTF-8, a surrogate without its other half, and more than
// 128 maps and lists within each other.
class JsonReader final : public Reader {
 public:
  // `body` has 8 readable bytes behind it, and outlives the reader.
  JsonReader(std::string_view body, JsonScratch& scratch);

  Kind kind() override;
  bool failed() const override { return failed_; }
  void enter() override;
  bool next_member(std::string_view& name) override;
  bool next_element() override;
  bool boolean() override;
  double number() override;
  std::int64_t integer() override;
  std::string_view text() override;
  BlobRead blob() override;
  TimePoint timestamp() override;
  void skip() override;
  bool finished() override;

 private:
  // A NUL stands nowhere in JSON.
  char here() const { return at_ < end_ ? *at_ : '\0'; }
  bool fail();
  void skip_space();
  bool take(char wanted);
  bool starts_with(std::string_view word) const;
  bool go_on(char closing);
  std::string_view string();
  std::string_view unescape(std::string_view escaped);
  bool take_digits();
  std::string_view number_text(bool& whole);

  JsonScratch& scratch_;
  const char* at_;
  const char* end_;
  std::size_t depth_ = 0;
  bool on_value_ = true;  // which has not been read
  bool entered_ = false;  // a map or a list, and nothing in it was looked at yet
  bool failed_ = false;
};

}  // namespace hydrant::aws
