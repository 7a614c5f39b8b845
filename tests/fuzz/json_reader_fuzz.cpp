// Request bodies: through the decoder into a declared input, into a deep document, and through the
// whole front end into every operation of Kinesis. What the reader takes for JSON must be JSON, and
// what is JSON must not be refused as broken.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "aws/codec/codec.h"
#include "front_end.h"

namespace {

namespace aws = hydrant::aws;
using namespace hydrant::fuzz;

// Certainly a map, and certainly not too deep. The reference takes a NUL for the end.
bool is_shallow_map(std::string_view json) {
  if (json.find('\0') != std::string_view::npos) return false;
  const auto first = json.find_first_not_of(" \t\r\n");
  const auto openings = std::ranges::count_if(json, [](char c) { return c == '[' || c == '{'; });
  return first != std::string_view::npos && json[first] == '{' && openings <= 128;
}

void decode(const Body& body, aws::JsonScratch& scratch) {
  aws::JsonReader for_input(body.view(), scratch);
  Input input;
  const auto input_error = aws::Decoder(for_input, true).decode(input);

  aws::JsonReader for_document(body.view(), scratch);
  const auto document = aws::read_document(for_document, document_shape(), true);
  if (document) {
    std::string again;
    aws::JsonReplyWriter writer(again);
    aws::write_document(writer, *document);
    require(nlohmann::json::accept(again));
  }

  // A reference that knows neither depth nor the size of numbers as a limit: it may only take more.
  const bool is_json = nlohmann::json::accept(body.view());
  if (!input_error) require(is_json);
  if (document || !is_broken(document.error())) require(is_json);
  if (is_json && is_shallow_map(body.view()))
    require(aws::well_formed_map(body.view(), aws::Codec::json));
}

}  // namespace

// The first byte chooses the operation.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static aws::JsonScratch scratch;
  const Body body(data + 1, size - 1);
  decode(body, scratch);
  const auto reply =
      serve(body.view(), "application/x-amz-json-1.1", kTargets[data[0] % std::size(kTargets)]);
  require(reply.body.empty() || nlohmann::json::accept(reply.body));
  return 0;
}
