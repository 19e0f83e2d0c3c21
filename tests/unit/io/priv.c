#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bgpd/io/priv.h"

#define USER "65534"

enum { CAN_FORK = 1, CAN_OPEN = 2, CAN_SOCKET_RAW = 4, CAN_BE_ROOT = 8, NOT_DROPPED = 64 };

/* What a process can still do after dropping. */
static int dropped_can(const char *root)
{
	struct io_priv p = {.user = USER, .root = root, .max_descriptors = 64};
	char why[128];
	int can = 0;

	if (!io_priv_drop(&p, why, sizeof(why))) {
		fprintf(stderr, "%s\n", why);
		return NOT_DROPPED;
	}
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		can |= CAN_FORK;
	if (open("/etc/passwd", O_RDONLY) >= 0 || open("/made", O_CREAT | O_WRONLY, 0600) >= 0)
		can |= CAN_OPEN;
	if (socket(AF_INET, SOCK_RAW, 1) >= 0)
		can |= CAN_SOCKET_RAW;
	if (setuid(0) == 0 || setgid(0) == 0)
		can |= CAN_BE_ROOT;
	return can;
}

static int run(const char *root)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(dropped_can(root));
	cr_assert(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

Test(priv, nothing_is_left)
{
	char dir[] = "/tmp/io-priv-XXXXXX", why[128];

	if (geteuid() != 0)
		cr_skip_test("needs root to have something to give up");
	cr_assert(!io_priv_check(why, sizeof(why)), "the check cannot fail");
	cr_assert(mkdtemp(dir) != NULL);
	cr_assert(chmod(dir, 0755) == 0);
	cr_assert(run(dir) == 0);
	rmdir(dir);
}

Test(priv, what_cannot_be_given_up_is_fatal)
{
	const struct io_priv bad[] = {
		{.user = "nosuchuser-", .root = "/", .max_descriptors = 64},
		{.user = "0", .root = "/", .max_descriptors = 64},
		{.user = "root", .root = "/", .max_descriptors = 64},
	};
	char why[128];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_assert(!io_priv_drop(&bad[i], why, sizeof(why)));
		cr_assert(strlen(why) > 0);
	}
	if (geteuid() != 0)
		cr_skip_test("needs root to go further");
	cr_assert(run("/nosuchdirectory") == NOT_DROPPED);
	cr_assert(run("/") == NOT_DROPPED, "a chroot that hides nothing passes");
}
