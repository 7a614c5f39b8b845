#include "engine/delivery/process/kpl.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace hydrant::delivery {
namespace {

constexpr std::string_view kMagic("\xf3\x89\x9a\xc2", 4);
constexpr std::size_t kChecksumBytes = 16;  // MD5

// The fields of AggregatedRecord and of its Record, by their numbers on the wire.
enum AggregateField : std::uint64_t {
  partition_keys = 1,
  explicit_hash_keys = 2,
  user_records = 3
};
enum RecordField : std::uint64_t { partition_key_index = 1, explicit_hash_key_index = 2, data = 3 };

// Reads one protobuf message, field by field; what it has read last stands in its members.
class FieldReader {
 public:
  enum class Type : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

  explicit FieldReader(std::string_view message) : rest_(message) {}

  // False at the end, and at what is no field.
  bool next() {
    if (rest_.empty()) return false;
    std::uint64_t tag = 0;
    if (!read_varint(tag)) return fail();
    number = tag >> 3;
    type = static_cast<Type>(tag & 7);
    if (number == 0 || number > kNumberMax) return fail();
    return read_value() || fail();
  }
  bool failed() const { return failed_; }

  std::uint64_t number = 0;
  Type type = Type::varint;
  std::uint64_t integer = 0;  // of Type::varint
  std::string_view bytes;     // of Type::bytes

 private:
  static constexpr std::uint64_t kNumberMax = (1u << 29) - 1;

  bool fail() {
    failed_ = true;
    return false;
  }
  bool read_value() {
    std::uint64_t length = 0;
    switch (type) {
      case Type::varint:
        return read_varint(integer);
      case Type::fixed64:
        return skip(8);
      case Type::fixed32:
        return skip(4);
      case Type::bytes:
        if (!read_varint(length)) return false;
        bytes = rest_.substr(
            0, static_cast<std::size_t>(std::min<std::uint64_t>(length, rest_.size())));
        return skip(length);
    }
    return false;  // groups, which nobody writes any more
  }
  bool skip(std::uint64_t size) {
    if (size > rest_.size()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(size));
    return true;
  }
  bool read_varint(std::uint64_t& value) {
    constexpr std::size_t kBytesMax = 10;
    value = 0;
    for (std::size_t i = 0; i < std::min(kBytesMax, rest_.size()); ++i) {
      const auto byte = static_cast<std::uint8_t>(rest_[i]);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
      if (byte >= 0x80) continue;
      rest_.remove_prefix(i + 1);
      return true;
    }
    return false;
  }

  std::string_view rest_;
  bool failed_ = false;
};

using Type = FieldReader::Type;

struct UserRecord {
  std::optional<std::uint64_t> partition_key, explicit_hash_key;  // indexes into the tables
  std::optional<std::string_view> data;
};

std::optional<UserRecord> parse_user_record(std::string_view message) {
  UserRecord record;
  FieldReader field(message);
  while (field.next()) {
    if (field.number == RecordField::partition_key_index && field.type == Type::varint)
      record.partition_key = field.integer;
    if (field.number == RecordField::explicit_hash_key_index && field.type == Type::varint)
      record.explicit_hash_key = field.integer;
    if (field.number == RecordField::data && field.type == Type::bytes) record.data = field.bytes;
  }
  if (field.failed() || !record.partition_key || !record.data) return std::nullopt;
  return record;
}

struct Aggregate {
  std::vector<std::string_view> partition_keys, explicit_hash_keys;
  std::vector<UserRecord> records;
};

std::optional<Aggregate> parse_aggregate(std::string_view message) {
  Aggregate aggregate;
  FieldReader field(message);
  while (field.next()) {
    if (field.type != Type::bytes) continue;
    if (field.number == AggregateField::partition_keys)
      aggregate.partition_keys.push_back(field.bytes);
    if (field.number == AggregateField::explicit_hash_keys)
      aggregate.explicit_hash_keys.push_back(field.bytes);
    if (field.number != AggregateField::user_records) continue;
    const auto record = parse_user_record(field.bytes);
    if (!record) return std::nullopt;
    aggregate.records.push_back(*record);
  }
  if (field.failed()) return std::nullopt;
  return aggregate;
}

bool is_checksum(std::string_view checksum, std::string_view message) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  return EVP_Digest(message.data(), message.size(), digest, &size, EVP_md5(), nullptr) == 1 &&
         checksum == std::string_view(reinterpret_cast<const char*>(digest), size);
}

// None if one of its indexes is beyond its table.
std::optional<SubRecord> resolved(const UserRecord& record, const Aggregate& aggregate) {
  if (*record.partition_key >= aggregate.partition_keys.size()) return std::nullopt;
  SubRecord sub_record;
  sub_record.partition_key = aggregate.partition_keys[*record.partition_key];
  sub_record.data = *record.data;
  if (!record.explicit_hash_key) return sub_record;
  if (*record.explicit_hash_key >= aggregate.explicit_hash_keys.size()) return std::nullopt;
  sub_record.explicit_hash_key = aggregate.explicit_hash_keys[*record.explicit_hash_key];
  return sub_record;
}

}  // namespace

bool de_aggregate(std::string_view data, std::vector<SubRecord>& records) {
  // An aggregate of nothing is none, as in the Kinesis Client Library.
  if (data.size() <= kMagic.size() + kChecksumBytes || !data.starts_with(kMagic)) return false;
  const auto message = data.substr(kMagic.size(), data.size() - kMagic.size() - kChecksumBytes);
  if (!is_checksum(data.substr(data.size() - kChecksumBytes), message)) return false;
  const auto aggregate = parse_aggregate(message);
  if (!aggregate) return false;
  const std::size_t before = records.size();
  for (const auto& record : aggregate->records) {
    const auto sub_record = resolved(record, *aggregate);
    if (!sub_record) {
      records.resize(before);
      return false;
    }
    records.push_back(*sub_record);
  }
  return true;
}

}  // namespace hydrant::delivery
