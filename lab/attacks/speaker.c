#include "lab/attacks/speaker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/wire/notify.h"
#include "lab/api.h"
#include "lab/attacks/speaker_tcp.h"
#include "lab/frr.h"
#include "lib/check.h"
#include "lib/rbuf.h"

#define HOLD_S	 90
#define SEND_MS	 5000
#define CLOSE_MS 500
#define AGAIN_MS 50 /* between two attempts of a patient one */
#define IN_CAP	 131072
#define CAPAS_AT (WIRE_HEADER_LEN + 9) /* the length of the optional parameters (RFC 4271 4.2) */

/* --- what we say --- */

static uint32_t families(const struct speaker_conf *c)
{
	return c->families ? c->families : WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST);
}

/* One more parameter with the capabilities that the codec would not write. */
static size_t add_capas(const struct speaker_conf *c, uint8_t *out, size_t len)
{
	CHECK(c->capas_len <= 200 && out[CAPAS_AT] + c->capas_len + 2 < UINT8_MAX);
	out[len] = 2; /* RFC 5492 4 */
	out[len + 1] = (uint8_t)c->capas_len;
	memcpy(out + len + 2, c->capas, c->capas_len);
	out[CAPAS_AT] = (uint8_t)(out[CAPAS_AT] + c->capas_len + 2);
	len += c->capas_len + 2;
	out[16] = (uint8_t)(len >> 8);
	out[17] = (uint8_t)len;
	return len;
}

size_t speaker_open_put(const struct speaker_conf *c, uint8_t *out)
{
	struct wbuf w = wbuf_of(out, WIRE_MSG_MAX);
	struct wire_open o = {
		.as = c->as,
		.hold_s = c->hold ? c->hold : HOLD_S,
		.id = c->id,
		.mp = true,
		.families = families(c),
		.as4 = true,
		.refresh = true,
		.enhanced_refresh = true,
		.extended_message = c->extended,
		.role = c->with_role ? c->role : WIRE_ROLE_NONE,
	};
	struct ip_addr local;

	if (!o.id && c->local && ip_addr_parse(c->local, &local))
		o.id = ip_addr_get_v4(&local);
	wire_open_put(&w, &o);
	CHECK(wbuf_ok(&w));
	return c->capas_len ? add_capas(c, out, w.len) : w.len;
}

int speaker_send(struct speaker *s, const void *octets, size_t len)
{
	int err;

	if (s->fd < 0)
		return -ENOTCONN;
	err = speaker_tcp_send(s->fd, octets, len, speaker_now_ms() + SEND_MS);
	s->spoke_ms = speaker_now_ms();
	return err;
}

int speaker_message(struct speaker *s, uint8_t type, const void *body, size_t len)
{
	uint8_t *octets = malloc(WIRE_MSG_MAX_EXTENDED);
	struct wbuf w = wbuf_of(octets, WIRE_MSG_MAX_EXTENDED);
	size_t begin;
	int err;

	CHECK(octets);
	begin = wire_msg_begin(&w, (enum wire_msg_type)type);
	wbuf_put(&w, body, len);
	wire_msg_end(&w, begin);
	err = wbuf_ok(&w) ? speaker_send(s, octets, w.len) : -EMSGSIZE;
	free(octets);
	return err;
}

/* --- what they say --- */

/* The message that stands whole in the buffer. */
static bool take(struct speaker *s)
{
	size_t len;

	if (s->n_in < WIRE_HEADER_LEN)
		return false;
	len = (size_t)s->in[16] << 8 | s->in[17];
	if (len < WIRE_HEADER_LEN || s->n_in < len)
		return false;
	s->type = s->in[18];
	s->body = s->in + WIRE_HEADER_LEN;
	s->body_len = len - WIRE_HEADER_LEN;
	s->taken = len;
	if (s->conf.heard)
		s->conf.heard(s, s->conf.arg);
	return true;
}

static enum speaker_event told(struct speaker *s)
{
	struct wire_notify n;

	if (s->type != WIRE_NOTIFICATION)
		return SPEAKER_MESSAGE;
	s->up = false;
	if (wire_notify_get(s->body, s->body_len, &n)) {
		s->code = n.code;
		s->subcode = n.subcode;
	}
	return SPEAKER_NOTIFICATION;
}

