#include "conf/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/load.h"
#include "lib/check.h"

/*
 *   name length(2) name   n(4) fate(1) ...   files (conf_files_put)
 */

static int memory_file(const uint8_t *octets, size_t len)
{
	int fd = memfd_create("ravelin-configuration", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -errno;
	for (size_t at = 0; at < len;) {
		ssize_t n = write(fd, octets + at, len - at);
		if (n < 0) {
			int error = errno;
			close(fd);
			return -error;
		}
		at += (size_t)n;
	}
	fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
	return fd;
}

int conf_handover_put(const char *file, const struct conf_files *files,
	const struct conf_change *change, unsigned n_peers)
{
	size_t name = strlen(file), size = 2 + name + 4 + n_peers + conf_files_size(files);
	uint8_t *octets = size <= CONF_HANDOVER_MAX ? malloc(size) : NULL;
	struct wbuf w = wbuf_of(octets, octets ? size : 0);

	if (!octets)
		return -EFBIG;
	wbuf_put_u16(&w, (uint16_t)name);
	wbuf_put(&w, file, name);
	wbuf_put_u32(&w, n_peers);
	wbuf_put(&w, change->fates, n_peers);
	conf_files_put(files, &w);
	CHECK(wbuf_ok(&w));
	int fd = memory_file(octets, w.len);
	free(octets);
	return fd;
}

struct handover {
	char *file;
	const uint8_t *fates;
	uint32_t n;
	struct conf_files *files;
};

static bool handover_get(struct rbuf *r, struct handover *h)
{
	size_t len = rbuf_get_u16(r);
	const uint8_t *name = rbuf_get(r, len);

	if (!name)
		return false;
	h->file = strndup((const char *)name, len);
	CHECK(h->file != NULL);
	h->n = rbuf_get_u32(r);
	h->fates = rbuf_get(r, h->n);
	h->files = h->fates ? conf_files_get(r) : NULL;
	return h->files != NULL;
}

/* It was checked where it came from: what it warns of has been said. */
static struct conf *handover_load(
	const struct handover *h, const struct conf *now, struct conf_change *change)
{
	char *said = NULL;
	size_t len;
	FILE *diag = open_memstream(&said, &len);

	CHECK(diag != NULL);
	struct conf *c = conf_load_files(h->file, h->files, diag);
	fclose(diag);
	free(said);
	if (!c)
		return NULL;
	if (conf_adopt(c, now, change) && c->n_peers == h->n) {
		if (h->n)
			memcpy(change->fates, h->fates, h->n);
		return c;
	}
	conf_change_fini(change);
	conf_free(c);
	return NULL;
}

struct conf *conf_handover_get(int fd, const struct conf *now, struct conf_change *change)
{
	struct handover h = {0};
	struct conf *c = NULL;
	struct stat st;

	if (fstat(fd, &st) < 0 || st.st_size <= 0 || st.st_size > CONF_HANDOVER_MAX)
		return NULL;
	size_t size = (size_t)st.st_size;
	uint8_t *octets = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (octets == MAP_FAILED)
		return NULL;
	struct rbuf r = rbuf_of(octets, size);
	if (handover_get(&r, &h))
		c = handover_load(&h, now, change);
	conf_files_free(h.files);
	free(h.file);
	munmap(octets, size);
	return c;
}
