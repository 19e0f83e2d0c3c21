/*
 * What happened in a run of attacks, collected from the events of the inside: report.json as an object, and the packets.
 *
 * Events (their keys are those of report.json, topologies/attack-report.schema.json, besides "ev" and "t"):
 *   attack     a row, done; the same id again replaces it        packet  a frame that was seen; octets in base64
 *   walk       a hop of the legitimate packet                    sights  how many frames of a launch were seen, told, lost
 *   site reach the reachability survey                           run     keys of "run": kernel, pe, pe_version, ...
 *   malformed  one with an id is a case; of any other each key is a key of "malformed"
 *   broken     something of the lab itself failed: the first becomes run.broken
 * What comes from the inside is not trusted to make sense: what does not fit is counted in `refused` and left out.
 */
#ifndef LAB_EVIDENCE_REPORT_H
#define LAB_EVIDENCE_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVIDENCE_SCHEMA	     "ravelin-attack-report-1"
#define EVIDENCE_PACKETS_MAX 65536
#define EVIDENCE_OCTETS_MAX  2048
#define EVIDENCE_ID_MAX	     31 /* "LBL-01": it becomes a file's name */

struct evidence_packet {
	char attack[EVIDENCE_ID_MAX + 1];
	char port[40]; /* "pe1:eth2" */
	char *comment; /* of the launch; NULL: none */
	uint8_t *octets;
	uint64_t us;
	uint32_t len, whole;
	int stimulus; /* its number; -1: none of the attacker's */
	bool quotes;  /* an ICMP error about that stimulus */
	bool in, control;
};

struct evidence_report {
	json_t *json;
	json_t *sights; /* "LBL-01": {"protected": {"seen",..}, "control": {..}} */
	struct evidence_packet *packet;
	size_t n_packets, room;
	unsigned refused;
	unsigned long long start_ms;
};

void evidence_report_init(struct evidence_report *r);
void evidence_report_fini(struct evidence_report *r);

/* False: not of the kinds above. */
bool evidence_report_event(struct evidence_report *r, const json_t *event);

/* A key of "run": "backend", "topology", "pe", "broken" (why the run ended before its end). Takes the value. */
void evidence_report_run(struct evidence_report *r, const char *key, json_t *value);

/* {"nodes":[..],"links":[..]}. Takes it. */
void evidence_report_topology(struct evidence_report *r, json_t *topology);

/* Totals, seconds and the order of the rows, from what was collected: before it is written. */
void evidence_report_end(struct evidence_report *r);

/* Name characters that are safe in a path: capitals, digits, dashes. */
bool evidence_report_id(const char *id);

/* Text under a key; "" if there is none. */
const char *evidence_text(const json_t *object, const char *key);

#endif
