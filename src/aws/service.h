// Service: what the dispatcher knows of one AWS service.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>

#include "aws/error.h"
#include "aws/operation.h"
#include "aws/reader.h"
#include "aws/writer.h"
#include "net/message.h"

namespace hydrant::aws {

// How a service is told apart in the query protocol, which has no target: by its API version.
struct QueryFace {
  std::string_view version;        // "2011-06-15"
  std::string_view xml_namespace;  // of its answers
};

// Thread-safe: calls come from every I/O thread.
class Service {
 public:
  virtual ~Service() = default;
  virtual std::string_view target_prefix() const = 0;  // "Kinesis_20131202"
  virtual std::string_view signing_name() const = 0;   // in the scope of a signature: "kinesis"
  // None: it does not speak the query protocol.
  virtual std::optional<QueryFace> query_face() const { return std::nullopt; }
  virtual std::span<const Operation* const> operations() const = 0;
  // Null: it has none of that name. Looking through a few dozen costs less than hashing one.
  const Operation* find(std::string_view operation) const {
    for (const auto* candidate : operations())
      if (candidate->name == operation) return candidate;
    return nullptr;
  }
  // Decodes, checks and carries out. The reply is written only if the result is good.
  virtual Result<void> run(const Operation& operation, const Call& call, Reader& reader,
                           Writer& reply) = 0;
  // The same for an operation that answers with an event stream (its `open` is not null). The
  // stream lives longer than the call.
  virtual Result<std::shared_ptr<net::BodyStream>> open(const Operation& operation, const Call&,
                                                        Reader&) {
    throw std::logic_error("nothing of this service streams: " + std::string(operation.name));
  }
  // What an operation without output answers: Kinesis nothing at all, Firehose "{}".
  virtual bool empty_reply_is_document() const = 0;
};

}  // namespace hydrant::aws
