// Operation: one entry of a service's API: its name and the function that decodes and runs it.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "aws/document.h"
#include "aws/error.h"
#include "aws/model.h"
#include "aws/reader.h"
#include "aws/shape.h"
#include "aws/writer.h"
#include "net/message.h"

namespace hydrant::aws {

// What is known of a call before its document is read.
struct Call {
  std::string_view request_id;
  std::string account;
  std::string region;
};

struct Operation {
  // `context` is the service's own; the reply is written only when the result is good.
  using Run = Result<void> (*)(void* context, Reader& reader, bool show_values, Writer& reply);
  using Open = Result<std::shared_ptr<net::BodyStream>> (*)(void* context, Reader& reader,
                                                            bool show_values);
  using Describe = void (*)(JsonWriter& out);  // the declared input, as aws/model.h writes it

  std::string_view name;
  Run run = nullptr;    // null for one that answers with an event stream,
  Open open = nullptr;  // which is what this begins; null for all others
  Describe describe = nullptr;
};

namespace detail {
template <class Context, class Input>
Context context_of(Result<void> (*)(Context&, const Input&, Writer&));
template <class Context, class Input>
Input input_of(Result<void> (*)(Context&, const Input&, Writer&));
template <class Context, class Input>
Context context_of(Result<std::shared_ptr<net::BodyStream>> (*)(Context&, const Input&));
template <class Context, class Input>
Input input_of(Result<std::shared_ptr<net::BodyStream>> (*)(Context&, const Input&));
}  // namespace detail

// operation<&put_record>("PutRecord"): the input's type says how the document is decoded.
template <auto Function>
constexpr Operation operation(std::string_view name) {
  using Context = decltype(detail::context_of(Function));
  using Input = decltype(detail::input_of(Function));
  return {name,
          [](void* context, Reader& reader, bool show_values, Writer& reply) -> Result<void> {
            Input input{};
            if (auto error = Decoder(reader, show_values).decode(input)) return *std::move(error);
            return Function(*static_cast<Context*>(context), input, reply);
          },
          nullptr, [](JsonWriter& out) { aws::describe<Input>(out); }};
}

// stream_operation<&subscribe_to_shard>("SubscribeToShard"): the function gives back the stream of
// events, or refuses. Context and input are gone when the first event is asked for.
template <auto Function>
constexpr Operation stream_operation(std::string_view name) {
  using Context = decltype(detail::context_of(Function));
  using Input = decltype(detail::input_of(Function));
  return {name, nullptr,
          [](void* context, Reader& reader,
             bool show_values) -> Result<std::shared_ptr<net::BodyStream>> {
            Input input{};
            if (auto error = Decoder(reader, show_values).decode(input)) return *std::move(error);
            return Function(*static_cast<Context*>(context), input);
          },
          [](JsonWriter& out) { aws::describe<Input>(out); }};
}

// The same as operation() for a deep document: it is checked against a declared shape and kept as
// it came.
template <auto Function, const Shape& (*InputShape)()>
constexpr Operation document_operation(std::string_view name) {
  using Context = decltype(detail::context_of(Function));
  return {name,
          [](void* context, Reader& reader, bool show_values, Writer& reply) -> Result<void> {
            auto document = read_document(reader, InputShape(), show_values);
            if (!document) return document.error();
            return Function(*static_cast<Context*>(context), *document, reply);
          },
          nullptr, [](JsonWriter& out) { aws::describe(out, InputShape()); }};
}

}  // namespace hydrant::aws
