#include "lib/complaint.h"

#include <string.h>

#include "lib/check.h"

static FILE *complaint_kept; /* NULL: standard error */
static char *complaint_text;
static size_t complaint_len;

FILE *complaint_to(void)
{
	return complaint_kept ? complaint_kept : stderr;
}

void complaint_keep(void)
{
	complaint_kept = open_memstream(&complaint_text, &complaint_len);
	CHECK(complaint_kept != NULL);
}

char *complaint_take(void)
{
	CHECK(complaint_kept != NULL && fclose(complaint_kept) == 0);
	complaint_kept = NULL;
	while (complaint_len > 0 && complaint_text[complaint_len - 1] == '\n')
		complaint_text[--complaint_len] = '\0';
	return complaint_text;
}
