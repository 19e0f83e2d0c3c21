/* The lab's commands for those who look and learn: validate, check, graph, capture. */
#ifndef LAB_MAIN_LEARN_H
#define LAB_MAIN_LEARN_H

#include <stdbool.h>

int lab_main_validate(int argc, char **argv, bool json);
int lab_main_check(int argc, char **argv, bool json);
int lab_main_graph(int argc, char **argv, bool json);
int lab_main_capture(int argc, char **argv, bool json);

#endif
