#include "app/box.h"

#include "base/err.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 *   fork ─▶ child: limits ─▶ no new privileges ─▶ Landlock ─▶ seccomp ─▶ execve
 *
 * Between fork and execve the child of a program with threads may only make system calls
 * (signal-safety(7)), so all that allocates is made before.
 */

enum { EXIT_NO_BOX = 113, EXIT_NO_PROGRAM = 114, MAX_OPEN_FILES = 64 };

/* ---- system calls ---- */

#if defined(__x86_64__)
#define BOX_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define BOX_ARCH AUDIT_ARCH_AARCH64
#else
#define BOX_ARCH 0 /* no list for this machine: box_check refuses */
#endif

#define ALLOW(name)                                                                                \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1),                                        \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/*
 * What a program needs that reads files, computes and writes files. Not in it: sockets, new
 * processes and threads, signals to others, ptrace, mounts, keys, io_uring, bpf. execve is needed
 * to begin; what it begins stays in the box.
 */
static const struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BOX_ARCH, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    ALLOW(execve),
    ALLOW(exit),
    ALLOW(exit_group),
    ALLOW(read),
    ALLOW(write),
    ALLOW(readv),
    ALLOW(writev),
    ALLOW(pread64),
    ALLOW(pwrite64),
    ALLOW(lseek),
    ALLOW(openat),
    ALLOW(close),
    ALLOW(fstat),
    ALLOW(newfstatat),
    ALLOW(statx),
    ALLOW(statfs),
    ALLOW(fstatfs),
    ALLOW(faccessat),
    ALLOW(faccessat2),
    ALLOW(readlinkat),
    ALLOW(getdents64),
    ALLOW(getcwd),
    ALLOW(fcntl),
    ALLOW(ftruncate),
    ALLOW(fadvise64),
    ALLOW(unlinkat),
    ALLOW(renameat),
    ALLOW(renameat2),
    ALLOW(mkdirat),
    ALLOW(dup),
    ALLOW(dup3),
    ALLOW(umask),
    ALLOW(mmap),
    ALLOW(mprotect),
    ALLOW(munmap),
    ALLOW(mremap),
    ALLOW(madvise),
    ALLOW(brk),
    ALLOW(futex),
    ALLOW(set_tid_address),
    ALLOW(set_robust_list),
    ALLOW(rseq),
    ALLOW(rt_sigaction),
    ALLOW(rt_sigprocmask),
    ALLOW(rt_sigreturn),
    ALLOW(sigaltstack),
    ALLOW(getpid),
    ALLOW(gettid),
    ALLOW(getuid),
    ALLOW(geteuid),
    ALLOW(getgid),
    ALLOW(getegid),
    ALLOW(clock_gettime),
    ALLOW(clock_getres),
    ALLOW(gettimeofday),
    ALLOW(getrandom),
    ALLOW(getrusage),
    ALLOW(prlimit64),
    ALLOW(sysinfo),
    ALLOW(uname),
    ALLOW(sched_getaffinity),
    ALLOW(sched_yield),
#if defined(__x86_64__)
    ALLOW(arch_prctl),
    ALLOW(open),
    ALLOW(stat),
    ALLOW(lstat),
    ALLOW(access),
    ALLOW(readlink),
    ALLOW(unlink),
    ALLOW(rename),
    ALLOW(mkdir),
    ALLOW(dup2),
    ALLOW(time),
    ALLOW(getrlimit),
#endif
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
};

static int shut_calls(void)
{
    const struct sock_fprog program = {.len = NELEM(filter),
                                       .filter = (struct sock_filter *)(uintptr_t)filter};

    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ? 0 : ERR_UNSUPPORTED;
}

/* ---- files ---- */

/* Of the first Landlock, which is all that Debian 12 promises. */
#define FILES_READ                                                                                 \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FILES_WRITE                                                                                \
    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_WRITE_FILE |  \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR)
#define FILES_ALL ((1u << 13) - 1) /* every right of the first Landlock */

static int allow_path(int rules, const char *path, uint64_t access)
{
    struct landlock_path_beneath_attr a = {.allowed_access = access};
    int r = 0;

    a.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (a.parent_fd < 0)
        return 0; /* not on this machine: nothing to allow */
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &a, 0) != 0)
        r = ERR_UNSUPPORTED;
    close(a.parent_fd);
    return r;
}

