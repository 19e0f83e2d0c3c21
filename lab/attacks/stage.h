/*
 * What an attack has to its hands: the run's network, frames out of any port, sight of every port, BGP as anybody,
 * and the answers of the PE under test. All calls have deadlines; nothing here knows whether a protection is on.
 */
#ifndef LAB_ATTACKS_STAGE_H
#define LAB_ATTACKS_STAGE_H

#include "lab/attacks/attack.h"
#include "lab/attacks/judge.h"
#include "lab/attacks/sight.h"
#include "lab/run.h"

#define ATTACK_WIRES_MAX 32

enum attack_pe { ATTACK_PE_RAVELIN, ATTACK_PE_FRR };

/* A port that frames were sent out of: its socket stays open. */
struct attack_wire {
	char port[40];
	int fd, ifindex;
	bool used; /* in this launch */
};

struct attack_stage {
	struct lab_run *run;
	enum attack_pe pe; /* who is pe1 */
	unsigned pe_node;
	struct attack_sights sights;  /* every port of the network is watched, always */
	const struct attack *attack;  /* launched now */
	bool control;		      /* for the record only: attacks must not look */
	uint8_t nonce[LAB_NONCE_LEN]; /* new for every launch; goes into all that is sent */

	/* the runner's and stage.c's own */
	struct attack_wire wire[ATTACK_WIRES_MAX];
	unsigned n_wires;
	unsigned frames; /* sent in this launch */
	struct attack_reading reading[ATTACK_COUNTERS_MAX];
	char comment[ATTACK_TEXT_MAX];
};

/* NULL-safe parts of a stage's life: the sights of every port. 0 or -errno. */
int attack_stage_init(struct attack_stage *st, struct lab_run *r, enum attack_pe pe);
void attack_stage_fini(struct attack_stage *st);

/* A launch begins: new nonce, nothing sent, sights empty; counters are read. And ends: sights closed. */
void attack_stage_begin(struct attack_stage *st, const struct attack *a, bool control);
void attack_stage_end(struct attack_stage *st);

/* The first port that frames of this launch came into, of those that are at no link into which some were sent; NULL: none. */
const char *attack_stage_spread(const struct attack_stage *st);

/* Sends a frame out of "ce-a1:eth1". 0 or -errno. */
int attack_send(struct attack_stage *st, const char *port, const uint8_t *frame, size_t len);

/* MAC address of a port. False (and zeros): no such port. */
bool attack_mac(struct attack_stage *st, const char *port, uint8_t mac[6]);

/* The label that the PE pops into this VRF; -1: none. Of another node: that node's. */
int attack_label(struct attack_stage *st, const char *vrf);
int attack_label_of(struct attack_stage *st, const char *node, const char *vrf);

/*
 * Waits until `want` frames with this launch's nonce (match NULL) or for which match says yes have come INTO port since the launch
 * began, at most ms. Copies of one stimulus (same sequence number, frame.h) count once. How many. Where none may arrive, the runner's
 * counters say when all were dropped, so that no full patience is needed: then ms is the upper bound.
 */
unsigned attack_arrived(struct attack_stage *st, const char *port, unsigned want, unsigned ms);
unsigned attack_matched(struct attack_stage *st, const char *port, unsigned want, unsigned ms,
	attack_match_fn *match, void *arg);

/* Lines of shell in a node; output cut at cap. Exit status or -errno. */
int attack_shell(
	struct attack_stage *st, const char *node, const char *line, char *out, size_t cap);

/* GET of the PE's API ("/v1/guard"); NULL with FRR or no answer. The caller's. */
json_t *attack_api(struct attack_stage *st, const char *path);

/* Asks until it is so, at most ms. */
typedef bool attack_ask_fn(struct attack_stage *st, void *arg);
bool attack_until(struct attack_stage *st, attack_ask_fn *ask, void *arg, unsigned ms);

/* A route of this prefix ("172.16.66.0/24") in a VRF's kernel table of a node (vrf NULL: main). */
bool attack_kernel_route(
	struct attack_stage *st, const char *node, const char *vrf, const char *prefix);

/* One echo request from a CE's address to another, answered within ms: what is legitimate. */
bool attack_ping(
	struct attack_stage *st, const char *node, const char *source, const char *to, unsigned ms);

/* The BGP session of pe1 with that neighbour (name in Ravelin's configuration, address in FRR's) is Established. */
bool attack_session_up(
	struct attack_stage *st, const char *name, const char *address, const char *vrf);

/* For the evidence: what the frames of this launch on that port show, beside them in the capture. */
void attack_comment(struct attack_stage *st, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
