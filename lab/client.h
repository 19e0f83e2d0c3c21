/* Runs something in a node of a lab that is up, as if it were here. */
#ifndef LAB_CLIENT_H
#define LAB_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Its exit status; LAB_NOT_RUN if it could not be asked. tty: with a terminal, if we have one. */
int lab_client_exec(const char *lab, const char *node, char *const argv[], bool tty);

/* Where the standard output of what runs there goes. take: false ends it. */
struct lab_sink {
	bool (*take)(void *arg, const uint8_t *data, size_t len);
	void *arg;
};

/*
 * Asks for {"node", "argv"} or {"look": {"scenario", "patience"}}, whose output is frames with events; takes the reference.
 * No input, no terminal. The exit status; LAB_NOT_UP: no lab is, LAB_NOT_RUN: it could not be run, or the sink would not take more.
 */
int lab_client_ask(const char *lab, json_t *ask, const struct lab_sink *sink);

#endif
