#include "bgpd/fsm/nego.h"

#include <string.h>

#include "bgpd/wire/family.h"
#include "bgpd/wire/notify.h"
#include "lib/check.h"

enum {
	OPEN_BAD_PEER_AS = 2,
	OPEN_BAD_ID = 3,
	OPEN_UNSUPPORTED_CAPABILITY = 7,
	OPEN_ROLE_MISMATCH = 11
};

#define CAP_MULTIPROTOCOL 1 /* RFC 4760 8: code(1) length(1)=4 afi(2) reserved(1) safi(1) */

struct wire_open fsm_nego_open(const struct fsm_conf *conf)
{
	return (struct wire_open){
		.as = conf->local_as,
		.hold_s = conf->hold_s,
		.id = conf->local_id,
		.mp = true,
		.families = conf->families,
		.as4 = true,
		.refresh = true,
		.enhanced_refresh = true,
		.extended_message = conf->extended_message,
		.add_path_receive = conf->add_path_receive & conf->families,
		.add_path_send = conf->add_path_send & conf->families,
		.extended_next_hop = conf->extended_next_hop & conf->families,
		.role = conf->role,
		.restart = conf->restart,
	};
}

static bool refuse(struct wire_fault *fault, uint8_t subcode, const char *why)
{
	*fault = (struct wire_fault){
		.action = WIRE_RESET, .code = WIRE_ERR_OPEN, .subcode = subcode, .why = why};
	return false;
}

static void add_wanted_capabilities(struct wire_fault *fault, uint32_t families)
{
	struct wbuf w = wbuf_of(fault->data, sizeof(fault->data));

	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		if (!(families & WIRE_FAMILY_BIT(f)))
			continue;
		wbuf_put_u8(&w, CAP_MULTIPROTOCOL);
		wbuf_put_u8(&w, 4);
		wbuf_put_u16(&w, wire_family_get(f)->afi);
		wbuf_put_u8(&w, 0);
		wbuf_put_u8(&w, wire_family_get(f)->safi);
	}
	fault->data_len = (uint8_t)w.len;
}

/* RFC 9234 4.2, the pairs of table 2. True if they may be neighbours. */
static bool roles_check(const struct fsm_conf *conf, const struct wire_open *theirs)
{
	static const uint8_t counterpart[] = {
		3, 2, 1, 0, 4}; /* provider and customer, RS and RS client, peers */

	if (theirs->role_conflict)
		return false;
	if (conf->role == WIRE_ROLE_NONE)
		return true;
	if (theirs->role == WIRE_ROLE_NONE)
		return !conf->role_strict;
	return conf->role < ARRAY_LEN(counterpart) && theirs->role == counterpart[conf->role];
}

static void ctx_agree(
	const struct fsm_conf *conf, const struct wire_open *theirs, struct wire_ctx *ctx)
{
	uint32_t offered = theirs->mp ? theirs->families : WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST);
	bool extended = conf->extended_message && theirs->extended_message;
	uint32_t both = conf->families & offered;

	*ctx = (struct wire_ctx){
		.as4 = theirs->as4,
		.ebgp = theirs->as != conf->local_as,
		.refresh = theirs->refresh,
		.enhanced_refresh = theirs->enhanced_refresh,
		.families = both,
		.add_path_rx = both & conf->add_path_receive & theirs->add_path_send,
		.add_path_tx = both & conf->add_path_send & theirs->add_path_receive,
		.extended_next_hop = both & conf->extended_next_hop & theirs->extended_next_hop,
		.msg_max = extended ? WIRE_MSG_MAX_EXTENDED : WIRE_MSG_MAX,
		.local_as = conf->local_as,
		.peer_as = theirs->as,
	};
}

bool fsm_nego_check(const struct fsm_conf *conf, const struct wire_open *theirs,
	struct wire_ctx *ctx, struct wire_fault *fault)
{
	*fault = (struct wire_fault){0};
	ctx_agree(conf, theirs, ctx);
	if (conf->peer_as ? theirs->as != conf->peer_as : theirs->as == conf->local_as)
		return refuse(fault, OPEN_BAD_PEER_AS, "the peer's AS is not the configured one");
	if (!ctx->ebgp && theirs->id == conf->local_id)
		return refuse(fault, OPEN_BAD_ID, "an internal peer has our own BGP identifier");
	if (!roles_check(conf, theirs))
		return refuse(fault, OPEN_ROLE_MISMATCH,
			theirs->role_conflict		 ? "several roles (RFC 9234 4.2)"
			: theirs->role == WIRE_ROLE_NONE ? "the peer says no role (RFC 9234 4.2)"
							 : "the peer's role is not the counterpart "
							   "of ours (RFC 9234 4.2)");
	if (!ctx->families) {
		refuse(fault, OPEN_UNSUPPORTED_CAPABILITY, "no address family in common");
		add_wanted_capabilities(fault, conf->families);
		return false;
	}
	return true;
}

bool fsm_nego_keeps(const struct fsm_conf *conf, const struct wire_open *theirs, enum fsm_loss loss)
{
	if (!conf->restart.sent || !theirs->restart.sent || loss == FSM_LOSS_HARD)
		return false;
	return loss == FSM_LOSS_TCP || (conf->restart.notification && theirs->restart.notification);
}

uint32_t fsm_nego_hold_ms(const struct fsm_conf *conf, const struct wire_open *theirs)
{
	uint32_t hold_s = conf->hold_s < theirs->hold_s ? conf->hold_s : theirs->hold_s;

	return hold_s * 1000;
}

enum fsm_slot fsm_nego_winner(const struct fsm_conf *conf, const struct wire_open *theirs)
{
	if (conf->local_id != theirs->id)
		return conf->local_id > theirs->id ? FSM_OUTBOUND : FSM_INBOUND;
	return conf->local_as > theirs->as ? FSM_OUTBOUND : FSM_INBOUND;
}
