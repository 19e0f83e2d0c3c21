/* `ravelin policy test`: what a neighbor's import policies make of a route, rule by rule, without any daemon. */
#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include <stdbool.h>

/* argv[0] is "policy". json: asked for before it. Exit status: 0 accepted, 1 rejected, 2 not understood, or a bad configuration. */
int cli_policy(int argc, char **argv, bool json);

#endif
