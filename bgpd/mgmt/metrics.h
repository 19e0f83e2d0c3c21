/*
 * Counters as OpenMetrics 1.0 text, made in pieces: tables of metric families, each with a function that writes the samples of
 * one row (a neighbour, a port, a VRF, ...). Names, once given out, stay: dashboards and alerts stand on them.
 *
 * Families of BGP have the labels of frr_exporter: vrf ("default" is the core), afi, safi, local_as, peer, peer_as, peer_desc (the
 * neighbour's name). What is of a session and of no family of routes is without afi and safi, so that sums are right.
 *
 * If the configuration is replaced meanwhile, the answer ends without `# EOF`, and no scraper takes it.
 */
#ifndef BGPD_MGMT_METRICS_H
#define BGPD_MGMT_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "bgpd/core/state.h"
#include "bgpd/mgmt/vitals.h"

struct mgmt_stream;
struct rpki_cache_status;
struct core_bmp_station;

#define MGMT_METRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* text as the value of a label, without the quotes, into out (cap octets, terminated): `\`, `"` and newline escaped. */
char *mgmt_metrics_escape(const char *text, char *out, size_t cap);

/* --- for the tables --- */

struct metric_family;

struct metric_out {
	const struct router *r;
	uint64_t now_ms;
	struct mgmt_vitals vitals;
	uint32_t *peers; /* of each VRF (the core's are the last), by family of routes */
	struct mgmt_stream *s;
	const struct metric_family *family;
	unsigned budget; /* samples that this piece still takes */
};

struct metric_family {
	const char *name, *type, *unit, *help;	       /* unit: NULL, or the end of the name */
	unsigned (*rows)(const struct metric_out *o);  /* NULL: one */
	void (*row)(struct metric_out *o, unsigned i); /* the samples of a row, or none */
	uint64_t (*peer)(const struct metric_out *o, const struct core_peer *p);
	uint64_t (*route)(
		const struct metric_out *o, const struct core_peer *p, enum wire_family f);
	uint64_t (*station)(const struct core_bmp_station *s);
	uint64_t (*cache)(const struct rpki_cache_status *s);
	size_t offset; /* of a counter of the kernel's in struct fib_mpls_stats, or of ours in struct mgmt_vitals */
};

/* Each ends with a family without a name. */
extern const struct metric_family mgmt_metrics_guard[], mgmt_metrics_bgp[], mgmt_metrics_vrf[],
	mgmt_metrics_remote[];

struct metric_label {
	const char *name, *value;
};

#define METRIC_LABELS(...) ((const struct metric_label[]){__VA_ARGS__, {NULL, NULL}})
#define METRIC_NO_LABELS   ((const struct metric_label[]){{NULL, NULL}})

/* suffix: "_total" of a counter, "_info", or "". Labels end with a name of NULL. */
void mgmt_metric(struct metric_out *o, const char *suffix, uint64_t value,
	const struct metric_label *labels);
const char *mgmt_metric_suffix(const struct metric_out *o); /* of the family's type */

/* "default": the core's. */
const char *mgmt_metric_vrf(const struct metric_out *o, int vrf);
const char *mgmt_metric_afi(enum wire_family f);
const char *mgmt_metric_safi(enum wire_family f);

#endif
