// Aggregates of the Kinesis Producer Library, whole and broken.
#include "engine/delivery/process/kpl.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <string>

#include "core/base64.h"

namespace hydrant::delivery {
namespace {

using namespace std::string_literals;

const std::string kMagic = "\xf3\x89\x9a\xc2";

// Protobuf by hand: only what is below 128 fits into one byte of length or number.
std::string bytes_field(int number, const std::string& bytes) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}
std::string number_field(int number, int value) {
  return {static_cast<char>(number << 3), static_cast<char>(value)};
}
std::string record(int key, const std::string& data) {
  return bytes_field(3, number_field(1, key) + bytes_field(3, data));
}

std::string packed(const std::string& message) {
  unsigned char digest[16];
  EVP_Digest(message.data(), message.size(), digest, nullptr, EVP_md5(), nullptr);
  return kMagic + message + std::string(reinterpret_cast<const char*>(digest), sizeof digest);
}

struct Unpacked {
  bool is_aggregate = false;
  std::string text;  // "partition key/explicit hash key/data;" of each record
};

Unpacked unpacked(std::string_view data) {
  std::vector<SubRecord> records{{"of", "another", "record"}};
  Unpacked result{de_aggregate(data, records), {}};
  EXPECT_EQ(records[0].partition_key, "of");
  for (std::size_t i = 1; i < records.size(); ++i)
    result.text += std::string(records[i].partition_key) + "/" +
                   std::string(records[i].explicit_hash_key) + "/" + std::string(records[i].data) +
                   ";";
  return result;
}

void expect_plain(std::string_view data, const std::string& what) {
  const auto result = unpacked(data);
  EXPECT_FALSE(result.is_aggregate) << what;
  EXPECT_EQ(result.text, "") << what;
}

TEST(KplTest, UnpacksRecordsInTheirOrder) {
  const auto result = unpacked(packed(bytes_field(1, "a") + bytes_field(1, "b") + record(1, "one") +
                                      record(0, "two") + record(1, "")));
  EXPECT_TRUE(result.is_aggregate);
  EXPECT_EQ(result.text, "b//one;a//two;b//;");
}

TEST(KplTest, UnpacksExplicitHashKeys) {
  const auto with_hash_key =
      bytes_field(3, number_field(1, 0) + number_field(2, 1) + bytes_field(3, "data"));
  EXPECT_EQ(unpacked(packed(bytes_field(1, "a") + bytes_field(2, "7") + bytes_field(2, "8") +
                            with_hash_key + record(0, "x")))
                .text,
            "a/8/data;a//x;");
}

TEST(KplTest, TablesMayFollowTheRecords) {
  EXPECT_EQ(unpacked(packed(record(0, "one") + bytes_field(1, "a"))).text, "a//one;");
}

TEST(KplTest, SkipsFieldsThatItDoesNotKnow) {
  const auto unknown = number_field(9, 5) + bytes_field(10, "x") + "\x59" + "12345678" + "\x65" +
                       "1234";  // field 11 of 8 bytes, field 12 of 4
  const auto tag = bytes_field(4, bytes_field(1, "key") + bytes_field(2, "value"));
  const auto tagged =
      bytes_field(3, number_field(1, 0) + tag + bytes_field(3, "data") + number_field(15, 1));
  EXPECT_EQ(unpacked(packed(unknown + bytes_field(1, "a") + tagged + unknown)).text, "a//data;");
}

TEST(KplTest, NumbersMayBeLong) {
  const auto long_zero = "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80"s + "\0"s;
  const auto message = bytes_field(1, "a") + bytes_field(3, long_zero + bytes_field(3, "data"));
  EXPECT_EQ(unpacked(packed(message)).text, "a//data;");
}

TEST(KplTest, TakesAnyBytesAsData) {
  EXPECT_EQ(unpacked(packed(bytes_field(1, "") + record(0, "\0\xff\n"s))).text, "//\0\xff\n;"s);
}

// As in the Kinesis Client Library.
TEST(KplTest, AnAggregateMayHoldNoRecords) {
  EXPECT_TRUE(unpacked(packed(bytes_field(1, "a"))).is_aggregate);
  expect_plain(packed(""), "no message");
}

TEST(KplTest, WithoutMagicNumberOrChecksumARecordIsPlain) {
  const auto good = packed(bytes_field(1, "a") + record(0, "one"));
  ASSERT_TRUE(unpacked(good).is_aggregate);
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    expect_plain(bad, "byte " + std::to_string(i));
    expect_plain(std::string_view(good).substr(0, i), "up to byte " + std::to_string(i));
  }
  expect_plain(good + "x", "more than an aggregate");
}

TEST(KplTest, ABrokenMessageMakesARecordPlain) {
  const auto table = bytes_field(1, "a");
  const auto good = table + record(0, "one");
  for (std::size_t size = 0; size < good.size(); ++size) {
    const bool is_whole = size == table.size();
    if (!is_whole) expect_plain(packed(good.substr(0, size)), std::to_string(size) + " bytes");
  }
  expect_plain(packed(table + "\x1a\x7f"), "a length beyond the end");
  expect_plain(packed(table + "\x1a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
               "the longest length");
  expect_plain(packed(table + "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"), "a number too long");
  expect_plain(packed(table + "\x1b"), "a group");
  expect_plain(packed(table + "\x02\x01x"), "field 0");
}

TEST(KplTest, AnIndexBeyondItsTableMakesARecordPlain) {
  expect_plain(packed(bytes_field(1, "a") + record(0, "one") + record(1, "two")), "partition key");
  expect_plain(packed(bytes_field(1, "a") + bytes_field(3, number_field(1, 0) + number_field(2, 0) +
                                                               bytes_field(3, "data"))),
               "explicit hash key");
}

TEST(KplTest, ARecordHasAKeyAndData) {
  expect_plain(packed(bytes_field(1, "a") + bytes_field(3, number_field(1, 0))), "no data");
  expect_plain(packed(bytes_field(1, "a") + bytes_field(3, bytes_field(3, "data"))), "no key");
}

}  // namespace
}  // namespace hydrant::delivery
