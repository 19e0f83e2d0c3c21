/* `ravelind --check`: what is wrong with a configuration, for people or for programs. */
#ifndef BGPD_CHECK_H
#define BGPD_CHECK_H

#include <stdbool.h>

/*
 * The exit status. json: on standard output an object a line, in the order of the files, for each error and each warning:
 *   {"file": "pe1.yaml", "line": 5, "column": 7, "level": "error", "message": "what is wrong", "remedy": "what to do"}
 * line and column are null if it is about the file as a whole, remedy if there is none.
 */
int check_main(const char *file, bool json);

#endif
