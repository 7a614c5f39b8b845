// Request bodies in CBOR: any bytes through the decoder, into a deep document and through the whole
// front end; what is written must be read back the same; and a document means the same in CBOR as
// in JSON, refusals included.
#include <nlohmann/json.hpp>

#include "aws/codec/cbor.h"
#include "aws/codec/json_reader.h"
#include "aws/codec/json_reply_writer.h"
#include "core/base64.h"
#include "front_end.h"

namespace {

namespace aws = hydrant::aws;
using namespace hydrant::fuzz;
using aws::Kind;

// Everything that a reader finds, as a writer puts it.
void copy(aws::Reader& from, aws::Writer& to) {
  std::string_view name;
  switch (from.kind()) {
    case Kind::map:
      to.begin_map();
      from.enter();
      while (from.next_member(name)) {
        to.text(name);
        copy(from, to);
      }
      to.end_map();
      break;
    case Kind::list:
      to.begin_list();
      from.enter();
      while (from.next_element()) copy(from, to);
      to.end_list();
      break;
    case Kind::boolean:
      to.boolean(from.boolean());
      break;
    case Kind::number:
      to.number(from.number());
      break;
    case Kind::text:
      to.text(from.text());
      break;
    case Kind::bytes:
      to.blob(from.blob().bytes);
      break;
    case Kind::null:  // a writer has none
      to.boolean(false);
      from.skip();
      break;
    case Kind::malformed:
      break;
  }
}

std::string copied(std::string_view body, bool& whole) {
  std::string out;
  aws::CborReader reader(body);
  aws::CborReplyWriter writer(out);
  copy(reader, writer);
  whole = reader.finished();
  return out;
}

bool is_whole(std::string_view body) {
  aws::CborReader reader(body);
  reader.skip();
  return reader.finished();
}

// Reading and passing over must agree on what is well formed, and a copy is a copy of itself.
void round_trip(std::string_view body) {
  bool whole = false, again = false;
  const auto copy = copied(body, whole);
  require(whole == is_whole(body));
  if (!whole) return;
  require(copied(copy, again) == copy && again);
  const auto read = nlohmann::json::from_cbor(copy, true, false);
  require(!read.is_discarded());
}

void decode(std::string_view body) {
  aws::CborReader for_input(body);
  Input input;
  const auto input_error = aws::Decoder(for_input, true).decode(input);
  aws::CborReader for_document(body);
  const auto document = aws::read_document(for_document, document_shape(), true);
  const bool whole = is_whole(body);
  if (!input_error) require(whole);
  if (document || !is_broken(document.error())) require(whole);
}

// Turns bytes into calls of two writers at once: a document of the members that Input knows.
class Twins {
 public:
  Twins(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) { map(0, false); }
  const std::string& json() const { return json_; }
  const std::string& cbor() const { return cbor_; }

 private:
  unsigned next() { return at_ < size_ ? data_[at_++] : 0; }
  template <class Call>
  void both(const Call& call) {
    call(static_cast<aws::Writer&>(json_writer_));
    call(static_cast<aws::Writer&>(cbor_writer_));
  }
  // B is a blob of the shapes, but a text as a key of the map M.
  void map(int depth, bool texts) {
    static constexpr std::string_view kNames[] = {"T", "B", "I", "L", "F", "D",
                                                  "A", "M", "S", "R", "Z"};
    both([](aws::Writer& writer) { writer.begin_map(); });
    for (unsigned left = next() % 8; left > 0; --left) {
      const auto name = kNames[next() % std::size(kNames)];
      both([&](aws::Writer& writer) { writer.key(name); });
      value(depth, name == "B" && !texts, name == "M");
    }
    both([](aws::Writer& writer) { writer.end_map(); });
  }
  void list(int depth) {
    both([](aws::Writer& writer) { writer.begin_list(); });
    for (unsigned left = next() % 5; left > 0; --left) value(depth, false, false);
    both([](aws::Writer& writer) { writer.end_list(); });
  }
  void value(int depth, bool is_blob, bool texts) {
    static constexpr std::int64_t kFarthest = std::int64_t{1} << 40;
    const unsigned what = next();
    switch (depth > 4 ? what % 4 : what % 6) {
      case 0: {
        // A text where a blob belongs is base64 in one codec and a mistake in the other.
        const std::string text(what / 6 % 5, static_cast<char>('a' + what % 26));
        return both([&](aws::Writer& writer) { is_blob ? writer.blob(text) : writer.text(text); });
      }
      case 1: {
        const auto number = static_cast<std::int64_t>(next()) - 64;
        return both([&](aws::Writer& writer) { writer.integer(number); });
      }
      case 2: {
        const double number = static_cast<double>(next()) / 16;
        return both([&](aws::Writer& writer) { writer.number(number); });
      }
      case 3: {
        const std::int64_t number = what % 2 == 0 ? kFarthest : -kFarthest;
        return both([&](aws::Writer& writer) {
          what > 128 ? writer.boolean(what > 200) : writer.integer(number);
        });
      }
      case 4:
        return map(depth + 1, texts);
      default:
        return list(depth + 1);
    }
  }

  const std::uint8_t* data_;
  const std::size_t size_;
  std::size_t at_ = 0;
  std::string json_, cbor_;
  aws::JsonReplyWriter json_writer_{json_};
  aws::CborReplyWriter cbor_writer_{cbor_};
};

std::string outcome(aws::Reader& reader, Input& input) {
  const auto error = aws::Decoder(reader, true).decode(input);
  return error ? error->code + ": " + error->message.value_or("") : "";
}

void compare(const std::uint8_t* data, std::size_t size) {
  static aws::JsonScratch scratch;
  const Twins twins(data, size);
  const Body body(reinterpret_cast<const std::uint8_t*>(twins.json().data()), twins.json().size());
  aws::JsonReader json(body.view(), scratch);
  aws::CborReader cbor(twins.cbor());
  Input from_json, from_cbor;
  require(outcome(json, from_json) == outcome(cbor, from_cbor));
  require(from_json.text == from_cbor.text && from_json.integer == from_cbor.integer &&
          from_json.long_integer == from_cbor.long_integer &&
          from_json.boolean == from_cbor.boolean && from_json.texts == from_cbor.texts &&
          from_json.map == from_cbor.map && from_json.leaves.size() == from_cbor.leaves.size());
  if (from_json.blob && from_cbor.blob) require(from_json.blob->bytes == from_cbor.blob->bytes);
}

}  // namespace

// The first byte chooses the operation.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // No padding: the reader must stay within the body.
  const auto room = std::make_unique<char[]>(size - 1);
  if (size > 1) std::memcpy(room.get(), data + 1, size - 1);
  const std::string_view body(room.get(), size - 1);
  round_trip(body);
  decode(body);
  const auto reply =
      serve(body, "application/x-amz-cbor-1.1", kTargets[data[0] % std::size(kTargets)]);
  require(reply.body.empty() || is_whole(reply.body));
  compare(data, size);
  return 0;
}
