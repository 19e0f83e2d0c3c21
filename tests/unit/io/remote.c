/* Connections to caches and stations against a real listener, plain and with TLS 1.3; certificates are made here. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "bgpd/io/clock.h"
#include "bgpd/io/remote.h"
#include "tests/unit/io/turn.h"

#define WAIT_MS 5000

struct world {
	struct conf_remote remote;
	struct conf conf;
	struct event_base *base;
	struct io_remotes *all;
	int listener, other; /* the cache's side */
	SSL_CTX *ctx;	     /* the cache's; NULL: plain */
	SSL *ssl;
	char dir[32], ca[64], cert[64], key[64];
	EVP_PKEY *ca_key;
	X509 *ca_cert;

	unsigned ups, downs, fulls, drains;
	size_t got, take_from; /* octets; nothing is taken before there are so many */
	uint8_t last[64];
	char why[256];
	bool close_when_got, dial_when_down;
};

static void on_up(void *arg, uint32_t remote)
{
	struct world *w = arg;

	cr_assert_eq(remote, 0);
	w->ups++;
}

static void on_down(void *arg, uint32_t remote, const char *why)
{
	struct world *w = arg;

	w->downs++;
	snprintf(w->why, sizeof(w->why), "%s", why);
	if (w->dial_when_down) {
		w->dial_when_down = false;
		io_remote_dial(w->all, remote);
	}
}

static size_t on_received(void *arg, uint32_t remote, const uint8_t *data, size_t len)
{
	struct world *w = arg;

	if (len < w->take_from)
		return 0;
	w->got += len;
	memcpy(w->last, data, len < sizeof(w->last) ? len : sizeof(w->last));
	if (w->close_when_got)
		io_remote_close(w->all, remote);
	return len;
}

static void on_flow(void *arg, uint32_t remote, bool full)
{
	struct world *w = arg;

	*(full ? &w->fulls : &w->drains) += 1;
}

static const struct io_remote_handler calls = {on_up, on_down, on_received, on_flow};

static void world_init(struct world *w)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(in);

	*w = (struct world){.other = -1};
	w->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(w->listener, (struct sockaddr *)&in, sizeof(in)), 0);
	cr_assert_eq(listen(w->listener, 5), 0);
	cr_assert_eq(getsockname(w->listener, (struct sockaddr *)&in, &len), 0);
	w->remote = (struct conf_remote){
		.name = "c1", .addr = ip_addr_v4(INADDR_LOOPBACK), .port = ntohs(in.sin_port)};
	w->conf = (struct conf){.remotes = &w->remote, .n_remotes = 1};
}

static void world_run(struct world *w)
{
	char why[256] = "";

	w->base = event_base_new();
	w->all = io_remotes_new(&w->conf, why, sizeof(why));
	cr_assert_not_null(w->all, "%s", why);
	io_remotes_run(w->all, w->base, &calls, w);
}

static void world_fini(struct world *w)
{
	io_remotes_free(w->all);
	event_base_free(w->base);
	SSL_free(w->ssl);
	SSL_CTX_free(w->ctx);
	EVP_PKEY_free(w->ca_key);
	X509_free(w->ca_cert);
	if (w->other >= 0)
		close(w->other);
	if (w->listener >= 0)
		close(w->listener);
	if (w->dir[0]) {
		unlink(w->ca);
		unlink(w->cert);
		unlink(w->key);
		rmdir(w->dir);
	}
}

