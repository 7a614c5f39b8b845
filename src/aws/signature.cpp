// The order of the checks is that in which the service names the first of several faults: date,
// signed headers, algorithm, credential, key, signature.
#include "aws/signature.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "aws/signature_date.h"

namespace hydrant::aws {
namespace {

using std::chrono::seconds;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";
constexpr seconds kSkewMax{300};
constexpr seconds kExpiresMax{604'800};
constexpr std::size_t kKeysKeptMax = 256;

Error invalid(std::string text) { return {"InvalidSignatureException", std::move(text)}; }
Error incomplete(std::string text) { return {"IncompleteSignatureException", std::move(text)}; }
Error unrecognized() {
  return {"UnrecognizedClientException", "The security token included in the request is invalid."};
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

// "5 min.", as far as it is whole minutes.
std::string print_span(seconds span) {
  if (span.count() % 60 == 0) return std::to_string(span.count() / 60) + " min.";
  return std::to_string(span.count()) + " sec.";
}

// How long the signature is good: that of a query says so itself.
Result<seconds> life_of(const SignatureClaim& claim) {
  if (!claim.expires) return kSkewMax;
  const auto& text = *claim.expires;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size())
    return incomplete("X-Amz-Expires should be a number");
  if (count < 0) return incomplete("X-Amz-Expires must be non-negative");
  if (seconds(count) > kExpiresMax)
    return incomplete(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
        "must be less than 604800 seconds");
  return seconds(count);
}

std::optional<Error> check_date(TimePoint signed_at, TimePoint now, seconds life) {
  if (signed_at < now - life)
    return invalid("Signature expired: " + format_basic(signed_at) + " is now earlier than " +
                   format_basic(now - life) + " (" + format_basic(now) + " - " + print_span(life) +
                   ")");
  if (signed_at > now + kSkewMax)
    return invalid("Signature not yet current: " + format_basic(signed_at) +
                   " is still later than " + format_basic(now + kSkewMax) + " (" +
                   format_basic(now) + " + " + print_span(kSkewMax) + ")");
  return std::nullopt;
}

bool signs_host(std::string_view signed_headers) {
  while (true) {
    const auto end = signed_headers.find(';');
    const auto name = signed_headers.substr(0, end);
    if (net::equals_ignoring_case(name, "host") || name == ":authority") return true;
    if (end == std::string_view::npos) return false;
    signed_headers.remove_prefix(end + 1);
  }
}

// Which regions there are nobody knows here: each that is named exists.
bool is_region(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

struct SignatureVerifier::Scope {
  std::string_view access_key_id, date, region, service, terminator;

  // Slashes behind the last part are passed over.
  static std::optional<Scope> parse(std::string_view credential) {
    std::array<std::string_view, 5> parts;
    std::size_t count = 0;
    credential = credential.substr(0, credential.find_last_not_of('/') + 1);
    for (bool more = true; more; ++count) {
      if (count == parts.size()) return std::nullopt;
      const auto slash = credential.find('/');
      parts[count] = credential.substr(0, slash);
      more = slash != std::string_view::npos;
      if (more) credential.remove_prefix(slash + 1);
    }
    if (count < parts.size()) return std::nullopt;
    return Scope{parts[0], parts[1], parts[2], parts[3], parts[4]};
  }

  std::string text() const {
    std::string text;
    for (const auto part : {date, region, service}) text.append(part).append("/");
    return text.append(terminator);
  }

  // Each part that is wrong has its sentence.
  std::optional<Error> check(std::string_view wanted_service, TimePoint signed_at) const {
    std::string wrong;
    const auto add = [&](const std::string& sentence) {
      wrong.append(wrong.empty() ? "" : " ").append(sentence);
    };
    const auto stamp = format_basic(signed_at);
    const auto day = stamp.substr(0, 8);
    if (!is_region(region))
      add("Credential should be scoped to a valid region, not " + quoted(region) + ".");
    if (service != wanted_service)
      add("Credential should be scoped to correct service: " + quoted(wanted_service) + ".");
    if (terminator != kTerminator)
      add("Credential should be scoped with a valid terminator: 'aws4_request', not " +
          quoted(terminator) + ".");
    if (date != day)
      add("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
          "HTTP: " +
          quoted(date) + " != " + quoted(day) + ", from " + quoted(stamp) + ".");
    if (wrong.empty()) return std::nullopt;
    return invalid(std::move(wrong));
  }
};

SignatureVerifier::SignatureVerifier(std::vector<Credential> credentials,
                                     std::function<TimePoint()> now)
    : credentials_(std::move(credentials)), now_(std::move(now)) {}

const Credential* SignatureVerifier::find(std::string_view access_key_id) const {
  const auto found = std::ranges::find(credentials_, access_key_id, &Credential::access_key_id);
  return found == credentials_.end() ? nullptr : &*found;
}

Sha256 SignatureVerifier::signing_key(const Credential& credential, const Scope& scope) const {
  const auto name = credential.access_key_id + "/" + scope.text();
  {
    MutexLock lock(mutex_);
    if (const auto kept = signing_keys_.find(name); kept != signing_keys_.end())
      return kept->second;
  }
  Sha256 key = hmac_sha256("AWS4" + credential.secret_access_key, scope.date);
  for (const auto part : {scope.region, scope.service, scope.terminator})
    key = hmac_sha256(as_key(key), part);
  MutexLock lock(mutex_);
  if (signing_keys_.size() >= kKeysKeptMax) signing_keys_.clear();
  signing_keys_.emplace(name, key);
  return key;
}

Result<const Credential*> SignatureVerifier::verify(const net::Request& request,
                                                    std::string_view service) const {
  const SignatureClaim claim = signature_claim(request);
  const TimePoint now = std::chrono::floor<seconds>(now_());  // as precise as the texts are

  const auto signed_at = parse_signature_date(claim.date);
  if (!signed_at)
    return incomplete("Date must be in ISO-8601 'basic format'. Got " + quoted(claim.date) +
                      ". See http://en.wikipedia.org/wiki/ISO_8601");
  const auto life = life_of(claim);
  if (!life) return life.error();
  if (auto error = check_date(*signed_at, now, *life)) return *std::move(error);
  if (!signs_host(claim.signed_headers))
    return invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  if (claim.algorithm != kAlgorithm)
    return incomplete("Unsupported AWS 'algorithm': " + quoted(claim.algorithm) +
                      " (only AWS4-HMAC-SHA256 for now). ");
  const auto scope = Scope::parse(claim.credential);
  if (!scope)
    return incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term, got " +
        quoted(claim.credential));
  if (auto error = scope->check(service, *signed_at)) return *std::move(error);

  const auto* credential = find(scope->access_key_id);
  if (credential == nullptr) return unrecognized();
  if (!equal_in_constant_time(credential->session_token, claim.security_token))
    return unrecognized();
  if (credential->expiration && *credential->expiration <= now)
    return Error{"ExpiredTokenException", "The security token included in the request is expired"};

  const auto canonical = canonical_request(request, claim);
  const auto to_sign = std::string(kAlgorithm) + "\n" + format_basic(*signed_at) + "\n" +
                       scope->text() + "\n" + hex(sha256(canonical));
  const auto signature = hex(hmac_sha256(as_key(signing_key(*credential, *scope)), to_sign));
  if (equal_in_constant_time(signature, claim.signature)) return credential;
  return invalid(
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method. Consult the service documentation for "
      "details.\n\nThe Canonical String for this request should have been\n" +
      quoted(canonical) + "\n\nThe String-to-Sign should have been\n" + quoted(to_sign) + "\n");
}

}  // namespace hydrant::aws
