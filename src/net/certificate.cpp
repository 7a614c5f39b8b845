#include "net/certificate.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "net/openssl.h"

namespace hydrant::net {
namespace {

using openssl::Bio;
using openssl::Certificate;
using openssl::Extension;
using openssl::Key;

constexpr int kAuthorityDays = 3650;
constexpr int kServerDays = 397;
constexpr int kDaysLeftMin = 30;
constexpr int kSerialBytes = 16;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL cannot make a certificate: ") + what);
}

bool is_address(const std::string& name) {
  boost::system::error_code error;
  boost::asio::ip::make_address(name, error);
  return !error;
}

bool is_dns_name(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  };
  return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, fits);
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(bio.get(), certificate) == 1, "PEM");
  return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "PEM");
  return text_of(bio.get());
}

Bio reader_of(const std::string& pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Certificate certificate_of(const Identity& identity) {
  return Certificate(
      PEM_read_bio_X509(reader_of(identity.certificate).get(), nullptr, nullptr, nullptr));
}

Key key_of(const Identity& identity) {
  return Key(PEM_read_bio_PrivateKey(reader_of(identity.key).get(), nullptr, nullptr, nullptr));
}

Extension names_extension(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text.append(text.empty() ? "" : ",").append(is_address(name) ? "IP:" : "DNS:").append(name);
  return Extension(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, text.c_str()));
}

void add(X509* certificate, const Extension& extension) {
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

void add(X509* certificate, X509* issuer, int kind, const char* text) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  add(certificate, Extension(X509V3_EXT_conf_nid(nullptr, &context, kind, text)));
}

void set_subject(X509* certificate, const char* common_name) {
  X509_NAME* const subject = X509_get_subject_name(certificate);
  const auto add_entry = [&](const char* field, const char* value) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(value);
    X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8, bytes, -1, -1, 0);
  };
  add_entry("O", "hydrant");
  add_entry("CN", common_name);
}

