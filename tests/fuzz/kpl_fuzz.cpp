// Aggregates: those that are made must be read as they were made, and those whose bytes are changed
// under a right checksum must not lead out of their record.
#include <openssl/evp.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/delivery/process/kpl.h"

namespace {

using hydrant::delivery::SubRecord;

constexpr std::string_view kMagic("\xf3\x89\x9a\xc2", 4);

void require(bool good) {
  if (!good) std::abort();
}

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  bool empty() const { return at_ == end_; }
  std::uint8_t byte() { return empty() ? 0 : *at_++; }
  std::string text() {
    std::string text(byte() % 200, '\0');
    for (char& c : text) c = static_cast<char>(byte());
    return text;
  }
  std::string rest() { return {at_, end_}; }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}
std::string field(std::uint64_t number, const std::string& bytes) {
  return varint(number << 3 | 2) + varint(bytes.size()) + bytes;
}
std::string field(std::uint64_t number, std::uint64_t value) {
  return varint(number << 3) + varint(value);
}

std::string packed(const std::string& message) {
  unsigned char digest[16];
  EVP_Digest(message.data(), message.size(), digest, nullptr, EVP_md5(), nullptr);
  return std::string(kMagic) + message + std::string(digest, digest + sizeof digest);
}

// At the end of its own memory, so that a byte too many is seen.
bool unpack(const std::string& data,
            const std::function<void(const std::vector<SubRecord>&)>& see) {
  const std::unique_ptr<char[]> room(new char[data.size()]);
  data.copy(room.get(), data.size());
  std::vector<SubRecord> records;
  const bool is_aggregate = hydrant::delivery::de_aggregate({room.get(), data.size()}, records);
  see(records);
  return is_aggregate;
}

void check_inside(const std::vector<SubRecord>& records) {
  std::size_t sum = 0;
  for (const auto& record : records)
    for (const auto view : {record.partition_key, record.explicit_hash_key, record.data})
      for (const char c : view) sum += static_cast<unsigned char>(c);
  require(sum != static_cast<std::size_t>(-1));
}

struct Made {
  std::string message;
  std::vector<std::string> keys, hash_keys;
  struct Record {
    std::size_t key = 0, hash_key = 0;
    bool has_hash_key = false;
    std::string data;
  };
  std::vector<Record> records;
};

Made make(Input& input) {
  Made made;
  for (std::size_t count = input.byte() % 4 + 1; count > 0; --count) {
    made.keys.push_back(input.text());
    made.hash_keys.push_back(input.text());
    made.message += field(1, made.keys.back()) + field(2, made.hash_keys.back());
  }
  for (std::size_t count = input.byte() % 8; count > 0; --count) {
    Made::Record record;
    record.key = input.byte() % made.keys.size();
    record.hash_key = input.byte() % made.keys.size();
    record.has_hash_key = input.byte() % 2 == 1;
    record.data = input.text();
    auto bytes = field(1, record.key) + field(3, record.data);
    if (record.has_hash_key) bytes = field(2, record.hash_key) + bytes;
    if (input.byte() % 4 == 0) bytes += field(4, field(1, std::string("tag")));
    made.message += field(3, bytes);
    made.records.push_back(record);
  }
  return made;
}

void check_made(const Made& made) {
  require(unpack(packed(made.message), [&](const std::vector<SubRecord>& records) {
    require(records.size() == made.records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      const auto& record = made.records[i];
      require(records[i].data == record.data && records[i].partition_key == made.keys[record.key]);
      require(records[i].explicit_hash_key ==
              (record.has_hash_key ? made.hash_keys[record.hash_key] : ""));
    }
  }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const bool is_made = input.byte() % 2 == 1;
  if (!is_made) {
    const auto bytes = input.rest();
    unpack(bytes, check_inside);
    unpack(packed(bytes), check_inside);
    return 0;
  }
  auto made = make(input);
  check_made(made);
  while (!input.empty()) {
    const std::size_t at = static_cast<std::size_t>(input.byte() << 8 | input.byte());
    made.message[at % made.message.size()] = static_cast<char>(input.byte());
  }
  unpack(packed(made.message), check_inside);
  return 0;
}
