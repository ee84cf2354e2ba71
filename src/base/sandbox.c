/*
 * Three fences: resource limits; Landlock for which files can be read; a seccomp filter
 * for which system calls there are. A call that is not in the list gets EPERM and does not kill:
 * libraries try things (a cache to write, a thread's priority) and live without them.
 */
#include "base/sandbox.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "name this machine's AUDIT_ARCH_ here"
#endif

enum { MAX_OPEN_FILES = 64 };

/*
 * A sanitizer's shadow takes terabytes of address space, and its reports need calls of their own:
 * in such a build of the tests these two fences stay open.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = 1 };
#elif defined(__has_feature)
enum { IS_SANITIZED = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) };
#else
enum { IS_SANITIZED = 0 };
#endif

/* What is run afterwards is another program, without a sanitizer. */
static bool is_open(const struct sandbox *s)
{
    return IS_SANITIZED && !s->run;
}

/*
 * What a program needs that reads files, computes and writes an answer. Not in it: sockets, new
 * processes, signals to others, ptrace, mounts, keys, io_uring, bpf. What is there for some
 * arguments alone is below.
 */
static const int calls[] = {
    SYS_read,
    SYS_pread64,
    SYS_readv,
    SYS_write,
    SYS_writev,
    SYS_close,
    SYS_fstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_lseek,
    SYS_getdents64,
    SYS_faccessat,
    SYS_faccessat2,
    SYS_readlinkat,
    SYS_getcwd,
    SYS_fadvise64,
    SYS_dup,
    SYS_dup3,
    SYS_umask,
    SYS_fstatfs,
    SYS_statfs,
    SYS_mmap,
    SYS_munmap,
    SYS_mremap,
    SYS_mprotect,
    SYS_madvise,
    SYS_brk,
    SYS_futex,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_restart_syscall,
    SYS_exit,
    SYS_exit_group,
    SYS_getpid,
    SYS_gettid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_gettimeofday,
    SYS_clock_nanosleep,
    SYS_getrandom,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_uname,
    SYS_sysinfo,
    SYS_getrusage,
    SYS_set_tid_address,
    SYS_set_robust_list,
    SYS_rseq,
    SYS_sigaltstack,
#ifdef __x86_64__
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_readlink,
    SYS_dup2,
    SYS_getrlimit,
    SYS_arch_prctl,
    SYS_time,
#endif
};

/* And one that writes files besides. Where, is Landlock's matter. */
static const int writing[] = {
    SYS_openat, SYS_pwrite64, SYS_ftruncate, SYS_unlinkat, SYS_renameat, SYS_renameat2, SYS_mkdirat,
#ifdef __x86_64__
    SYS_open,   SYS_unlink,   SYS_rename,    SYS_mkdir,
#endif
};

/* Not among them: whom a file's signals go to (F_SETOWN, F_SETSIG), leases, notices of a folder. */
static const unsigned of_files[] = {
    F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD,  F_SETFD,     F_GETFL,     F_SETFL,
    F_GETLK, F_SETLK,         F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW,
};
/* The server runs as the same user, so that its limits could be set. */
static const unsigned itself[] = {0};

enum { MAX_FILTER = 2 * (NELEM(calls) + NELEM(writing)) + 64 };

struct program {
    struct sock_filter at[MAX_FILTER];
    unsigned short n;
};

static void put(struct program *p, unsigned short code, unsigned char yes, unsigned char no,
                unsigned k)
{
    p->at[p->n++] = (struct sock_filter){code, yes, no, k};
}

static void put_return(struct program *p, unsigned what)
{
    put(p, BPF_RET | BPF_K, 0, 0, what);
}

static void put_argument(struct program *p, unsigned number)
{
    put(p, BPF_LD | BPF_W | BPF_ABS, 0, 0,
        (unsigned)(offsetof(struct seccomp_data, args) + 8 * number));
}

/* A call whose argument of that number is one of these. The kernel takes its low half alone. */
static void put_one_of(struct program *p, int call, unsigned number, const unsigned *value,
                       unsigned char n)
{
    put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, (unsigned char)(n + 3), (unsigned)call);
    put_argument(p, number);
    for (unsigned char i = 0; i < n; i++)
        put(p, BPF_JMP | BPF_JEQ | BPF_K, (unsigned char)(n - i), 0, value[i]);
    put_return(p, SECCOMP_RET_ERRNO | EPERM);
    put_return(p, SECCOMP_RET_ALLOW);
}

/* open and openat only to read: none of the bits that write or make. `flags` is the argument's
 * number. */
static void put_open(struct program *p, int call, unsigned flags)
{
    put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (unsigned)call);
    put_argument(p, flags);
    put(p, BPF_JMP | BPF_JSET | BPF_K, 0, 1,
        O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY));
    put_return(p, SECCOMP_RET_ERRNO | EPERM);
    put_return(p, SECCOMP_RET_ALLOW);
}

