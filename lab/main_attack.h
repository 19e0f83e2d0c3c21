/* `ravelin lab attack`: the catalogue of attacks against the PE under test. */
#ifndef LAB_MAIN_ATTACK_H
#define LAB_MAIN_ATTACK_H

#include <stdbool.h>

/* argv[0] is "attack". Exit status: 0 nothing fell or was invalid, 4 something did, 2 usage, 1 the lab broke. */
int lab_main_attack(int argc, char **argv, bool json);

#endif
