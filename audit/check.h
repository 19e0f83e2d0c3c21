/*
 * The checks: a table of questions to a snapshot. Each says what is wrong with which object, who put it there, which
 * clause it breaks, and the command that mends it. Pure.
 */
#ifndef AUDIT_CHECK_H
#define AUDIT_CHECK_H

#include "audit/intent.h"
#include "audit/snapshot.h"

enum audit_severity {
	AUDIT_CRITICAL, /* one customer can reach another, or the core, now */
	AUDIT_WARNING,	/* a line of defence is missing, or the kernel is not what was meant */
	AUDIT_NOTE,
	AUDIT_SEVERITIES
};

enum audit_subject {
	AUDIT_PORTS, /* devices */
	AUDIT_RULES,
	AUDIT_VRFS,
	AUDIT_ROUTES,
	AUDIT_LABELS,
	AUDIT_SETTINGS, /* sysctls */
	AUDIT_SESSIONS, /* listeners and BGP connections */
	AUDIT_GUARDS,	/* programs and filters at the ingress of devices */
	AUDIT_SUBJECTS
};

struct audit_run;
typedef void audit_check_fn(struct audit_run *r);

struct audit_check {
	const char *id;
	const char *requirement; /* of our catalogue: clause and letter */
	const char *clause;	 /* "RFC 4364 6" */
	const char *what;	 /* what it looks for, in half a line */
	audit_check_fn *fn;
	uint8_t subject;
	uint8_t severity;
};

struct audit_finding {
	const struct audit_check *check;
	uint8_t severity;
	char object[80];
	char what[320];
	char who[128];
	char mend[640]; /* a shell command, or what to do if there is none */
};

/* Objects that are as they should be, by who put them there. */
struct audit_tally {
	uint8_t subject;
	char who[64];
	unsigned n;
};

struct audit_run {
	const struct audit_snapshot *s;
	const struct audit_intent *in;
	uint8_t *roles; /* enum audit_role of each link */
	const struct audit_check *check;
	struct audit_finding *findings;
	struct audit_tally *tallies;
	size_t n_findings, n_tallies;
	uint8_t *flagged[AUDIT_SUBJECTS]; /* by number of the object */
	unsigned n_flagged[AUDIT_SUBJECTS];
	unsigned of_check,
		unlisted; /* findings of the running check; those of all that are only counted */
	struct audit_finding spare; /* what is not listed is written here */
};

#define AUDIT_LISTED_MAX 40 /* findings of one check that are listed; more are counted */
#define AUDIT_NO_OBJECT	 SIZE_MAX

/* Borrows both; runs all checks, counts what is explained, sorts by severity. */
void audit_run_init(
	struct audit_run *r, const struct audit_snapshot *s, const struct audit_intent *in);
void audit_run_fini(struct audit_run *r);

unsigned audit_run_explained(const struct audit_run *r, enum audit_subject subject);

/* The table: NULL past the last. */
const struct audit_check *audit_check_row(size_t i);
const char *audit_severity_name(enum audit_severity s);
const char *audit_subject_name(enum audit_subject s);

/*
 * For checks: a new finding of the running check; the others fill it. Borrowed until the next. number: of the object in
 * the snapshot (rule, route, socket), of the link for ports and guards, of the VRF in the intent; or AUDIT_NO_OBJECT.
 */
struct audit_finding *audit_flag(struct audit_run *r, size_t number, const char *object, ...)
	__attribute__((format(printf, 3, 4)));
bool audit_is_flagged(const struct audit_run *r, enum audit_subject subject, size_t number);
void audit_what(struct audit_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void audit_who(struct audit_finding *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void audit_mend(struct audit_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* For checks: one more object that is explained. */
void audit_explain(struct audit_run *r, enum audit_subject subject, const char *who, ...)
	__attribute__((format(printf, 3, 4)));

/* Counts everything that no check has flagged, by who put it there. */
void audit_explain_all(struct audit_run *r);

/* The tables of the check_*.c files; *n rows. */
typedef const struct audit_check *audit_checks_fn(size_t *n);
audit_checks_fn audit_checks_port, audit_checks_setting, audit_checks_vrf, audit_checks_rule,
	audit_checks_route, audit_checks_label, audit_checks_session, audit_checks_guard;

/* "bgp (FRR)"; "protocol 99" for numbers without a name. Returns out or a name. */
#define AUDIT_PROTOCOL_STRLEN 24
const char *audit_protocol_name(uint8_t protocol, char out[AUDIT_PROTOCOL_STRLEN]);

/* Whose name or nothing's. */
const char *audit_device_name(const struct audit_snapshot *s, uint32_t ifindex);

/* The VRF whose device the link is enslaved to, or -1; the link as an access port must be. */
int audit_link_vrf(const struct audit_run *r, const struct audit_link *l);
enum audit_role audit_role_at(const struct audit_run *r, uint32_t ifindex);

/* "net.ipv4.conf.ca.rp_filter", with slashes where the device's name has a dot, as sysctl(8) wants it. */
#define AUDIT_SYSCTL_STRLEN 80
const char *audit_sysctl_path(
	enum audit_device_sysctl i, const char *device, char out[AUDIT_SYSCTL_STRLEN]);
const char *audit_sysctl_print(
	enum audit_device_sysctl i, const char *device, char out[AUDIT_SYSCTL_STRLEN]);
const char *audit_sysctl_global(enum audit_sysctl i); /* "net/ipv4/ip_forward" */

/* What counts on a device, "all" taken into account as the kernel does; AUDIT_ABSENT. */
int audit_sysctl_effective(
	const struct audit_snapshot *s, const struct audit_link *l, enum audit_device_sysctl i);

/* "10.0.0.0/8 table 1001 by bgp (FRR)": a route as it is named in findings. */
#define AUDIT_ROUTE_STRLEN 80
char *audit_route_print(const struct audit_route *r, char out[AUDIT_ROUTE_STRLEN]);

/* A word for a shell. */
bool audit_is_plain(const char *name);

/* Up, by its administrator. */
bool audit_link_is_up(const struct audit_link *l);

#endif
