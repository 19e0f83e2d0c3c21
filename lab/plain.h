/* Of words without quotes: is it a string, for whoever reads this YAML? containerlab, Ansible and PyYAML do not all agree. */
#ifndef LAB_PLAIN_H
#define LAB_PLAIN_H

#include <stdbool.h>

/*
 * False for what YAML 1.2's core schema or YAML 1.1 takes for null, a boolean, a number (those in base 60, 65000:1, too), a date,
 * or a key to merge.
 */
bool lab_plain_is_text(const char *word);

#endif
