/*
 * Counters as OpenMetrics 1.0 text: one table of metric families, each with a function that writes its samples. Names, once
 * given out, stay: dashboards and alerts stand on them.
 */
#ifndef BGPD_MGMT_METRICS_H
#define BGPD_MGMT_METRICS_H

#include <stddef.h>

struct router;

#define MGMT_METRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* The whole exposition, malloc'ed and terminated; *len without the end. */
char *mgmt_metrics(const struct router *r, size_t *len);

/* text as the value of a label, without the quotes, into out (cap octets, terminated): `\`, `"` and newline escaped. */
char *mgmt_metrics_escape(const char *text, char *out, size_t cap);

#endif
