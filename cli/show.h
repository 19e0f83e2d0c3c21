/*
 * Tables for people out of the API's JSON: one function per thing that can be shown.
 *
 * Each takes the whole answer (borrowed), prints columns without wrapping and escapes what a peer sent. They know
 * nothing of sockets: tests hand them literals. What is missing in the answer is printed as "-".
 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <jansson.h>
#include <stdio.h>

/* 0 = printed; 1 = the answer holds nothing to show (empty list): said in one line, and the exit status. */
typedef int cli_render_fn(const json_t *answer, FILE *out);

/* "Idle (max-prefix)" of a neighbor; returns out. */
#define CLI_STATE_MAX 48
char *cli_state(const json_t *peer, char out[CLI_STATE_MAX]);

cli_render_fn cli_render_summary;   /* /v1/bgp/summary */
cli_render_fn cli_render_neighbors; /* /v1/bgp/neighbors */
cli_render_fn cli_render_received;
cli_render_fn cli_render_advertised;
cli_render_fn cli_render_vpnv4; /* /v1/bgp/vpnv4 */
cli_render_fn cli_render_ipv4;	/* /v1/bgp/ipv4 */
cli_render_fn cli_render_rejected;
cli_render_fn cli_render_explain; /* /v1/bgp/explain */
cli_render_fn cli_render_vrf;	  /* /v1/vrf */
cli_render_fn cli_render_bmp;	  /* /v1/bmp */
cli_render_fn cli_render_mpls;	  /* /v1/mpls */
cli_render_fn cli_render_rpki;	  /* /v1/rpki */
cli_render_fn cli_render_guard;	  /* /v1/guard */
cli_render_fn cli_render_drops;	  /* /v1/guard/drops */
cli_render_fn cli_render_order;	  /* POST /v1/bgp/neighbors/... */
cli_render_fn cli_render_reload;  /* POST /v1/reload */
cli_render_fn cli_render_confirm; /* POST /v1/confirm */
cli_render_fn cli_render_config;  /* /v1/config */
cli_render_fn cli_render_path;	  /* /v1/bgp/explain, as a stack of labels */
cli_render_fn cli_render_log;	  /* /v1/log */
cli_render_fn cli_render_memory;  /* /v1/memory */
cli_render_fn cli_render_version; /* /v1/version */

/* That a reload waits to be confirmed, in a line with before in front of it; or nothing. */
void cli_print_unconfirmed(const json_t *answer, const char *before, FILE *out);

#endif