static void stay_alive(struct speaker *s)
{
	uint64_t hold_ms = (s->conf.hold ? s->conf.hold : HOLD_S) * 1000ull;

	if (s->up && speaker_now_ms() > s->spoke_ms + hold_ms / 3)
		speaker_message(s, WIRE_KEEPALIVE, NULL, 0);
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

enum speaker_event speaker_wait(struct speaker *s, unsigned ms)
{
	uint64_t until = speaker_now_ms() + ms;
	int n;

	if (s->fd < 0)
		return SPEAKER_CLOSED;
	memmove(s->in, s->in + s->taken, s->n_in - s->taken);
	s->n_in -= s->taken;
	s->taken = 0;
	while (!take(s)) {
		stay_alive(s);
		n = speaker_tcp_recv(s->fd, s->in + s->n_in, IN_CAP - s->n_in,
			sooner(until, speaker_now_ms() + 1000));
		if (n < 0) {
			s->up = false;
			return SPEAKER_CLOSED;
		}
		s->n_in += (size_t)n;
		if (!n && speaker_now_ms() >= until)
			return SPEAKER_NOTHING;
	}
	return told(s);
}

/* --- a session --- */

static void agree(struct speaker *s)
{
	struct wire_open *o = &s->theirs;

	s->ctx = (struct wire_ctx){
		.as4 = o->as4,
		.ebgp = o->as != s->conf.as,
		.refresh = o->refresh,
		.enhanced_refresh = o->enhanced_refresh,
		.families = families(&s->conf) & o->families,
		.msg_max = s->conf.extended && o->extended_message ? WIRE_MSG_MAX_EXTENDED
								   : WIRE_MSG_MAX,
		.local_as = s->conf.as,
		.peer_as = o->as,
	};
}

/* The next message but UPDATEs must be this one. */
static int expect(struct speaker *s, uint8_t type, uint64_t until_ms)
{
	static const int faults[] = {[SPEAKER_NOTHING] = -ETIMEDOUT,
		[SPEAKER_NOTIFICATION] = -EPROTO,
		[SPEAKER_CLOSED] = -ECONNRESET};
	uint64_t now = speaker_now_ms();
	enum speaker_event ev = speaker_wait(s, until_ms > now ? (unsigned)(until_ms - now) : 0);

	if (ev != SPEAKER_MESSAGE)
		return faults[ev];
	return s->type == type ? 0 : -EPROTO;
}

int speaker_establish(struct speaker *s, unsigned ms)
{
	uint64_t until = speaker_now_ms() + ms;
	struct wire_fault fault;
	int err = expect(s, WIRE_OPEN, until);

	if (err)
		return err;
	if (!wire_open_get(s->body, s->body_len, &s->theirs, &fault))
		return -EPROTO;
	agree(s);
	err = speaker_message(s, WIRE_KEEPALIVE, NULL, 0);
	if (!err)
		err = expect(s, WIRE_KEEPALIVE, until);
	s->up = !err;
	return err;
}

static int dial_once(struct speaker *s, struct attack_stage *st, uint64_t until_ms)
{
	uint8_t open[WIRE_MSG_MAX];
	uint64_t now;
	int err;

	s->fd = speaker_tcp_dial(st, &s->conf, until_ms);
	if (s->fd < 0) {
		err = s->fd;
		s->fd = -1;
		return err;
	}
	s->local = speaker_tcp_local(s->fd);
	if (s->conf.open)
		return speaker_send(s, s->conf.open, s->conf.open_len);
	err = speaker_send(s, open, speaker_open_put(&s->conf, open));
	now = speaker_now_ms();
	return err ? err : speaker_establish(s, until_ms > now ? (unsigned)(until_ms - now) : 0);
}

static bool may_pass(int err)
{
	return err == -ECONNREFUSED || err == -ECONNRESET || err == -EPIPE;
}

int speaker_dial(
	struct speaker *s, struct attack_stage *st, const struct speaker_conf *conf, unsigned ms)
{
	uint64_t until = speaker_now_ms() + ms;
	int err;

	*s = (struct speaker){.fd = -1, .conf = *conf, .in = malloc(IN_CAP)};
	CHECK(s->in);
	while ((err = dial_once(s, st, until)) && conf->patient && may_pass(err) &&
		speaker_now_ms() < until) {
		if (s->fd >= 0)
			close(s->fd);
		s->fd = -1;
		s->n_in = s->taken = 0;
		usleep(AGAIN_MS * 1000);
	}
	return err;
}

static void end(struct speaker *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->in);
	s->in = NULL;
	s->fd = -1;
	s->up = false;
}

void speaker_close(struct speaker *s)
{
	static const uint8_t shutdown[] = {WIRE_ERR_CEASE, WIRE_CEASE_ADMIN_SHUTDOWN};
	uint64_t until = speaker_now_ms() + CLOSE_MS;

	/* until the other side has let go, so that an order to it that comes next finds no session of ours */
	if (s->fd >= 0 && s->up &&
		!speaker_message(s, WIRE_NOTIFICATION, shutdown, sizeof(shutdown)))
		while (speaker_now_ms() < until && speaker_wait(s, CLOSE_MS) == SPEAKER_MESSAGE)
			;
	end(s);
}

void speaker_reset(struct speaker *s)
{
	struct linger now = {.l_onoff = 1};

	if (s->fd >= 0)
		setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	end(s);
}

/* --- the other side's operator --- */

static void frr_clear(const char *node, const char *address, const char *vrf)
{
	struct lab_frr *frr = lab_frr_open(node, "bgpd");
	char line[128];

	if (!frr)
		return;
	snprintf(line, sizeof(line), vrf ? "clear bgp vrf %2$s %1$s" : "clear bgp %1$s", address,
		vrf);
	lab_frr_say(frr, line);
	lab_frr_close(frr);
}

void speaker_forgiven(
	struct attack_stage *st, const char *name, const char *address, const char *vrf)
{
	const char *node = st->run->topo.nodes[st->pe_node].name;
	char path[160];

	if (st->pe == ATTACK_PE_FRR) {
		frr_clear(node, address, vrf);
		return;
	}
	snprintf(path, sizeof(path), "/v1/bgp/neighbors/reset?name=%s", name);
	json_decref(lab_api_post(node, path));
}
