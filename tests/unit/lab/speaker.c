/* The attacker's BGP: what it writes is what our own codec reads, and it notices what the other side does. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/wire/notify.h"
#include "bgpd/wire/update.h"
#include "lab/attacks/speaker.h"

#define IN_CAP 131072 /* as speaker_dial() */

struct pair {
	struct speaker s;
	int other;
};

/* A session that stands, with the test at the other end. */
static void begin(struct pair *p)
{
	int fd[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	*p = (struct pair){.other = fd[1],
		.s = {.fd = fd[0],
			.up = true,
			.conf = {.as = 65104},
			.local = ip_addr_v4(0xc0a80402),
			.in = malloc(IN_CAP),
			.ctx = {.as4 = true,
				.ebgp = true,
				.enhanced_refresh = true,
				.families = WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST),
				.msg_max = WIRE_MSG_MAX}}};
	cr_assert(p->s.in);
}

static void end(struct pair *p)
{
	close(p->other);
	speaker_close(&p->s);
}

static void say(struct pair *p, const void *octets, size_t len)
{
	cr_assert_eq(write(p->other, octets, len), (ssize_t)len);
}

/* The next message of the speaker's, whole, header included. */
static size_t hear(struct pair *p, uint8_t *out)
{
	size_t len;

	cr_assert_eq(recv(p->other, out, WIRE_HEADER_LEN, MSG_WAITALL), WIRE_HEADER_LEN);
	len = (size_t)out[16] << 8 | out[17];
	cr_assert_eq(recv(p->other, out + WIRE_HEADER_LEN, len - WIRE_HEADER_LEN, MSG_WAITALL),
		(ssize_t)(len - WIRE_HEADER_LEN));
	return len;
}

Test(speaker, open_with_capabilities_that_the_codec_does_not_know)
{
	static const uint8_t capas[] = {1, 4, 0, 1, 0, 128, 200, 1, 7};
	struct speaker_conf c = {.local = "192.168.4.2",
		.as = 65104,
		.with_role = true,
		.role = 3,
		.capas = capas,
		.capas_len = sizeof(capas)};
	uint8_t octets[WIRE_MSG_MAX];
	size_t len = speaker_open_put(&c, octets);
	struct wire_fault fault = {0};
	struct wire_open o;

	cr_assert_eq(len, (size_t)octets[16] << 8 | octets[17]);
	cr_assert(wire_open_get(octets + WIRE_HEADER_LEN, len - WIRE_HEADER_LEN, &o, &fault), "%s",
		fault.why);
	cr_expect_eq(o.as, 65104);
	cr_expect_eq(o.id, 0xc0a80402);
	cr_expect_eq(o.role, 3);
	cr_expect_eq(o.families, WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST) | WIRE_FAMILY_BIT(WIRE_VPNV4));
	cr_expect_eq(o.unknown_caps, 1);
}

Test(speaker, many_routes_are_all_told)
{
	struct speaker_route r = {.prefix = "20.0.0.0/24", .count = 2500};
	struct wire_ctx ctx;
	uint8_t octets[WIRE_MSG_MAX];
	struct wire_update u;
	struct arena arena;
	struct pair p;
	unsigned n = 0;

	begin(&p);
	ctx = p.s.ctx;
	arena_init(&arena, 65536);
	cr_assert_eq(speaker_update(&p.s, &r), 0);
	while (n < r.count) {
		size_t len = hear(&p, octets);

		cr_assert_eq(wire_update_get(octets + WIRE_HEADER_LEN, len - WIRE_HEADER_LEN, &ctx,
				     &arena, &u),
			WIRE_OK);
		cr_assert_eq(ip_addr_get_v4(&u.attrs.next_hop), 0xc0a80402);
		n += u.reach[0].count;
	}
	cr_expect_eq(n, r.count);
	arena_fini(&arena);
	end(&p);
}

Test(speaker, what_the_attack_brings_along_is_sent_as_it_is)
{
	static const uint8_t path[] = {2, 1, 0, 0, 0, 9, 1, 1, 0, 0, 0, 8};
	static const uint8_t broken[] = {0xe0, 8, 5, 1, 2, 3, 4, 5};
	struct speaker_route r = {.prefix = "172.16.66.0/24",
		.next_hop = "127.0.0.1",
		.path = path,
		.n_path = sizeof(path),
		.extra = broken,
		.n_extra = sizeof(broken)};
	uint8_t octets[WIRE_MSG_MAX];
	struct pair p;
	size_t len;

	begin(&p);
	cr_assert_eq(speaker_update(&p.s, &r), 0);
	len = hear(&p, octets);
	cr_expect(memmem(octets, len, path, sizeof(path)));
	cr_expect(memmem(octets, len, broken, sizeof(broken)));
	cr_expect(memmem(octets, len, (const uint8_t[]){3, 4, 127, 0, 0, 1}, 6));
	end(&p);
}

Test(speaker, messages_come_one_by_one_and_a_notification_ends_it)
{
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct pair p;

	begin(&p);
	wire_keepalive_put(&w);
	wire_update_put_eor(&w, WIRE_IPV4_UNICAST);
	wire_notify_put(&w, WIRE_ERR_CEASE, WIRE_CEASE_MAX_PREFIX, NULL, 0);
	say(&p, octets, w.len - 3);
	cr_expect_eq(speaker_wait(&p.s, 1000), SPEAKER_MESSAGE);
	cr_expect_eq(p.s.type, WIRE_KEEPALIVE);
	cr_expect_eq(speaker_wait(&p.s, 1000), SPEAKER_MESSAGE);
	cr_expect_eq(p.s.type, WIRE_UPDATE);
	cr_expect_eq(p.s.body_len, 4);
	cr_expect_eq(speaker_wait(&p.s, 0), SPEAKER_NOTHING, "not whole yet");
	say(&p, octets + w.len - 3, 3);
	cr_expect_eq(speaker_wait(&p.s, 1000), SPEAKER_NOTIFICATION);
	cr_expect_eq(p.s.code, WIRE_ERR_CEASE);
	cr_expect_eq(p.s.subcode, WIRE_CEASE_MAX_PREFIX);
	cr_expect_not(p.s.up);
	end(&p);
}

/* What the other side has to say to a question, and whether that makes it settled. */
static bool settled(const enum wire_refresh *answers, unsigned n, bool ends)
{
	uint8_t octets[256];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	struct pair p;
	bool is;

	begin(&p);
	for (unsigned i = 0; i < n; i++)
		wire_refresh_put(&w, WIRE_IPV4_UNICAST, answers[i]);
	if (ends)
		wire_notify_put(&w, WIRE_ERR_UPDATE, 1, NULL, 0);
	say(&p, octets, w.len);
	is = speaker_settled(&p.s, 1000);
	end(&p);
	return is;
}

Test(speaker, settled_is_what_was_answered)
{
	static const enum wire_refresh all[] = {WIRE_REFRESH_BORR, WIRE_REFRESH_EORR};
	static const enum wire_refresh late[] = {
		WIRE_REFRESH_EORR, WIRE_REFRESH_BORR, WIRE_REFRESH_EORR};

	cr_expect(settled(all, 2, false));
	cr_expect(settled(late, 3, false));
	cr_expect_not(settled(late, 1, true), "the end of an earlier answer is none");
	cr_expect_not(settled(NULL, 0, true));
	cr_expect_not(settled(all, 1, true), "it ended in the middle");
}
