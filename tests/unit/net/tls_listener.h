// A TLS server for one request, with a certificate that nobody has signed.
#pragma once
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "raw_socket.h"

namespace hydrant::net {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

class TlsListener {
 public:
  TlsListener() {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    SSL_CTX_use_certificate(context_.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), key.get());
  }

  std::uint16_t port() const { return listener_.port(); }

  // Takes one connection; reads to the end of a request's header, answers, and hangs up without the
  // farewell that TLS asks for. What it read.
  std::string serve_once(const std::string& reply) {
    RawSocket socket = listener_.accept();
    const Session session(SSL_new(context_.get()));
    SSL_set_fd(session.get(), socket.fd());
    if (SSL_accept(session.get()) != 1) return "no handshake";
    std::string request;
    char bytes[1024];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const int got = SSL_read(session.get(), bytes, sizeof bytes);
      if (got <= 0) break;
      request.append(bytes, static_cast<std::size_t>(got));
    }
    SSL_write(session.get(), reply.data(), static_cast<int>(reply.size()));
    return request;
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
  using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
  using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
  using Session = std::unique_ptr<SSL, Freed<SSL_free>>;

  RawListener listener_;
  const Context context_{SSL_CTX_new(TLS_server_method())};
};

}  // namespace hydrant::net
