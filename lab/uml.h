/* User-mode Linux as the lab's kernel: its command line outside, and PID 1 inside. */
#ifndef LAB_UML_H
#define LAB_UML_H

#define LAB_UML_KERNEL	"linux.uml"
#define LAB_UML_MODULES "/usr/lib/uml/modules"

/* NULL if it can be used, or the sentence that says what is missing. */
const char *lab_uml_missing(void);

/*
 * Becomes the kernel (exec); the serial line 0 is this descriptor, its console goes to the other. scratch: a
 * directory for its memory file and its control socket, exec-mounted. self: absolute path of this program.
 */
_Noreturn void lab_uml_exec(const char *self, const char *scratch, int serial, int console);

/* `ravelin lab init`: PID 1 of that kernel. Never returns: it switches the machine off. */
_Noreturn void lab_uml_init(void);

#endif
