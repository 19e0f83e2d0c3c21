/* Who holds the sockets, and what FRR's bgpd and ravelind were started with: /proc. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/collect.h"
#include "audit/frrconf.h"

#define FILE_MAX (4u << 20) /* octets of a configuration that are read */

/* A whole small file into a malloc'ed, terminated string; NULL. */
static char *file_read(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	char *text = f ? malloc(FILE_MAX + 1) : NULL;

	*len = text ? fread(text, 1, FILE_MAX, f) : 0;
	if (f)
		fclose(f);
	if (text)
		text[*len] = '\0';
	return text;
}

/* What follows an option on a process's command line: "-f X", "--vty_socket X" or "--vty_socket=X". */
static bool argument(const char *line, size_t len, const char *option, char *out, size_t cap)
{
	size_t n = strlen(option);

	for (size_t i = 0; i < len; i += strlen(line + i) + 1) {
		const char *word = line + i, *next = word + strlen(word) + 1;
		if (strcmp(word, option) == 0 && next < line + len)
			return snprintf(out, cap, "%s", next) < (int)cap;
		if (strncmp(word, option, n) == 0 && word[n] == '=')
			return snprintf(out, cap, "%s", word + n + 1) < (int)cap;
	}
	return false;
}

static void frr_read(struct audit_snapshot *s, const char *pid)
{
	char path[300];
	size_t len;
	struct audit_frr_peer where = {.pid = (uint32_t)strtoul(pid, NULL, 10)};

	snprintf(path, sizeof(path), "/proc/%s/cmdline", pid);
	char *line = file_read(path, &len);
	if (line && !argument(line, len, "-f", where.file, sizeof(where.file)) &&
		!argument(line, len, "--config_file", where.file, sizeof(where.file)))
		snprintf(where.file, sizeof(where.file), "/etc/frr/frr.conf");
	if (line && !argument(line, len, "--vty_socket", where.vty, sizeof(where.vty)))
		where.vty[0] = '\0';
	free(line);
	char *text = file_read(where.file, &len);
	if (text) {
		audit_frrconf_parse(s, &where, text, len);
		explicit_bzero(text, len); /* passwords */
	}
	free(text);
}

static bool program_of(const char *pid, char out[AUDIT_NAME_MAX])
{
	char path[300];
	size_t len;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	char *text = file_read(path, &len);
	if (text)
		snprintf(out, AUDIT_NAME_MAX, "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
	return len > 0;
}

/* Marks the sockets that this process has open. A socket of two processes is the last one's: bgpd's, not its parent's. */
static bool process_see(struct audit_snapshot *s, const char *pid)
{
	char path[300], target[64];
	bool any = false;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	DIR *d = opendir(path);
	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		unsigned inode;
		ssize_t n = readlinkat(dirfd(d), e->d_name, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		if (sscanf(target, "socket:[%u]", &inode) != 1)
			continue;
		for (size_t i = 0; i < s->n_sockets; i++)
			if (s->sockets[i].inode == inode) {
				s->sockets[i].pid = (uint32_t)strtoul(pid, NULL, 10);
				program_of(pid, s->sockets[i].program);
				any = true;
			}
	}
	if (d)
		closedir(d);
	return any;
}

void audit_collect_owners(struct audit_snapshot *s)
{
	DIR *d = opendir("/proc");
	char program[AUDIT_NAME_MAX];

	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
		if (isdigit((unsigned char)e->d_name[0]) && process_see(s, e->d_name) &&
			program_of(e->d_name, program) && strcmp(program, "bgpd") == 0)
			frr_read(s, e->d_name);
	if (d)
		closedir(d);
}

bool audit_collect_config(const char *run_dir, char *out, size_t cap)
{
	char path[256], file[256], cwd[256];
	size_t len;

	snprintf(path, sizeof(path), "%s/ravelin.pid", run_dir);
	char *pid = file_read(path, &len);
	unsigned long n = pid ? strtoul(pid, NULL, 10) : 0;
	free(pid);
	snprintf(path, sizeof(path), "/proc/%lu/cmdline", n);
	char *line = n ? file_read(path, &len) : NULL;
	bool found = line && argument(line, len, "-f", file, sizeof(file));
	free(line);
	if (!found)
		return false;
	snprintf(path, sizeof(path), "/proc/%lu/cwd", n);
	ssize_t c = readlink(path, cwd, sizeof(cwd) - 1);
	cwd[c > 0 ? c : 0] = '\0';
	int w = file[0] == '/' ? snprintf(out, cap, "%s", file)
			       : snprintf(out, cap, "%s/%s", cwd, file);
	return w > 0 && (size_t)w < cap;
}
