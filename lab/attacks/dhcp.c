#include "lab/attacks/dhcp.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "lab/attacks/ear.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#define SERVER_PORT 67
#define CLIENT_PORT 68
#define SERVER	    "172.16.1.67" /* somebody behind ce-a1 */
#define CLIENT	    "172.16.2.1"
#define FIXED	    236 /* octets in front of the magic number (RFC 2131 2) */
#define GIADDR_AT   24
#define CHADDR_AT   28
#define FILE_AT	    108
#define FILE_LEN    128
#define MORE	    0x2000 /* fragments (RFC 791 3.1) */
#define TRIES	    8
#define HEAR_MS	    300

static void dhcp_options(struct frame *f, const struct dhcp_message *m)
{
	const uint8_t head[] = {99, 130, 83, 99, 53, 1, (uint8_t)m->type};
	static const uint8_t end = 255;

	frame_octets(f, head, sizeof head);
	frame_octets(f, m->options, m->n_options);
	if (!m->open)
		frame_octets(f, &end, 1);
}

void dhcp_payload(struct frame *f, const uint8_t nonce[16], uint16_t seq, bool reply,
	const struct dhcp_message *m)
{
	uint8_t o[FIXED] = {reply ? 2 : 1, 1, 6};
	uint8_t *mine = o + FILE_AT + FILE_LEN - LAB_NONCE_LEN - 2;

	CHECK(m->n_file <= FILE_LEN - LAB_NONCE_LEN - 2);
	memcpy(o + 4, nonce, 4); /* xid */
	memcpy(o + 16, (const uint8_t[]){172, 16, 2, 99}, 4);
	if (m->giaddr)
		memcpy(o + GIADDR_AT, (const uint8_t[]){172, 16, 2, 1}, 4);
	memcpy(o + CHADDR_AT, (const uint8_t[]){2, 0, 0, 0, (uint8_t)(seq >> 8), (uint8_t)seq}, 6);
	if (m->n_file)
		memcpy(o + FILE_AT, m->file, m->n_file);
	memcpy(mine, nonce, LAB_NONCE_LEN);
	mine[LAB_NONCE_LEN] = (uint8_t)(seq >> 8);
	mine[LAB_NONCE_LEN + 1] = (uint8_t)seq;
	frame_octets(f, o, sizeof o);
	if (m->type != DHCP_NONE)
		dhcp_options(f, m);
}

static void dhcp_ip(struct frame *f, const struct dhcp_message *m)
{
	struct frame_ip ip = {.src = SERVER,
		.dst = CLIENT,
		.protocol = IPPROTO_UDP,
		.fragment = m->fragment ? MORE : 0};

	if (m->alert) {
		memcpy(ip.options, (const uint8_t[]){148, 4, 0, 0}, 4); /* RFC 2113 2.1 */
		ip.n_options = 4;
	}
	frame_ip(f, &ip);
}

void dhcp_rogue(struct attack_stage *st, struct attack_impact *out, const struct dhcp_message *m,
	unsigned n)
{
	struct frame f;

	for (unsigned i = 0; i < n && !out->error; i++) {
		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		dhcp_ip(&f, &m[i]);
		frame_udp(&f, m[i].from ? m[i].from : SERVER_PORT, m[i].to ? m[i].to : CLIENT_PORT);
		if (m[i].unsummed)
			frame_udp_unsummed(&f);
		dhcp_payload(&f, st->nonce, (uint16_t)(i + 1), true, &m[i]);
		router_send(st, &f, "ce-a1:eth1", out);
	}
	out->hit = attack_arrived(st, "ce-a2:eth1", n, 1000);
}

bool dhcp_client_passes(struct attack_stage *st, char *what, size_t cap)
{
	const struct ear_conf server = {.type = SOCK_DGRAM, .port = SERVER_PORT};
	const struct dhcp_message renew = {.type = DHCP_REQUEST};
	struct attack_impact out = {0};
	struct ear ear = {0};
	struct frame f;
	int err = ear_open(&ear, st, "ce-a2", &server);

	for (unsigned i = 0; !err && !ear.heard && i < TRIES; i++) {
		router_frame(st, &f, "ce-a1:eth1", "pe1:eth2");
		frame_ip(&f, &(struct frame_ip){
				     .src = "172.16.1.1", .dst = CLIENT, .protocol = IPPROTO_UDP});
		frame_udp(&f, CLIENT_PORT, SERVER_PORT);
		dhcp_payload(&f, st->nonce, 999, false, &renew);
		router_send(st, &f, "ce-a1:eth1", &out);
		ear_heard(&ear, st, 1, HEAR_MS, NULL, NULL);
	}
	ear_close(&ear);
	snprintf(what, cap, "a DHCP client's request from ce-a1 is %s at customer A's other site",
		ear.heard ? "heard" : "not heard");
	return ear.heard;
}