static int shut_files(const char *folder)
{
    static const char *const readable[] = {"/usr", "/lib", "/lib64", "/etc/fonts",
                                           "/var/cache/fontconfig"};
    const struct landlock_ruleset_attr all = {.handled_access_fs = FILES_ALL};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all.handled_access_fs), 0);
    int r = rules < 0 ? ERR_UNSUPPORTED : 0;

    for (size_t i = 0; i < NELEM(readable) && r == 0; i++)
        r = allow_path(rules, readable[i], FILES_READ);
    if (r == 0)
        r = allow_path(rules, "/etc/ld.so.cache", LANDLOCK_ACCESS_FS_READ_FILE);
    if (r == 0)
        r = allow_path(rules, "/dev/null",
                       LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
    if (r == 0)
        r = allow_path(rules, folder, FILES_WRITE);
    if (r == 0 && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
        r = ERR_UNSUPPORTED;
    if (rules >= 0)
        close(rules);
    return r;
}

int box_check(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    unsigned action = SECCOMP_RET_KILL_PROCESS;

    if (BOX_ARCH == 0 || abi < 1)
        return ERR_UNSUPPORTED;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0 ? 0 : ERR_UNSUPPORTED;
}

/* ---- the child ---- */

static int limit(int what, rlim_t value)
{
    const struct rlimit l = {value, value};

    return setrlimit((unsigned)what, &l) == 0 ? 0 : ERR_UNSUPPORTED;
}

static int shut_limits(void)
{
    int r = limit(RLIMIT_CPU, MAX_BOX_CPU_S);

    if (r == 0)
        r = limit(RLIMIT_AS, MAX_BOX_MEMORY);
    if (r == 0)
        r = limit(RLIMIT_FSIZE, MAX_BOX_BYTES);
    if (r == 0)
        r = limit(RLIMIT_NOFILE, MAX_OPEN_FILES);
    return r == 0 ? limit(RLIMIT_CORE, 0) : r;
}

/* 0: nothing comes in; 1: into the file; 2: nobody reads what it complains of. All else is shut. */
static int set_files(int null, int out)
{
    if (dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(null, 2) < 0)
        return ERR_IO;
    return syscall(SYS_close_range, 3, ~0u, 0) == 0 ? 0 : ERR_UNSUPPORTED;
}

static _Noreturn void child(const struct box *b, char *const *argv, char *const *env, int null,
                            int out)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (set_files(null, out) < 0 || chdir(b->folder) != 0 || shut_limits() < 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || shut_files(b->folder) < 0 ||
        shut_calls() < 0)
        _exit(EXIT_NO_BOX);
    execve(b->program, argv, env);
    _exit(EXIT_NO_PROGRAM);
}

/* ---- the parent ---- */

static int result_of(int status, int *ret_code)
{
    if (!WIFEXITED(status))
        return ERR_TOO_BIG;
    if (WEXITSTATUS(status) == EXIT_NO_BOX)
        return ERR_UNSUPPORTED;
    if (WEXITSTATUS(status) == EXIT_NO_PROGRAM)
        return ERR_NOT_FOUND;
    *ret_code = WEXITSTATUS(status);
    return 0;
}

static int wait_for(pid_t pid, unsigned patience_s, int *ret_code)
{
    struct pollfd p = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
    bool is_late = p.fd < 0;
    int status = 0, n;

    do
        n = is_late ? 0 : poll(&p, 1, (int)patience_s * 1000);
    while (n < 0 && errno == EINTR);
    is_late |= n <= 0;
    if (is_late)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (p.fd >= 0)
        close(p.fd);
    return is_late ? ERR_TIMEOUT : result_of(status, ret_code);
}

static int open_out(const char *path)
{
    return open(path ? path : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                0600);
}

int box_run(const struct box *b, int *ret_code)
{
    static char path[] = "PATH=/usr/bin", lang[] = "LANG=C.UTF-8", home[] = "HOME=.";
    char *const env[] = {path, lang, home, NULL};
    char *argv[BOX_ARGS + 2] = {(char *)(uintptr_t)b->program};
    int null, out, r = box_check();
    pid_t pid;

    if (r < 0)
        return r;
    if (access(b->program, X_OK) != 0)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < BOX_ARGS && b->arg[i]; i++)
        argv[i + 1] = (char *)(uintptr_t)b->arg[i];
    null = open("/dev/null", O_RDWR | O_CLOEXEC);
    out = open_out(b->out);
    r = null < 0 || out < 0 ? err_from_errno(errno) : 0;
    if (r == 0) {
        pid = fork();
        if (pid == 0)
            child(b, argv, env, null, out);
        r = pid < 0 ? err_from_errno(errno) : wait_for(pid, b->patience_s, ret_code);
    }
    if (null >= 0)
        close(null);
    if (out >= 0)
        close(out);
    return r;
}
