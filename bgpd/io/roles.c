#include "bgpd/io/roles.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "lib/check.h"
#include "lib/text.h"

#define ROLES_GROUPS_MAX 65536 /* NGROUPS_MAX */

struct io_ids {
	uint32_t *list;
	unsigned n;
};

struct io_roles {
	const struct conf_api *api; /* NULL: nobody else */
	uid_t own;
	struct io_ids users[IO_ROLE_WRITE + 1], groups[IO_ROLE_WRITE + 1];
};

static bool ids_have(const struct io_ids *ids, uint32_t id)
{
	for (unsigned i = 0; i < ids->n; i++)
		if (ids->list[i] == id)
			return true;
	return false;
}

static void ids_add(struct io_ids *ids, uint32_t id)
{
	ids->list = realloc(ids->list, (ids->n + 1) * sizeof(*ids->list));
	CHECK(ids->list != NULL);
	ids->list[ids->n++] = id;
}

/* By name, or by number. */
static bool user_find(const char *name, uint32_t *id)
{
	uint64_t number;
	const struct passwd *pw = getpwnam(name);

	if (pw)
		*id = pw->pw_uid;
	else if (text_parse_u64(name, UINT32_MAX - 1, &number))
		*id = (uint32_t)number;
	else
		return false;
	return true;
}

static bool group_find(const char *name, uint32_t *id)
{
	uint64_t number;
	const struct group *gr = getgrnam(name);

	if (gr)
		*id = gr->gr_gid;
	else if (text_parse_u64(name, UINT32_MAX - 1, &number))
		*id = (uint32_t)number;
	else
		return false;
	return true;
}

static void roles_resolve(struct io_roles *r, enum io_role role, const struct conf_api_who *who,
	const struct log *log)
{
	uint32_t id;

	for (unsigned i = 0; i < who->users.n; i++) {
		if (user_find(who->users.list[i], &id))
			ids_add(&r->users[role], id);
		else
			log_line(log, LOG_WARN_, "api_unknown", "user=\"%s\"", who->users.list[i]);
	}
	for (unsigned i = 0; i < who->groups.n; i++) {
		if (group_find(who->groups.list[i], &id))
			ids_add(&r->groups[role], id);
		else
			log_line(
				log, LOG_WARN_, "api_unknown", "group=\"%s\"", who->groups.list[i]);
	}
}

struct io_roles *io_roles_new(const struct conf_api *api, uid_t own, const struct log *log)
{
	struct io_roles *r = calloc(1, sizeof(*r));
	uint32_t id;

	CHECK(r != NULL);
	r->api = api;
	r->own = own;
	if (!api)
		return r;
	roles_resolve(r, IO_ROLE_READ, &api->read_only, log);
	roles_resolve(r, IO_ROLE_WRITE, &api->read_write, log);
	if (!api->read_only_given && group_find(IO_ROLES_GROUP, &id))
		ids_add(&r->groups[IO_ROLE_READ], id);
	return r;
}

void io_roles_free(struct io_roles *r)
{
	if (!r)
		return;
	for (unsigned i = 0; i <= IO_ROLE_WRITE; i++) {
		free(r->users[i].list);
		free(r->groups[i].list);
	}
	free(r);
}

static enum io_role roles_of_group(const struct io_roles *r, gid_t gid)
{
	if (ids_have(&r->groups[IO_ROLE_WRITE], gid))
		return IO_ROLE_WRITE;
	return ids_have(&r->groups[IO_ROLE_READ], gid) ? IO_ROLE_READ : IO_ROLE_NONE;
}

/* Those besides its own group. */
static enum io_role roles_of_groups(const struct io_roles *r, int fd)
{
	socklen_t len = 0;
	enum io_role best = IO_ROLE_NONE;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &len) == 0 || errno != ERANGE ||
		len > ROLES_GROUPS_MAX * sizeof(gid_t))
		return IO_ROLE_NONE;
	gid_t *list = malloc(len);
	CHECK(list != NULL);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, list, &len) < 0)
		len = 0;
	for (size_t i = 0; i < len / sizeof(*list); i++) {
		enum io_role role = roles_of_group(r, list[i]);
		best = role > best ? role : best;
	}
	free(list);
	return best;
}

enum io_role io_roles_of_peer(const struct io_roles *r, int fd, uint64_t *who)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	*who = UINT64_MAX;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return IO_ROLE_NONE;
	*who = peer.uid;
	if (peer.uid == 0 || peer.uid == r->own || ids_have(&r->users[IO_ROLE_WRITE], peer.uid))
		return IO_ROLE_WRITE;
	enum io_role role = roles_of_group(r, peer.gid), more = roles_of_groups(r, fd);
	role = more > role ? more : role;
	return role == IO_ROLE_NONE && ids_have(&r->users[IO_ROLE_READ], peer.uid) ? IO_ROLE_READ
										   : role;
}

/* Text of a certificate, which may have any octets in it: equal in all of them. */
static bool roles_is_named(const struct conf_api_names *names, const ASN1_STRING *s)
{
	unsigned char *utf8 = NULL;
	int len = ASN1_STRING_to_UTF8(&utf8, s);
	bool found = false;

	for (unsigned i = 0; len >= 0 && i < names->n; i++)
		found |= strlen(names->list[i]) == (size_t)len &&
			 memcmp(names->list[i], utf8, (size_t)len) == 0;
	OPENSSL_free(utf8);
	return found;
}

static bool roles_common_name(const struct conf_api_names *names, X509 *cert)
{
	X509_NAME *subject = X509_get_subject_name(cert);

	for (int i = -1; (i = X509_NAME_get_index_by_NID(subject, NID_commonName, i)) >= 0;)
		if (roles_is_named(
			    names, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, i))))
			return true;
	return false;
}

static bool roles_dns_name(const struct conf_api_names *names, X509 *cert)
{
	GENERAL_NAMES *all = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	bool found = false;

	for (int i = 0; all && i < sk_GENERAL_NAME_num(all); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(all, i);
		found |= name->type == GEN_DNS && roles_is_named(names, name->d.dNSName);
	}
	GENERAL_NAMES_free(all);
	return found;
}

enum io_role io_roles_of_cert(const struct io_roles *r, X509 *cert, uint64_t *who)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len;

	*who = UINT64_MAX;
	if (!r->api || X509_digest(cert, EVP_sha256(), digest, &len) != 1)
		return IO_ROLE_NONE;
	memcpy(who, digest, sizeof(*who));
	const struct conf_api_names *names = &r->api->tls_read_write;
	return roles_common_name(names, cert) || roles_dns_name(names, cert) ? IO_ROLE_WRITE
									     : IO_ROLE_READ;
}
