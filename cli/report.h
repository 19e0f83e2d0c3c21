/* `ravelin report ...`: what a run of attacks left on disk. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

/* argv[0] is "report". Exit status: 0 done or verified, 1 not what was signed, 2 not understood or not possible. */
int cli_report(int argc, char **argv);

#endif
