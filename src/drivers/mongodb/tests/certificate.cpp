#include "certificate.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace oficio::mongodb {
namespace {

template <auto Free>
struct freed {
  void operator()(auto* what) const { Free(what); }
};

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL makes no certificate");
}

template <class Write>
std::string pem_of(Write write) {
  std::unique_ptr<BIO, freed<BIO_free_all>> out(BIO_new(BIO_s_mem()));
  must(write(out.get()) == 1);
  char* text = nullptr;
  auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

void add_extension(X509* to, int kind, const std::string& value) {
  std::unique_ptr<X509_EXTENSION, freed<X509_EXTENSION_free>> e(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  must(e && X509_add_ext(to, e.get(), -1) == 1);
}

}  // namespace

certificate make_certificate(const std::string& name) {
  std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>> key(EVP_EC_gen("P-256"));
  std::unique_ptr<X509, freed<X509_free>> made(X509_new());
  must(key && made);
  auto* x = made.get();
  must(X509_set_version(x, 2) == 1);
  must(ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1);
  must(X509_gmtime_adj(X509_getm_notBefore(x), -60) != nullptr);
  must(X509_gmtime_adj(X509_getm_notAfter(x), 3'600) != nullptr);
  must(X509_set_pubkey(x, key.get()) == 1);
  const auto* common = reinterpret_cast<const unsigned char*>("oficio test");
  must(X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, common, -1, -1,
                                  0) == 1);
  must(X509_set_issuer_name(x, X509_get_subject_name(x)) == 1);
  add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(x, NID_subject_alt_name, name);
  must(X509_sign(x, key.get(), EVP_sha256()) > 0);
  return {pem_of([&](BIO* out) { return PEM_write_bio_X509(out, x); }), pem_of([&](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace oficio::mongodb
