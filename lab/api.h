/* Asks the ravelind of a node over its API like any other client. */
#ifndef LAB_API_H
#define LAB_API_H

#include <jansson.h>

/* GET path, e.g. "/v1/bgp/summary"; NULL if nobody answers or not in JSON. */
json_t *lab_api_get(const char *node, const char *path);

/* POST path with nothing behind it: an operator's order, "/v1/bgp/neighbors/reset?name=ce-x". NULL if it is refused. */
json_t *lab_api_post(const char *node, const char *path);

#endif