/* The cache takes the connection; with TLS it goes on with the handshake as far as there is something to read. */
static void serve(struct world *w)
{
	struct pollfd p = {.fd = w->listener, .events = POLLIN};

	if (w->other < 0 && poll(&p, 1, 0) == 1)
		w->other = accept4(w->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (w->other < 0 || !w->ctx)
		return;
	if (!w->ssl) {
		w->ssl = SSL_new(w->ctx);
		SSL_set_fd(w->ssl, w->other);
	}
	if (!SSL_is_init_finished(w->ssl) && SSL_accept(w->ssl) <= 0 &&
		SSL_get_error(w->ssl, -1) == SSL_ERROR_SSL) { /* the alert has left */
		close(w->other);
		w->other = -2;
	}
}

static bool is_up(void *arg)
{
	struct world *w = arg;

	serve(w);
	return w->ups == 1 && (!w->ssl || SSL_is_init_finished(w->ssl));
}

static bool is_down(void *arg)
{
	struct world *w = arg;

	serve(w);
	return w->downs > 0;
}

static bool has_octets(void *arg)
{
	return ((struct world *)arg)->got > 0;
}

static void dial(struct world *w)
{
	io_remote_dial(w->all, 0);
	cr_assert(turn_until(w->base, is_up, w, WAIT_MS), "%s", w->why);
	cr_assert_eq(w->downs, 0);
}

static void send_text(struct world *w, const char *text)
{
	struct out_block *b = out_block_new(text, strlen(text));

	io_remote_send(w->all, 0, b);
	out_block_unref(b);
}

struct read_for {
	struct world *w;
	char text[64];
	size_t want, n;
	bool eof;
};

static bool other_has_read(void *arg)
{
	struct read_for *r = arg;
	struct world *w = r->w;
	ssize_t n = w->ssl ? SSL_read(w->ssl, r->text + r->n, (int)(sizeof(r->text) - r->n))
			   : read(w->other, r->text + r->n, sizeof(r->text) - r->n);

	if (n > 0)
		r->n += (size_t)n;
	r->eof = w->ssl ? n <= 0 && SSL_get_error(w->ssl, (int)n) == SSL_ERROR_ZERO_RETURN : n == 0;
	return r->want ? r->n >= r->want : r->eof;
}

static void talk_both_ways(struct world *w)
{
	struct read_for r = {.w = w, .want = 5};

	dial(w);
	send_text(w, "hello");
	cr_assert(turn_until(w->base, other_has_read, &r, WAIT_MS));
	cr_expect_eq(memcmp(r.text, "hello", 5), 0);
	if (w->ssl)
		cr_assert_eq(SSL_write(w->ssl, "there", 5), 5);
	else
		cr_assert_eq(write(w->other, "there", 5), 5);
	cr_assert(turn_until(w->base, has_octets, w, WAIT_MS));
	cr_expect_eq(memcmp(w->last, "there", 5), 0);
}

Test(io_remote, octets_go_both_ways_and_the_end_is_told)
{
	struct world w;

	world_init(&w);
	world_run(&w);
	talk_both_ways(&w);
	close(w.other);
	w.other = -2;
	cr_assert(turn_until(w.base, is_down, &w, WAIT_MS));
	cr_expect_str_eq(w.why, "the other side closed the connection");
	world_fini(&w);
}

Test(io_remote, refused_is_told_later_and_by_address)
{
	struct world w;
	char want[64];

	world_init(&w);
	close(w.listener);
	w.listener = -1;
	world_run(&w);
	io_remote_dial(w.all, 0);
	cr_assert_eq(w.downs, 0, "not while the effects of a step are carried out");
	w.listener = -1;
	struct pollfd none = {.fd = -1};
	for (uint64_t until = io_clock_now_ms() + WAIT_MS; !w.downs && io_clock_now_ms() < until;
		poll(&none, 1, 1))
		event_base_loop(w.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	snprintf(want, sizeof(want), "cannot connect to 127.0.0.1 port %u: Connection refused",
		w.remote.port);
	cr_expect_str_eq(w.why, want);
	world_fini(&w);
}

/* Nobody is there: no route leads to it. */
Test(io_remote, what_cannot_even_be_tried_is_told_later)
{
	struct world w;

	world_init(&w);
	w.remote.addr = ip_addr_v4(0xffffffff);
	world_run(&w);
	io_remote_dial(w.all, 0);
	cr_assert_eq(w.downs, 0);
	cr_assert(turn_until(w.base, is_down, &w, WAIT_MS));
	cr_expect_not_null(strstr(w.why, "cannot connect to 255.255.255.255"), "%s", w.why);
	world_fini(&w);
}

static bool is_up_again(void *arg)
{
	struct world *w = arg;

	serve(w);
	return w->ups == 2;
}

Test(io_remote, may_be_dialled_again_from_within)
{
	struct world w;

	world_init(&w);
	world_run(&w);
	dial(&w);
	w.dial_when_down = true;
	close(w.other);
	w.other = -1;
	cr_assert(turn_until(w.base, is_up_again, &w, WAIT_MS));
	cr_expect_eq(w.downs, 1);
	world_fini(&w);
}

/* The last words leave, and what was still on the way to us does not destroy them. */
static void last_words(struct world *w)
{
	struct read_for r = {.w = w, .want = 0};

	dial(w);
	if (!w->ssl)
		cr_assert_eq(write(w->other, "more and more", 13), 13);
	send_text(w, "bye");
	io_remote_close(w->all, 0);
	send_text(w, "not any more");
	cr_assert(turn_until(w->base, other_has_read, &r, WAIT_MS));
	cr_expect_eq(r.n, 3);
	cr_expect_eq(memcmp(r.text, "bye", 3), 0);
	cr_expect_eq(w->downs, 0, "%s", w->why);
}

Test(io_remote, last_words_leave)
{
	struct world w;

	world_init(&w);
	world_run(&w);
	last_words(&w);
	world_fini(&w);
}

Test(io_remote, closing_and_dialling_at_once_are_two_connections)
{
	struct world w;

	world_init(&w);
	world_run(&w);
	dial(&w);
	io_remote_close(w.all, 0);
	close(w.other);
	w.other = -1;
	io_remote_dial(w.all, 0);
	cr_assert(turn_until(w.base, is_up_again, &w, WAIT_MS));
	cr_expect_eq(w.downs, 0);
	world_fini(&w);
}

Test(io_remote, closing_from_within_is_fine)
{
	struct world w;
	struct read_for r = {.w = &w, .want = 0};

	world_init(&w);
	world_run(&w);
	dial(&w);
	w.close_when_got = true;
	cr_assert_eq(write(w.other, "x", 1), 1);
	cr_assert(turn_until(w.base, other_has_read, &r, WAIT_MS));
	cr_expect_eq(w.got, 1);
	cr_expect_eq(w.downs, 0);
	world_fini(&w);
}

Test(io_remote, what_is_not_taken_is_offered_again_with_more)
{
	struct world w;

	world_init(&w);
	world_run(&w);
	dial(&w);
	w.take_from = 8;
	cr_assert_eq(write(w.other, "1234", 4), 4);
	for (int i = 0; i < 20; i++)
		event_base_loop(w.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	cr_assert_eq(w.got, 0);
	cr_assert_eq(write(w.other, "5678", 4), 4);
	cr_assert(turn_until(w.base, has_octets, &w, WAIT_MS));
	cr_expect_eq(memcmp(w.last, "12345678", 8), 0);
	world_fini(&w);
}

static bool floods(void *arg)
{
	struct world *w = arg;
	static const uint8_t octets[65536];

	while (write(w->other, octets, sizeof(octets)) > 0)
		;
	return w->downs > 0;
}

Test(io_remote, a_message_without_end_is_the_end)
{
	struct world w;

	world_init(&w);
	world_run(&w);
	dial(&w);
	w.take_from = SIZE_MAX;
	cr_assert(turn_until(w.base, floods, &w, WAIT_MS));
	cr_expect_str_eq(w.why, "it sends a message that has no end");
	world_fini(&w);
}

static bool was_full(void *arg)
{
	return ((struct world *)arg)->fulls > 0;
}

static bool reads_all(void *arg)
{
	struct world *w = arg;
	static uint8_t octets[65536];

	while (read(w->other, octets, sizeof(octets)) > 0)
		;
	return w->drains > 0;
}

Test(io_remote, a_slow_reader_is_full_and_drains)
{
	struct world w;
	struct out_block *b = out_block_alloc(1u << 20);

	b->len = 1u << 20;
	memset(b->data, 0, b->len);
	world_init(&w);
	world_run(&w);
	dial(&w);
	for (int i = 0; i < 12; i++)
		io_remote_send(w.all, 0, b);
	cr_assert_eq(w.fulls, 0, "not while the effects of a step are carried out");
	cr_assert(turn_until(w.base, was_full, &w, WAIT_MS));
	cr_assert(turn_until(w.base, reads_all, &w, WAIT_MS));
	cr_expect_eq(w.fulls, 1);
	cr_expect_eq(w.drains, 1);
	world_fini(&w);
	cr_expect_eq(b->refs, 1);
	out_block_unref(b);
}

/* --- TLS --- */

static void pem_write(const char *file, X509 *cert, EVP_PKEY *key)
{
	FILE *f = fopen(file, "we");

	cr_assert_not_null(f);
	if (cert)
		PEM_write_X509(f, cert);
	if (key)
		PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
}

/* Signed by the world's authority, or by itself if that is not there yet. */
static X509 *cert_make(struct world *w, EVP_PKEY *key, const char *names)
{
	X509 *c = X509_new();
	X509V3_CTX ctx;

	X509_set_version(c, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(c), w->ca_cert ? 2 : 1);
	X509_gmtime_adj(X509_getm_notBefore(c), -60);
	X509_gmtime_adj(X509_getm_notAfter(c), 3600);
	X509_set_pubkey(c, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC,
		(const unsigned char *)(w->ca_cert ? "side" : "authority"), -1, -1, 0);
	X509_set_issuer_name(c, X509_get_subject_name(w->ca_cert ? w->ca_cert : c));
	X509V3_set_ctx(&ctx, w->ca_cert ? w->ca_cert : c, c, NULL, NULL, 0);
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx,
		names ? NID_subject_alt_name : NID_basic_constraints, names ? names : "CA:TRUE");
	cr_assert_not_null(e);
	X509_add_ext(c, e, -1);
	X509_EXTENSION_free(e);
	cr_assert_gt(X509_sign(c, w->ca_key ? w->ca_key : key, EVP_sha256()), 0);
	return c;
}

/* A cache with a certificate for these names, and a router that trusts its authority. */
static void world_init_tls(struct world *w, const char *names)
{
	world_init(w);
	snprintf(w->dir, sizeof(w->dir), "/tmp/remote-XXXXXX");
	cr_assert_not_null(mkdtemp(w->dir));
	snprintf(w->ca, sizeof(w->ca), "%s/ca", w->dir);
	snprintf(w->cert, sizeof(w->cert), "%s/cert", w->dir);
	snprintf(w->key, sizeof(w->key), "%s/key", w->dir);
	EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
	w->ca_cert = cert_make(w, ca_key, NULL);
	w->ca_key = ca_key;
	X509 *cert = cert_make(w, key, names);
	pem_write(w->ca, w->ca_cert, NULL);
	pem_write(w->cert, cert, NULL);
	pem_write(w->key, NULL, key);
	w->ctx = SSL_CTX_new(TLS_server_method());
	cr_assert_eq(SSL_CTX_use_certificate(w->ctx, cert), 1);
	cr_assert_eq(SSL_CTX_use_PrivateKey(w->ctx, key), 1);
	X509_free(cert);
	EVP_PKEY_free(key);
	w->remote.tls = true;
	w->remote.tls_ca = w->ca;
}

Test(io_remote, tls_with_the_address_in_the_certificate)
{
	struct world w;

	world_init_tls(&w, "IP:127.0.0.1");
	world_run(&w);
	talk_both_ways(&w);
	cr_expect_str_eq(SSL_get_version(w.ssl), "TLSv1.3");
	SSL_shutdown(w.ssl);
	close(w.other);
	w.other = -2;
	cr_assert(turn_until(w.base, is_down, &w, WAIT_MS));
	cr_expect_str_eq(w.why, "the other side closed the connection");
	world_fini(&w);
}

Test(io_remote, tls_torn_down_without_a_word)
{
	struct world w;

	world_init_tls(&w, "IP:127.0.0.1");
	world_run(&w);
	talk_both_ways(&w);
	close(w.other);
	w.other = -2;
	cr_assert(turn_until(w.base, is_down, &w, WAIT_MS));
	cr_expect_str_eq(w.why, "the other side closed the connection");
	world_fini(&w);
}

Test(io_remote, tls_last_words_leave)
{
	struct world w;

	world_init_tls(&w, "IP:127.0.0.1");
	world_run(&w);
	last_words(&w);
	world_fini(&w);
}

Test(io_remote, tls_with_a_name_in_the_certificate)
{
	struct world w;

	world_init_tls(&w, "DNS:rtr.example.net");
	w.remote.tls_name = "rtr.example.net";
	world_run(&w);
	talk_both_ways(&w);
	cr_expect_str_eq(SSL_get_servername(w.ssl, TLSEXT_NAMETYPE_host_name), "rtr.example.net");
	world_fini(&w);
}

static void expect_refused(struct world *w, const char *want)
{
	world_run(w);
	io_remote_dial(w->all, 0);
	cr_assert(turn_until(w->base, is_down, w, WAIT_MS));
	cr_expect_not_null(strstr(w->why, want), "%s", w->why);
	cr_expect_eq(w->ups, 0);
	world_fini(w);
}

Test(io_remote, tls_of_another_name_is_refused)
{
	struct world w;

	world_init_tls(&w, "DNS:other.example.net,IP:127.0.0.1");
	w.remote.tls_name = "rtr.example.net";
	expect_refused(
		&w, "certificate is refused: hostname mismatch (it has to be for rtr.example.net)");
}

Test(io_remote, tls_of_another_address_is_refused)
{
	struct world w;

	world_init_tls(&w, "IP:127.0.0.2");
	expect_refused(
		&w, "certificate is refused: IP address mismatch (it has to be for 127.0.0.1)");
}

Test(io_remote, tls_of_another_authority_is_refused)
{
	struct world w, trusted;

	world_init_tls(&trusted, "IP:127.0.0.1");
	world_run(&trusted);
	world_init_tls(&w, "IP:127.0.0.1");
	w.remote.tls_ca = trusted.ca;
	expect_refused(&w, "certificate is refused");
	world_fini(&trusted);
}

Test(io_remote, tls_12_is_refused)
{
	struct world w;

	world_init_tls(&w, "IP:127.0.0.1");
	SSL_CTX_set_max_proto_version(w.ctx, TLS1_2_VERSION);
	expect_refused(&w, "TLS: ");
}

/* A cache that speaks no TLS on that port. */
static bool plain_answers(void *arg)
{
	struct world *w = arg;
	struct pollfd p = {.fd = w->listener, .events = POLLIN};

	if (w->other < 0 && poll(&p, 1, 0) == 1) {
		w->other = accept4(w->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		cr_assert_eq(write(w->other, "\1\12\0\0\0\0\0\20\0\0\0\0\0\0\0\0", 16), 16);
	}
	return w->downs > 0;
}

Test(io_remote, what_speaks_no_tls_is_told_so)
{
	struct world w;

	world_init_tls(&w, "IP:127.0.0.1");
	world_run(&w);
	io_remote_dial(w.all, 0);
	cr_assert(turn_until(w.base, plain_answers, &w, WAIT_MS));
	cr_expect_str_eq(w.why, "TLS: what is on that port does not speak TLS");
	world_fini(&w);
}

Test(io_remote, tls_shows_a_certificate_of_its_own)
{
	struct world w;

	world_init_tls(&w, "IP:127.0.0.1");
	SSL_CTX_set_verify(w.ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_load_verify_file(w.ctx, w.ca);
	w.remote.tls_cert = w.cert;
	w.remote.tls_key = w.key;
	world_run(&w);
	talk_both_ways(&w);
	world_fini(&w);
}

/* With TLS 1.3 the client has finished before the server says that it wants a certificate. */
Test(io_remote, tls_that_wants_a_certificate_says_so)
{
	struct world w;

	world_init_tls(&w, "IP:127.0.0.1");
	SSL_CTX_set_verify(w.ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	world_run(&w);
	io_remote_dial(w.all, 0);
	cr_assert(turn_until(w.base, is_down, &w, WAIT_MS));
	cr_expect_not_null(strstr(w.why, "certificate required"), "%s", w.why);
	world_fini(&w);
}

static void expect_not_loaded(const char *cert, const char *key, const char *ca, const char *want)
{
	struct world w;
	char why[256] = "", path[3][80];

	world_init_tls(&w, "IP:127.0.0.1");
	snprintf(path[0], sizeof(path[0]), "%s/%s", w.dir, cert ? cert : "");
	snprintf(path[1], sizeof(path[1]), "%s/%s", w.dir, key ? key : "");
	snprintf(path[2], sizeof(path[2]), "%s/%s", w.dir, ca);
	w.remote.tls_cert = cert ? path[0] : NULL;
	w.remote.tls_key = key ? path[1] : NULL;
	w.remote.tls_ca = path[2];
	cr_expect_null(io_remotes_new(&w.conf, why, sizeof(why)));
	cr_expect_not_null(strstr(why, want), "%s", why);
	w.base = event_base_new();
	world_fini(&w);
}

Test(io_remote, files_that_will_not_do_are_named)
{
	expect_not_loaded(NULL, NULL, "nowhere", "c1: tls ca /tmp/remote-");
	expect_not_loaded("nowhere", "key", "ca", "c1: tls certificate /tmp/remote-");
	expect_not_loaded("cert", "ca", "ca", "c1: tls key /tmp/remote-");
	expect_not_loaded("ca", "key", "ca", "key values mismatch");
}
