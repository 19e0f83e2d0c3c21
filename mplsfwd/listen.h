/*
 * The listeners that bgpd has been given, one for each VRF with neighbours and one for the core. A copy of each stays here, since bgpd has
 * nobody to ask for a key nor the right to set one: keys of new neighbours are put on before bgpd hears of them.
 */
#ifndef MPLSFWD_LISTEN_H
#define MPLSFWD_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

struct conf;
struct fwd;

struct fwd_listener {
	int fd;		  /* -1: bgpd has none */
	uint32_t ifindex; /* of the VRF device that it is bound to; the core: 0 */
};

struct fwd_listeners {
	struct fwd_listener core, *vrfs; /* by number */
	unsigned n_vrfs;
};

void fwd_listeners_init(struct fwd_listeners *l, unsigned n_vrfs);
void fwd_listeners_fini(struct fwd_listeners *l);

/* More VRFs than before. */
void fwd_listeners_resize(struct fwd_listeners *l, unsigned n_vrfs);

/* bgpd is gone. While a copy is open the socket listens: it must not when there is nobody who accepts. */
void fwd_listeners_close(struct fwd_listeners *l);
void fwd_listeners_close_vrf(struct fwd_listeners *l, unsigned vrf);

/* Opens, and gives to bgpd, what it has not and the configuration wants. False: one could not be opened. */
bool fwd_listeners_tell(struct fwd *f);

/* The core's alone: without a forwarding plane there is no other. */
bool fwd_listeners_tell_core(struct fwd *f);

/* Keys and TTLs of another configuration, on all that there are; and those of `before` off that `now` has not. 0 or -errno (logged). */
int fwd_listeners_protect(struct fwd *f, const struct conf *conf);
void fwd_listeners_forget(struct fwd *f, const struct conf *before, const struct conf *now);

#endif
