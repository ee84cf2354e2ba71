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
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "name this machine's AUDIT_ARCH_ here"
#endif

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

/* What a program needs that reads files, counts and writes an answer. */
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
    SYS_fcntl,
    SYS_dup,
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
    SYS_exit,
    SYS_exit_group,
    SYS_getpid,
    SYS_gettid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_clock_gettime,
    SYS_gettimeofday,
    SYS_clock_nanosleep,
    SYS_getrandom,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_uname,
    SYS_sysinfo,
    SYS_prlimit64,
    SYS_getrlimit,
    SYS_set_robust_list,
    SYS_rseq,
    SYS_sigaltstack,
    SYS_tgkill,
    SYS_restart_syscall,
#ifdef __x86_64__
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_readlink,
    SYS_arch_prctl,
    SYS_time,
#endif
};

enum { NCALLS = sizeof(calls) / sizeof(calls[0]), MAX_FILTER = 2 * NCALLS + 32 };

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

/* open and openat only to read: none of the bits that write or make. `flags` is the argument's
 * number. */
static void put_open(struct program *p, int call, unsigned flags)
{
    put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (unsigned)call);
    put(p, BPF_LD | BPF_W | BPF_ABS, 0, 0,
        (unsigned)(offsetof(struct seccomp_data, args) + 8 * flags));
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
    put(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, (unsigned)offsetof(struct seccomp_data, args));
    put(p, BPF_JMP | BPF_JSET | BPF_K, 1, 0, CLONE_THREAD);
    put_return(p, SECCOMP_RET_ERRNO | EPERM);
    put_return(p, SECCOMP_RET_ALLOW);
}

static int filter(void)
{
    struct program p = {0};
    struct sock_fprog prog;

    put(&p, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch));
    put(&p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCH);
    put_return(&p, SECCOMP_RET_KILL_PROCESS);
    put(&p, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
    put_open(&p, SYS_openat, 2);
#ifdef SYS_open
    put_open(&p, SYS_open, 1);
#endif
    put_clone(&p);
    for (size_t i = 0; i < NCALLS; i++) {
        put(&p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (unsigned)calls[i]);
        put_return(&p, SECCOMP_RET_ALLOW);
    }
    put_return(&p, SECCOMP_RET_ERRNO | EPERM);
    prog = (struct sock_fprog){p.n, p.at};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) ? ERR_UNSUPPORTED : 0;
}

static void allow_reading(int rules, const char *folder)
{
    struct landlock_path_beneath_attr rule = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
        .parent_fd = open(folder, O_PATH | O_CLOEXEC),
    };

    if (rule.parent_fd < 0)
        return; /* a folder that is not there cannot be read */
    (void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
}

static void fence_files(const char *const *folders)
{
    /* All that version 1 of Landlock knows is handled, and so refused unless a rule allows it. */
    struct landlock_ruleset_attr attr = {.handled_access_fs = (1ULL << 13) - 1};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);

    if (rules < 0)
        return;
    for (size_t i = 0; folders[i]; i++)
        allow_reading(rules, folders[i]);
    (void)syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
}

static int bound(int what, rlim_t most)
{
    struct rlimit limit = {most, most};

    return setrlimit((__rlimit_resource_t)what, &limit) ? ERR_UNSUPPORTED : 0;
}

int sandbox_enter(const char *const *folders, size_t max_memory, unsigned max_seconds)
{
    int r = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? ERR_UNSUPPORTED : 0;

    if (r == 0 && !IS_SANITIZED)
        r = bound(RLIMIT_AS, max_memory);
    if (r == 0)
        r = bound(RLIMIT_CPU, max_seconds);
    if (r == 0)
        r = bound(RLIMIT_NOFILE, 64);
    if (r == 0)
        r = bound(RLIMIT_CORE, 0);
    if (r == 0)
        r = bound(RLIMIT_FSIZE, 0); /* pipes are no files */
    if (r < 0)
        return r;
    fence_files(folders);
    return IS_SANITIZED ? 0 : filter();
}
