/* The lab runner's only door: `ravelin lab ...`. */
#ifndef LAB_LAB_H
#define LAB_LAB_H

/* argv[0] is "lab". Exit status: 0 every expectation held, 1 one did not, 2 usage, 3 the lab itself failed. */
int lab_main(int argc, char **argv);

#endif