/* Threads, but no processes. clone3 keeps its flags where no filter can see them: glibc then uses
 * clone. */
static void put_clone(struct program *p)
{
    put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_clone3);
    put_return(p, SECCOMP_RET_ERRNO | ENOSYS);
    put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, SYS_clone);
    put_argument(p, 0);
    put(p, BPF_JMP | BPF_JSET | BPF_K, 1, 0, CLONE_THREAD);
    put_return(p, SECCOMP_RET_ERRNO | EPERM);
    put_return(p, SECCOMP_RET_ALLOW);
}

static void put_calls(struct program *p, const int *call, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (unsigned)call[i]);
        put_return(p, SECCOMP_RET_ALLOW);
    }
}

static int fence_calls(const struct sandbox *s)
{
    static const int run[] = {SYS_execve};
    struct program p = {0};
    struct sock_fprog prog;

    put(&p, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch));
    put(&p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCH);
    put_return(&p, SECCOMP_RET_KILL_PROCESS);
    put(&p, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
    if (s->write)
        put_calls(&p, writing, NELEM(writing));
    if (s->run)
        put_calls(&p, run, NELEM(run));
    put_calls(&p, calls, NELEM(calls));
    put_one_of(&p, SYS_fcntl, 1, of_files, NELEM(of_files));
    put_one_of(&p, SYS_prlimit64, 0, itself, NELEM(itself));
    put_clone(&p);
    if (!s->write) {
        put_open(&p, SYS_openat, 2);
#ifdef SYS_open
        put_open(&p, SYS_open, 1);
#endif
    }
    put_return(&p, SECCOMP_RET_ERRNO | EPERM);
    prog = (struct sock_fprog){p.n, p.at};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) ? ERR_UNSUPPORTED : 0;
}

/* ---- files ---- */

/* Of the first Landlock, which is all that Debian 12 promises. */
#define FILES_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FILES_RUN  (FILES_READ | LANDLOCK_ACCESS_FS_EXECUTE)
#define FILES_WRITE                                                                                \
    (FILES_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |                 \
     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR)
#define FILES_ALL ((1u << 13) - 1) /* every right of the first Landlock */
/* Of a rule for what is not a folder the kernel takes these alone. */
#define FILES_OF_FILE                                                                              \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)

static int allow_path(int rules, const char *path, uint64_t access)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = access};
    struct stat st;
    int r = 0;

    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return 0; /* not on this machine: nothing to allow */
    if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
        rule.allowed_access &= FILES_OF_FILE;
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        r = ERR_UNSUPPORTED;
    close(rule.parent_fd);
    return r;
}

static int allow_paths(int rules, const char *const *path, uint64_t access)
{
    int r = 0;

    for (size_t i = 0; path && path[i] && r == 0; i++)
        r = allow_path(rules, path[i], access);
    return r;
}

static int fence_files(const struct sandbox *s)
{
    const struct landlock_ruleset_attr all = {.handled_access_fs = FILES_ALL};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all.handled_access_fs), 0);
    int r;

    if (rules < 0)
        return s->run || s->write ? ERR_UNSUPPORTED : 0;
    r = allow_paths(rules, s->read, FILES_READ);
    if (r == 0)
        r = allow_paths(rules, s->run, FILES_RUN);
    if (r == 0 && s->run) /* programs throw away what they say */
        r = allow_path(rules, "/dev/null", FILES_READ | LANDLOCK_ACCESS_FS_WRITE_FILE);
    if (r == 0 && s->write)
        r = allow_path(rules, s->write, FILES_WRITE);
    if (r == 0 && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
        r = ERR_UNSUPPORTED;
    close(rules);
    return r;
}

/* ---- limits ---- */

static int limit(int what, rlim_t most)
{
    const struct rlimit l = {most, most};

    return setrlimit((__rlimit_resource_t)what, &l) == 0 ? 0 : ERR_UNSUPPORTED;
}

static int fence_limits(const struct sandbox *s)
{
    int r = limit(RLIMIT_CPU, s->max_seconds);

    if (r == 0 && !is_open(s))
        r = limit(RLIMIT_AS, s->max_memory);
    if (r == 0)
        r = limit(RLIMIT_FSIZE, s->max_file);
    if (r == 0)
        r = limit(RLIMIT_NOFILE, MAX_OPEN_FILES);
    return r == 0 ? limit(RLIMIT_CORE, 0) : r;
}

/* ---- all three ---- */

int sandbox_check(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    unsigned action = SECCOMP_RET_KILL_PROCESS;

    if (abi < 1)
        return ERR_UNSUPPORTED;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0 ? 0 : ERR_UNSUPPORTED;
}

int sandbox_enter(const struct sandbox *s)
{
    int r = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? ERR_UNSUPPORTED : 0;

    if (r == 0)
        r = fence_limits(s);
    if (r == 0)
        r = fence_files(s);
    return r < 0 || is_open(s) ? r : fence_calls(s);
}
