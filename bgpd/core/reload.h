/*
 * The configuration is replaced while the router runs: its sessions stay up where nothing that they were made with has changed.
 *
 *   same     nothing happens        policy   routes that are here are judged anew, what is told is told anew where it differs
 *   reset    Cease/6, and again     gone     Cease/3 (RFC 4486 3), nothing is left        new   begun
 *
 * Caches and stations: core/remotes.h.
 */
#ifndef BGPD_CORE_RELOAD_H
#define BGPD_CORE_RELOAD_H

#include "bgpd/core/state.h"

/* next: put in order by conf_adopt; change: what that said. */
void core_reload(struct core_run *run, const struct conf *next, const struct conf_change *change);

/* Whether something still looks at what the configuration before the last reload held: then there must not be another one. */
bool core_reload_is_busy(const struct router *r);

#endif
