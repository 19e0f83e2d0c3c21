/*
 * Who may use the management API, and for what: users and groups of this host (SO_PEERCRED, SO_PEERGROUPS), names in certificates.
 *
 * Root and the user that started ravelind may do everything. Names are resolved once, while /etc can still be seen; one that does not
 * exist lets nobody in, and is said.
 */
#ifndef BGPD_IO_ROLES_H
#define BGPD_IO_ROLES_H

#include <stdint.h>
#include <sys/types.h>

#include <openssl/x509.h>

#include "conf/model.h"
#include "lib/log.h"

enum io_role {
	IO_ROLE_NONE,
	IO_ROLE_READ,
	IO_ROLE_WRITE,
};

#define IO_ROLES_GROUP "ravelin" /* may ask, unless the configuration says who */

struct io_roles;

/* Of api (borrowed, may be NULL: nobody else). own: may do everything, like root. */
struct io_roles *io_roles_new(const struct conf_api *api, uid_t own, const struct log *log);
void io_roles_free(struct io_roles *r); /* NULL is harmless */

/* The process at the other end of a unix socket. *who: its user. */
enum io_role io_roles_of_peer(const struct io_roles *r, int fd, uint64_t *who);

/* A certificate that has been verified: its common name and DNS names count. *who: of this certificate alone. */
enum io_role io_roles_of_cert(const struct io_roles *r, X509 *cert, uint64_t *who);

#endif
