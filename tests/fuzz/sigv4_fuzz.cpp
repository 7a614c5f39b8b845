// Any Authorization header, query, path and date through everything that reads them, with a key
// that is known and one that is not. What is judged twice must be judged the same, and no signature
// that is not the right one may pass.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/authentication.h"
#include "aws/signature.h"
#include "aws/signature_date.h"

namespace {

namespace aws = hydrant::aws;
namespace net = hydrant::net;

void require(bool good) {
  if (!good) std::abort();
}

// The input is cut at its newlines.
std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return line;
}

const aws::SignatureVerifier& verifier() {
  static const hydrant::TimePoint now(std::chrono::seconds(1'440'938'160));  // 20150830T123600Z
  static const aws::SignatureVerifier only(
      {{"AKIDEXAMPLE", "secret", "", "", std::nullopt}, {"ASIA", "secret", "token", "1", now}},
      [] { return now; });
  return only;
}

// A canonical request has a line for each part, and each header that is signed.
void check_canonical(const std::string& canonical) {
  std::size_t lines = 1;
  for (const char c : canonical) lines += c == '\n' ? 1 : 0;
  require(lines >= 6);
}

void judge(const net::Request& request) {
  aws::credential_scope(request);
  if (aws::missing_signature(request)) return;
  check_canonical(aws::canonical_request(request, aws::signature_claim(request)));
  const auto first = verifier().verify(request, "kinesis");
  const auto again = verifier().verify(request, "kinesis");
  require(first.has_value() == again.has_value());
  if (!first) require(first.error().message == again.error().message);
  // Nobody guesses a signature: the fuzzer does not know the secret.
  require(!first);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  net::Request request;
  request.method = "POST";
  const auto target = next_line(rest);
  request.target = target;
  request.headers.push_back({"Host", "localhost"});
  for (const std::string_view name :
       {"Authorization", "X-Amz-Date", "X-Amz-Security-Token", "x-amz-content-sha256", "Date"}) {
    const auto value = next_line(rest);
    if (!value.empty()) request.headers.push_back({name, value});
  }
  request.body = rest;
  judge(request);

  // The same header behind what gets it past the first checks.
  const auto scope = std::string("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/") +
                     "kinesis/aws4_request, SignedHeaders=host;";
  const auto authorization = scope + std::string(target) + ", Signature=" + std::string(rest);
  request.headers = {
      {"Host", target}, {"X-Amz-Date", "20150830T123600Z"}, {"Authorization", authorization}};
  judge(request);

  const auto date = aws::parse_signature_date(target);
  if (date) require(aws::parse_signature_date(aws::format_basic(*date)) == date);
  return 0;
}
