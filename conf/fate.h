/* What becomes of one thing of a configuration in the next one: compared as it is written (conf/object.h), so that no setting can be forgotten. */
#ifndef CONF_FATE_H
#define CONF_FATE_H

#include "conf/model.h"

/* p of now and q of next are the same neighbour, their VRF has one number in both. */
enum conf_fate conf_fate_peer(const struct conf *now, const struct conf_peer *p,
	const struct conf *next, const struct conf_peer *q);

/* SAME or POLICY: the same name, table and RD. */
enum conf_fate conf_fate_vrf(const struct conf *now, const struct conf_vrf *v,
	const struct conf *next, const struct conf_vrf *w);

/* SAME, POLICY or RESET: the same name. The lists of its VRF are its own, too. */
enum conf_fate conf_fate_port(const struct conf *now, const struct conf_port *p,
	const struct conf *next, const struct conf_port *q);

/* SAME or RESET: of one kind. */
enum conf_fate conf_fate_remote(const struct conf *now, const struct conf_remote *r,
	const struct conf *next, const struct conf_remote *s);

/* The list of the configuration that those of the kind stand in. */
const char *conf_fate_remote_list(enum conf_remote_kind kind);

#endif
