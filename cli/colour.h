/* What a terminal shows in colour: states of a table by their names, headings in bold. Pure. */
#ifndef CLI_COLOUR_H
#define CLI_COLOUR_H

/* The text with the sequences of ECMA-48 8.3.117 (SGR); the caller frees it. */
char *cli_colour(const char *text);

#endif
