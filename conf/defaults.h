/* Every key of the configuration with its default, what it is for and what it may be: all of it out of conf/ravelin.schema.json, which is part of the program. */
#ifndef CONF_DEFAULTS_H
#define CONF_DEFAULTS_H

#include <stdio.h>

/*
 * YAML of which each line begins with '#': without those it is a configuration in which every default is written out, and required keys are
 * to be filled in.
 */
void conf_defaults_print(FILE *out);

#endif
