#pragma once
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

// Swift sees no function-like macros, no casts in constants and no variadic functions; each wrapper below stands for
// one of them.

// EVP_EC_gen is a macro over a variadic function.
static inline EVP_PKEY *openssl_generate_p256_key(void) {
  return EVP_EC_gen("P-256");
}

// Macros over SSL_CTX_ctrl, and option bits that are casts.
static inline int openssl_ctx_allow_only_dtls12(SSL_CTX *context) {
  return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1
      && SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1;
}

static inline void openssl_ctx_set_dtls_options(SSL_CTX *context) {
  SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET
                                   | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline void openssl_ctx_set_max_certificate_list(SSL_CTX *context, long bytes) {
  SSL_CTX_set_max_cert_list(context, bytes);
}

static inline int openssl_ctx_set_groups(SSL_CTX *context, const char *names) {
  return SSL_CTX_set1_groups_list(context, names) == 1;
}

static int openssl_accept_any_certificate(int preverified, X509_STORE_CTX *store) {
  (void)preverified;
  (void)store;
  return 1;
}

// A callback that must be a plain C function. It accepts every chain, because certificates of WebRTC are self-signed:
// what counts is the fingerprint, which is compared after the handshake.
static inline void openssl_ctx_require_any_certificate(SSL_CTX *context) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, openssl_accept_any_certificate);
}

// Macros over SSL_ctrl.
static inline void openssl_set_mtu(SSL *ssl, long bytes) {
  SSL_set_mtu(ssl, bytes);
}

static inline long openssl_handle_dtls_timeout(SSL *ssl) {
  return DTLSv1_handle_timeout(ssl);
}

static unsigned int openssl_slow_dtls_timer(SSL *ssl, unsigned int microseconds) {
  (void)ssl;
  (void)microseconds;
  return 3000000;
}

// A callback that must be a plain C function. OpenSSL's own timer reads the wall clock; it is made slow so that the
// caller's timer, which lives on the caller's clock, is nearly always first.
static inline void openssl_use_slow_timer(SSL *ssl) {
  DTLS_set_timer_cb(ssl, openssl_slow_dtls_timer);
}

// Macros over BIO_ctrl.
static inline int openssl_bio_pending(BIO *bio) {
  return BIO_pending(bio);
}

static inline void openssl_bio_discard(BIO *bio) {
  (void)BIO_reset(bio);
}

static inline void openssl_bio_set_retry_when_empty(BIO *bio) {
  BIO_set_mem_eof_return(bio, -1);
}
