/* What is kept is there again with its keys, and a child has nothing of it. */
#include "conf/kept.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/load.h"

#define KEY "Kept-Secret"

static const char text[] =
	"router: {name: a, as: 65000, id: 10.0.0.1}\n"
	"neighbors:\n"
	"  - {address: 10.0.0.2, as: 65000, families: [vpnv4], password-file: key}\n"
	"  - {address: 10.0.0.3, as: 65000, families: [vpnv4], password: " KEY "-3}\n";

static void put(const char *path, const char *octets)
{
	FILE *f = fopen(path, "we");

	cr_assert(f != NULL && fputs(octets, f) >= 0 && fclose(f) == 0);
}

static struct conf_kept *keep(void)
{
	char dir[] = "/tmp/kept-XXXXXX";
	struct conf_files *files = conf_files_new();

	umask(077);
	cr_assert(mkdtemp(dir) && chdir(dir) == 0);
	put("key", KEY "-2\n");
	put("a.yaml", text);
	struct conf *c = conf_load_files("a.yaml", files, stderr);
	cr_assert_not_null(c);
	conf_free(c);
	struct conf_kept *k = conf_keep(files);
	conf_files_free(files);
	cr_assert(k != NULL && unlink("key") == 0 && unlink("a.yaml") == 0);
	cr_assert_eq(rmdir(dir), 0);
	return k;
}

Test(conf_kept, can_be_read_again_when_the_files_are_gone)
{
	struct conf_kept *k = keep();

	for (int i = 0; i < 2; i++) {
		struct conf_files *files = conf_kept_files(k);
		cr_assert_not_null(files);
		struct conf *c = conf_load_files("a.yaml", files, stderr);
		cr_assert_not_null(c);
		cr_expect_arr_eq(c->peers[0].password, KEY "-2", sizeof(KEY "-2") - 1);
		cr_expect_arr_eq(c->peers[1].password, KEY "-3", sizeof(KEY "-3") - 1);
		conf_free(c);
		conf_files_free(files);
	}
	conf_kept_free(k);
}

Test(conf_kept, a_child_has_nothing_of_it)
{
	struct conf_kept *k = keep();
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(conf_kept_files(k) ? 1 : 0);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	struct conf_files *files = conf_kept_files(k); /* the control: here it is */
	cr_expect_not_null(files);
	conf_files_free(files);
	conf_kept_free(k);
}
