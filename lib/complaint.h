/*
 * Where a program says why something is not done: standard error; or, for who wants it in another form, kept until it ends.
 *
 * Of the whole process: what complains need not be told by whom it was asked.
 */
#ifndef LIB_COMPLAINT_H
#define LIB_COMPLAINT_H

#include <stdio.h>

/* Lines, each with its end. Borrowed. */
FILE *complaint_to(void);

/* From now on they are kept. */
void complaint_keep(void);

/* What was kept since, without the ends of the last line: the caller frees it. From now on it is standard error again. */
char *complaint_take(void);

#endif
