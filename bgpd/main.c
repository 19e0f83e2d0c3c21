/* ravelind: the program. All it does is in bgpd/daemon.c. */
#include <stdio.h>

#include "bgpd/daemon.h"

int main(int argc, char **argv)
{
	struct daemon_options options;

	if (!daemon_parse(argc, argv, &options)) {
		fputs("ravelind: `ravelind --help` says how\n", stderr);
		return DAEMON_USAGE;
	}
	return daemon_main(&options);
}
