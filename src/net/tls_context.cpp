#include "net/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <fstream>

#include "core/clock.h"
#include "net/certificate.h"
#include "net/openssl.h"

namespace hydrant::net {
namespace {

using openssl::Context;

// As ALPN has it: each name behind its length.
constexpr unsigned char kProtocols[] = {2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// A client that offers neither is told nothing; its first bytes tell.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  unsigned char* selected = nullptr;
  const int result = SSL_select_next_proto(&selected, out_size, kProtocols, sizeof kProtocols,
                                           offered, offered_size);
  *out = selected;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

// A key with a password would else be asked for on the terminal.
int no_password(char*, int, int, void*) { return -1; }

Context new_context() {
  Context context(SSL_CTX_new(TLS_server_method()));
  if (!context) return context;
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION);
  // HTTP/2 forbids the others (RFC 9113, appendix A).
  SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                            SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(raw, select_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(raw, no_password);
  return context;
}

// None if the files are a chain and its key; else the sentence.
std::optional<std::string> use_files(SSL_CTX* context, const TlsSettings& tls) {
  const auto unreadable = [](const char* setting, const std::string& file, const char* wanted) {
    ERR_clear_error();
    const bool opens = std::ifstream(file).is_open();
    return std::string(setting) + ": expected " + wanted + ", got \"" + file + "\"" +
           (opens ? "." : ", which cannot be read.");
  };
  if (SSL_CTX_use_certificate_chain_file(context, tls.certificate_file.c_str()) != 1)
    return unreadable("tlsCert", tls.certificate_file, "a certificate chain in PEM form");
  // This fails too for a key that is not the certificate's.
  if (SSL_CTX_use_PrivateKey_file(context, tls.key_file.c_str(), SSL_FILETYPE_PEM) == 1)
    return std::nullopt;
  const bool mismatch = ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509;
  auto sentence = unreadable("tlsKey", tls.key_file,
                             mismatch ? "the private key of the certificate"
                                      : "a private key in PEM form without a password");
  return sentence;
}

void use_identity(SSL_CTX* context, const Identity& identity) {
  const openssl::Bio certificate_bio(
      BIO_new_mem_buf(identity.certificate.data(), static_cast<int>(identity.certificate.size())));
  const openssl::Bio key_bio(
      BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size())));
  const openssl::Certificate certificate(
      PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr));
  const openssl::Key key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr));
  SSL_CTX_use_certificate(context, certificate.get());
  SSL_CTX_use_PrivateKey(context, key.get());
}

std::string machine_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

std::optional<std::string> check_certificate(const TlsSettings& tls) {
  if (tls.certificate_file.empty()) return std::nullopt;
  return use_files(new_context().get(), tls);
}

struct TlsContext::Owned {
  Context context;
};

TlsContext::TlsContext(const ServerSettings& settings, std::shared_ptr<Logger> logger)
    : settings_(settings), logger_(std::move(logger)) {}
TlsContext::~TlsContext() = default;

ssl_ctx_st* TlsContext::get() {
  std::call_once(opened_, [this] {
    try {
      open();
    } catch (const std::exception& error) {
      logger_->error("TLS is not available: {}", error.what());
    }
  });
  return owned_ ? owned_->context.get() : nullptr;
}

void TlsContext::open() {
  auto context = new_context();
  if (!context) throw std::runtime_error("OpenSSL has no TLS");
  const auto& tls = settings_.tls;
  if (!tls.certificate_file.empty()) {
    if (const auto wrong = use_files(context.get(), tls)) throw std::runtime_error(*wrong);
  } else {
    const auto names = names_of_server(settings_.host, machine_name());
    const auto kept = keep_identity(tls.folder, names, system_now());
    if (kept.not_kept) logger_->warn("{}", *kept.not_kept);
    if (kept.made_authority && !kept.not_kept && !tls.folder.empty())
      logger_->info("made a certificate authority: TLS clients can trust {}/ca.pem", tls.folder);
    use_identity(context.get(), kept.server);
  }
  owned_ = std::make_unique<Owned>(Owned{std::move(context)});
}

}  // namespace hydrant::net
