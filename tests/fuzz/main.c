/*
 * Runs a fuzz target over files without libFuzzer, so that `make check` replays every corpus with any compiler.
 *
 *   fuzz_T [FILE|DIRECTORY]...      default: $RAVELIN_SRCDIR/tests/fuzz/corpus/T
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In memory of exactly that size, so that a sanitizer sees a read past the end. */
static int run_file(const char *path)
{
	FILE *in = fopen(path, "rb");
	long len = -1;
	uint8_t *octets = NULL;

	if (in && fseek(in, 0, SEEK_END) == 0)
		len = ftell(in);
	if (len >= 0)
		octets = malloc(len ? (size_t)len : 1);
	if (!octets || fseek(in, 0, SEEK_SET) != 0 ||
		fread(octets, 1, (size_t)len, in) != (size_t)len) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	fclose(in);
	LLVMFuzzerTestOneInput(octets, (size_t)len);
	free(octets);
	return 1;
}

static int run_path(const char *path)
{
	struct dirent **list;
	char name[1024];
	int ran = 0, n = scandir(path, &list, NULL, alphasort);

	if (n < 0)
		return run_file(path);
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s/%s", path, list[i]->d_name);
		if (list[i]->d_name[0] != '.')
			ran += run_file(name);
		free(list[i]);
	}
	free(list);
	return ran;
}

int main(int argc, char **argv)
{
	const char *src = getenv("RAVELIN_SRCDIR"), *slash = strrchr(argv[0], '/');
	const char *target = strstr(slash ? slash : argv[0], "fuzz_");
	char corpus[1024];
	int ran = 0;

	snprintf(corpus, sizeof(corpus), "%s/tests/fuzz/corpus/%s", src ? src : ".",
		target ? target + strlen("fuzz_") : "");
	for (int i = 1; i < argc; i++)
		ran += run_path(argv[i]);
	if (argc == 1)
		ran = run_path(corpus);
	printf("%d passed, %d failed, 0 skipped\n", ran, ran == 0);
	return ran == 0;
}
