/* Lines of the log, "peer=pe2 reason=\"hold timer\" as=65000", as members of an object. */
#ifndef BGPD_MGMT_LOGFMT_H
#define BGPD_MGMT_LOGFMT_H

#include <jansson.h>

/* Adds key=value and key="value" of text; numbers as numbers. What is neither is passed over. */
void mgmt_logfmt_read(json_t *object, const char *text);

#endif
