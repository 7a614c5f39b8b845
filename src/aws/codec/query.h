// The query protocol's request: form fields whose names spell out where in the document a value
// stands ("MetricData.member.1.MetricName"). All values are text.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aws/reader.h"

namespace hydrant::aws {

// Deeper names are passed over: no document of a service is.
inline constexpr std::size_t kQueryDepthMax = 16;

struct QueryNode {
  std::string value;
  std::map<std::string, QueryNode, std::less<>> members;
};

// What is no escape ("%zz") stands for itself, as the service reads it.
class QueryDocument {
 public:
  explicit QueryDocument(std::string_view body);
  // The value of a field at the top; empty if there is none.
  std::string_view field(std::string_view name) const;
  const QueryNode& root() const { return root_; }

 private:
  void add(std::string_view name, std::string value);
  QueryNode root_;
};

// Reads a document that outlives it.
class QueryReader final : public Reader {
 public:
  explicit QueryReader(const QueryNode& root) : root_(root), node_(&root) {}

  Kind kind() override;
  bool failed() const override { return false; }
  void enter() override;
  bool next_member(std::string_view& name) override;
  bool next_element() override;
  bool boolean() override;
  double number() override;
  std::int64_t integer() override;
  std::string_view text() override { return node_->value; }
  BlobRead blob() override;
  TimePoint timestamp() override;
  void skip() override {}
  bool finished() override { return frames_.empty(); }

 private:
  struct Frame {
    const QueryNode* node;  // the list or map that was entered
    std::map<std::string, QueryNode, std::less<>>::const_iterator next;
    std::size_t element = 0;  // number of the one last given, from 1
  };
  void leave();

  const QueryNode& root_;
  const QueryNode* node_;
  std::vector<Frame> frames_;
  std::deque<std::string> blobs_;
};

}  // namespace hydrant::aws
