// The CBOR codec (RFC 8949) of the service: the members of the JSON codec, but blobs are byte
// strings and timestamps whole milliseconds behind tag 1.
#pragma once
#include <array>
#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/reader.h"
#include "aws/writer.h"

namespace hydrant::aws {

// Takes every form of CBOR that holds what JSON could: lengths definite or not, numbers of any
// width, any tag (all are passed over: where a timestamp belongs a number is one without it too).
// Undefined is null. `body` outlives the reader; texts and blobs of definite length are views of
// it.
class CborReader final : public Reader {
 public:
  explicit CborReader(std::string_view body) : body_(body) { load(); }

  Kind kind() override;
  Kind blob_kind() const override { return Kind::bytes; }
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
  // Deeper documents are refused, as those in JSON are.
  static constexpr std::size_t kDepthMax = 128;
  // The first byte of an item and the number that belongs to it.
  struct Head {
    unsigned major = 0;
    unsigned info = 0;
    std::uint64_t argument = 0;
  };
  std::size_t left() const { return body_.size() - at_; }
  bool fail();
  bool read_head(Head& head);
  void load();
  bool next(std::uint64_t& remaining);
  std::string_view string();
  double floating() const;

  const std::string_view body_;
  std::size_t at_ = 0;  // behind the head of the value
  Head head_;
  bool pending_ = false;  // the value has not been read
  bool failed_ = false;
  std::size_t depth_ = 0;
  std::array<std::uint64_t, kDepthMax> remaining_;  // members or elements of what was entered
  std::forward_list<std::string> joined_;           // strings that came in chunks
};

// Maps and lists are of indefinite length, as the service writes them.
class CborReplyWriter final : public Writer {
 public:
  explicit CborReplyWriter(std::string& out) : out_(out) {}

  Writer& begin_map() override;
  Writer& end_map() override;
  Writer& begin_list() override;
  Writer& end_list() override;
  Writer& key(std::string_view name) override { return text(name); }
  Writer& text(std::string_view text) override;
  Writer& plain(std::string_view text) override { return this->text(text); }
  Writer& integer(std::int64_t value) override;
  Writer& number(double value) override;
  Writer& boolean(bool value) override;
  Writer& blob(std::string_view bytes) override;
  Writer& timestamp(TimePoint time) override;

 private:
  void head(unsigned major, std::uint64_t argument);
  std::string& out_;
};

}  // namespace hydrant::aws
