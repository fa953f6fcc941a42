/* grammar - reads SQL as PostgreSQL does, and can do nothing else.
 *
 * A worker of the gateway: on stdin comes one SQL text after another, on stdout goes what PostgreSQL's own parser (libpg_query)
 * makes of it. The texts are hostile and the parser is not written for that, so the process that runs it has no secrets, no files,
 * no network and no way to start anything; it has a bounded memory. If a text kills it, that is one statement refused; the gateway starts
 * another. It ends by itself when its parent is gone, also in the middle of a text: each has TEXT_SECONDS of the processor at most.
 *
 *   question   4 bytes, big endian: length of the text; the text in UTF-8 without NUL
 *   answer     1 byte: 'T' the parse trees as JSON, 'E' the parser's error message, 'L' the answer would be too long
 *              4 bytes, big endian: length; so many bytes
 *
 * The first answer, to no question, is 'V': the version of PostgreSQL whose grammar this is, for instance "17.4".
 *
 *   build/grammar.sh OUT   compiles it
 */
#include "pg_query.h"
#include "pg_query_internal.h"

#include "lib/stringinfo.h"
#include "parser/parser.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

char *pg_query_nodes_to_json(const void *tree);
void pg_query_init(void);

enum
{
	LONGEST_TEXT = 1 << 20,
	LONGEST_ANSWER = 16 << 20,
	MEMORY = 256 << 20,
	STACK = 8 << 20,
	CPU_SECONDS = 3600,
	TEXT_SECONDS = 5			/* the gateway gives up earlier, while there is one */
};

#if defined(__x86_64__)
#define THIS_MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_MACHINE AUDIT_ARCH_AARCH64
#else
#error "no list of system calls for this machine"
#endif

static void
limit(int what, rlim_t most)
{
	struct rlimit both = {most, most};

	if (setrlimit(what, &both) != 0)
		_exit(3);
}

#define NUMBER offsetof(struct seccomp_data, nr)
#define MACHINE offsetof(struct seccomp_data, arch)
#define PROTECTION offsetof(struct seccomp_data, args[2])
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, field)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define KILL BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
#define ALLOW_CALL(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 1), ALLOW

/* From here on: read, write, memory that is not code, and the end. Everything else kills. */
static void
lock_down(void)
{
	struct sock_filter rules[] = {
		LOAD(MACHINE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_MACHINE, 1, 0), KILL,
		LOAD(NUMBER),
		ALLOW_CALL(read), ALLOW_CALL(write), ALLOW_CALL(exit_group), ALLOW_CALL(rt_sigreturn), ALLOW_CALL(setitimer),
		ALLOW_CALL(brk), ALLOW_CALL(munmap), ALLOW_CALL(mremap), ALLOW_CALL(madvise),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mmap, 1, 0), KILL,
		LOAD(PROTECTION),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), KILL, ALLOW,
	};
	struct sock_fprog program = {sizeof rules / sizeof rules[0], rules};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
		_exit(4);
}

static void
confine(void)
{
	if (syscall(SYS_close_range, 3, ~0U, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || chdir("/") != 0)
		_exit(3);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NOFILE, 3);
	limit(RLIMIT_STACK, STACK);
	limit(RLIMIT_AS, MEMORY);
	limit(RLIMIT_CPU, CPU_SECONDS);
	lock_down();
}

/* All of it or the end: a parent that is gone, or that is killed while it writes, ends its worker. */
static void
take(char *into, size_t length)
{
	while (length > 0)
	{
		ssize_t got = read(0, into, length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			_exit(0);
		into += got;
		length -= (size_t) got;
	}
}

static void
give(const char *from, size_t length)
{
	while (length > 0)
	{
		ssize_t given = write(1, from, length);

		if (given < 0 && errno == EINTR)
			continue;
		if (given <= 0)
			_exit(0);
		from += given;
		length -= (size_t) given;
	}
}

static uint32_t
number(const unsigned char *four)
{
	return (uint32_t) four[0] << 24 | (uint32_t) four[1] << 16 | (uint32_t) four[2] << 8 | four[3];
}

/* The timer runs while this process does, not while it waits. Nobody handles its signal, so that signal kills. */
static void
wind_up(void)
{
	struct itimerval once = {{0, 0}, {TEXT_SECONDS, 0}};

	if (setitimer(ITIMER_VIRTUAL, &once, NULL) != 0)
		_exit(6);
}

/* Head and body in one write: each is a wake-up of the gateway. */
static void
answer(char kind, const char *text)
{
	static char whole[5 + LONGEST_ANSWER];
	size_t length = strlen(text);

	if (length > LONGEST_ANSWER)
	{
		kind = 'L';
		length = 0;
	}
	whole[0] = kind;
	whole[1] = (char) (length >> 24);
	whole[2] = (char) (length >> 16);
	whole[3] = (char) (length >> 8);
	whole[4] = (char) length;
	memcpy(whole + 5, text, length);
	give(whole, 5 + length);
}

/* The writer of trees appends to its text by this. A tree may hold one node in many places (what several columns are set to, and
 * in it the same again), so that a short text means an answer without end: it stops once it is too long to be given. */
void __real_appendStringInfoString(StringInfo into, const char *more);
void __wrap_appendStringInfoString(StringInfo into, const char *more);

static bool is_too_long;

void
__wrap_appendStringInfoString(StringInfo into, const char *more)
{
	if (into->len > LONGEST_ANSWER)
	{
		is_too_long = true;
		elog(ERROR, "too long");
	}
	__real_appendStringInfoString(into, more);
}

static void
read_statements(const char *sql)
{
	MemoryContext context = pg_query_enter_memory_context();
	MemoryContext own = CurrentMemoryContext;

	is_too_long = false;
	PG_TRY();
	{
		answer('T', pg_query_nodes_to_json(raw_parser(sql, RAW_PARSE_DEFAULT)));
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(own);
		error = CopyErrorData();
		FlushErrorState();
		answer(is_too_long ? 'L' : 'E', is_too_long || error->message == NULL ? "" : error->message);
	}
	PG_END_TRY();
	pg_query_exit_memory_context(context);
}

int
main(void)
{
	static char text[LONGEST_TEXT + 1];
	unsigned char head[4];

	pg_query_init();
	confine();
	answer('V', PG_VERSION);
	for (;;)
	{
		uint32_t	length;

		take((char *) head, sizeof head);
		length = number(head);
		if (length > LONGEST_TEXT)
			_exit(5);
		take(text, length);
		text[length] = '\0';
		wind_up();
		read_statements(text);
	}
}
