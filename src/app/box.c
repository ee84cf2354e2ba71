#include "app/box.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 *   fork ─▶ child: files ─▶ folder ─▶ sandbox (base/sandbox.h) ─▶ execve
 *
 * Between fork and execve the child of a program with threads may only make system calls
 * (signal-safety(7)), so all that allocates is made before.
 */

enum { EXIT_NO_BOX = 113, EXIT_NO_PROGRAM = 114 };

int box_check(void)
{
    return sandbox_check();
}

/* ---- the child ---- */

static int shut_in(const char *folder)
{
    static const char *const run[] = {"/usr", "/lib", "/lib64", NULL};
    static const char *const read[] = {"/etc/fonts", "/etc/ld.so.cache", "/var/cache/fontconfig",
                                       NULL};
    const struct sandbox s = {.read = read,
                              .run = run,
                              .write = folder,
                              .max_memory = MAX_BOX_MEMORY,
                              .max_file = MAX_BOX_BYTES,
                              .max_seconds = MAX_BOX_CPU_S};

    return sandbox_enter(&s);
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
    if (set_files(null, out) < 0 || chdir(b->folder) != 0 || shut_in(b->folder) < 0)
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
