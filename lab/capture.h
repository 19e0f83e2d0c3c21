/* `ravelin lab capture`: what goes over a port of a lab that is up, as pcapng. */
#ifndef LAB_CAPTURE_H
#define LAB_CAPTURE_H

#include <stdbool.h>

struct lab_capture {
	const char *lab;    /* NULL: the only one */
	const char *port;   /* "node:port" */
	const char *file;   /* NULL: standard output */
	unsigned count;	    /* packets; 0: until it is ended */
	bool json;	    /* say what was written; only with file */
	const char *filter; /* pcap-filter(7); NULL: everything */
};

/* The exit status: 0, that of tcpdump, 125 if it could not be started. */
int lab_capture(const struct lab_capture *c);

#endif
