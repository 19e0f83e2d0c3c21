/* `ravelin lab attack`: the catalogue of attacks against the PE under test. */
#ifndef LAB_MAIN_ATTACK_H
#define LAB_MAIN_ATTACK_H

/* argv[0] is "attack". Exit status: 0 nothing fell or was invalid, 1 something did, 2 usage, 3 the lab broke. */
int lab_main_attack(int argc, char **argv);

#endif
