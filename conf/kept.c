#include "conf/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/check.h"

struct conf_kept {
	uint8_t *octets; /* conf_files_put_whole; a mapping of its own */
	size_t len;
};

struct conf_kept *conf_keep(const struct conf_files *files)
{
	size_t len = conf_files_size(files);
	uint8_t *octets =
		mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (octets == MAP_FAILED)
		return NULL;
	if (madvise(octets, len, MADV_WIPEONFORK) < 0 || madvise(octets, len, MADV_DONTDUMP) < 0) {
		int error = errno;
		munmap(octets, len);
		errno = error;
		return NULL;
	}
	(void)mlock(octets, len); /* not to swap, if that is permitted */
	struct wbuf w = wbuf_of(octets, len);
	conf_files_put_whole(files, &w);
	CHECK(wbuf_ok(&w));
	struct conf_kept *k = malloc(sizeof(*k));
	CHECK(k != NULL);
	*k = (struct conf_kept){.octets = octets, .len = len};
	return k;
}

struct conf_files *conf_kept_files(const struct conf_kept *k)
{
	struct rbuf r = rbuf_of(k->octets, k->len);
	struct conf_files *files = conf_files_get(&r);

	if (files && rbuf_left(&r)) {
		conf_files_free(files);
		files = NULL;
	}
	return files;
}

void conf_kept_free(struct conf_kept *k)
{
	if (!k)
		return;
	explicit_bzero(k->octets, k->len);
	munmap(k->octets, k->len);
	free(k);
}