// From yesterday on, for clients whose clock is behind.
Certificate begin_certificate(const char* common_name, EVP_PKEY* key, int days, TimePoint now) {
  Certificate certificate(X509_new());
  require(certificate != nullptr && key != nullptr, "key");
  X509* const raw = certificate.get();
  X509_set_version(raw, X509_VERSION_3);
  unsigned char serial[kSerialBytes];
  require(RAND_bytes(serial, sizeof serial) == 1, "serial number");
  serial[0] &= 0x7f;
  const std::unique_ptr<BIGNUM, openssl::Freed<BN_free>> number(
      BN_bin2bn(serial, sizeof serial, nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(raw));
  std::time_t base = epoch_seconds(now);
  X509_time_adj_ex(X509_getm_notBefore(raw), -1, 0, &base);
  X509_time_adj_ex(X509_getm_notAfter(raw), days, 0, &base);
  set_subject(raw, common_name);
  X509_set_pubkey(raw, key);
  return certificate;
}

Identity sign(X509* certificate, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  require(X509_sign(certificate, issuer_key, EVP_sha256()) > 0, "signature");
  return {pem_of(certificate), pem_of(key)};
}

bool is_good(X509* certificate, EVP_PKEY* key, TimePoint now) {
  if (certificate == nullptr || key == nullptr) return false;
  std::time_t end = epoch_seconds(now + std::chrono::days(kDaysLeftMin));
  return X509_check_private_key(certificate, key) == 1 &&
         X509_cmp_time(X509_get0_notAfter(certificate), &end) > 0;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Written beside and renamed, so that nobody reads half of it.
void write_file(const std::filesystem::path& path, const std::string& text, mode_t mode) {
  const std::string beside = path.string() + ".new";
  ::unlink(beside.c_str());
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  bool written = file >= 0;
  if (written) {
    written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(file);
  }
  if (!written || ::rename(beside.c_str(), path.c_str()) != 0)
    throw std::system_error(errno, std::generic_category(), path.string());
}

void write_identity(const std::filesystem::path& folder, const std::string& name,
                    const Identity& identity) {
  write_file(folder / (name + "-key.pem"), identity.key, 0600);
  write_file(folder / (name + ".pem"), identity.certificate, 0644);
}

Identity read_identity(const std::filesystem::path& folder, const std::string& name) {
  return {read_file(folder / (name + ".pem")), read_file(folder / (name + "-key.pem"))};
}

}  // namespace

std::vector<std::string> names_of_server(const std::string& host, const std::string& machine) {
  std::vector<std::string> names = {"localhost",          "*.localhost",  "kinesis.localhost",
                                    "firehose.localhost", "s3.localhost", "hydrant",
                                    "127.0.0.1",          "::1",          "host.docker.internal"};
  const auto add_name = [&](std::string name) {
    if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
    if (name == "0.0.0.0" || name == "::") return;  // every address, and none by name
    if (!is_address(name) && !is_dns_name(name)) return;
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  };
  add_name(host);
  add_name(machine);
  return names;
}

Identity make_authority(TimePoint now) {
  const Key key(EVP_EC_gen("P-256"));
  const auto certificate = begin_certificate("hydrant local CA", key.get(), kAuthorityDays, now);
  X509* const raw = certificate.get();
  add(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign");
  add(raw, raw, NID_subject_key_identifier, "hash");
  return sign(raw, key.get(), raw, key.get());
}

Identity make_server_identity(const Identity& authority, const std::vector<std::string>& names,
                              TimePoint now) {
  const auto issuer = certificate_of(authority);
  const auto issuer_key = key_of(authority);
  require(issuer && issuer_key, "authority");
  const Key key(EVP_EC_gen("P-256"));
  const auto certificate = begin_certificate("hydrant", key.get(), kServerDays, now);
  X509* const raw = certificate.get();
  add(raw, issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  add(raw, issuer.get(), NID_key_usage, "critical,digitalSignature");
  add(raw, issuer.get(), NID_ext_key_usage, "serverAuth");
  add(raw, issuer.get(), NID_subject_key_identifier, "hash");
  add(raw, issuer.get(), NID_authority_key_identifier, "keyid:always");
  add(raw, names_extension(names));
  return sign(raw, key.get(), issuer.get(), issuer_key.get());
}

bool is_good_authority(const Identity& authority, TimePoint now) {
  return is_good(certificate_of(authority).get(), key_of(authority).get(), now);
}

bool is_good_server_identity(const Identity& server, const Identity& authority,
                             const std::vector<std::string>& names, TimePoint now) {
  const auto certificate = certificate_of(server);
  const auto issuer_key = key_of(authority);
  if (!is_good(certificate.get(), key_of(server).get(), now) || !issuer_key) return false;
  if (X509_verify(certificate.get(), issuer_key.get()) != 1) return false;
  const int at = X509_get_ext_by_NID(certificate.get(), NID_subject_alt_name, -1);
  X509_EXTENSION* const present = at < 0 ? nullptr : X509_get_ext(certificate.get(), at);
  const auto wanted = names_extension(names);
  return present != nullptr && wanted &&
         ASN1_OCTET_STRING_cmp(X509_EXTENSION_get_data(present),
                               X509_EXTENSION_get_data(wanted.get())) == 0;
}

KeptIdentity keep_identity(const std::string& folder, const std::vector<std::string>& names,
                           TimePoint now) {
  KeptIdentity kept;
  Identity authority;
  if (!folder.empty()) {
    authority = read_identity(folder, "ca");
    kept.server = read_identity(folder, "server");
  }
  kept.made_authority = !is_good_authority(authority, now);
  if (kept.made_authority) authority = make_authority(now);
  kept.authority_certificate = authority.certificate;
  if (is_good_server_identity(kept.server, authority, names, now)) return kept;

  kept.server = make_server_identity(authority, names, now);
  if (folder.empty()) return kept;
  try {
    std::filesystem::create_directories(folder);
    if (kept.made_authority) write_identity(folder, "ca", authority);
    write_identity(folder, "server", kept.server);
  } catch (const std::system_error& error) {
    kept.not_kept = std::string("The TLS certificate cannot be kept: ") + error.what() + ".";
  }
  return kept;
}

}  // namespace hydrant::net
