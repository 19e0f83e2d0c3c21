#include "mplsfwd/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/text.h"

static int sysctl_open(const char *path, int flags)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "/proc/sys/%s", path);
	int fd = open(full, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int fwd_sysctl_get(const char *path, uint32_t *out)
{
	char s[32] = "";
	uint64_t v;
	int fd = sysctl_open(path, O_RDONLY);

	if (fd < 0)
		return fd;
	ssize_t n = read(fd, s, sizeof(s) - 1);
	int err = n < 0 ? -errno : 0;
	close(fd);
	if (err)
		return err;
	s[strcspn(s, "\n")] = 0;
	if (!text_parse_u64(s, UINT32_MAX, &v))
		return -EIO;
	*out = (uint32_t)v;
	return 0;
}

int fwd_sysctl_set(const char *path, uint32_t value)
{
	char s[32];
	uint32_t now = 0;
	int fd = sysctl_open(path, O_WRONLY);

	if (fd < 0)
		return fd;
	int n = snprintf(s, sizeof(s), "%u\n", value);
	int err = write(fd, s, (size_t)n) == n ? 0 : -errno;
	close(fd);
	if (!err)
		err = fwd_sysctl_get(path, &now);
	return err ? err : now == value ? 0 : -EIO;
}
