// SHA-256, and HMAC with it, as signatures of requests use them.
#pragma once
#include <array>
#include <string>
#include <string_view>

namespace hydrant {

using Sha256 = std::array<unsigned char, 32>;

Sha256 sha256(std::string_view bytes);
Sha256 hmac_sha256(std::string_view key, std::string_view message);

std::string hex(const Sha256& digest);  // lower case
// The digest as the key of the next one.
std::string_view as_key(const Sha256& digest);

// Takes a time that does not tell where the texts differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace hydrant
