/*
 *   parent ──in──▶ stdin  child
 *          ◀─out── stdout        both ends of ours do not block; poll() until out ends or time is
 * up
 */
#include "base/child.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/sb.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct talk {
    int in, out; /* ours; -1: closed */
    pid_t pid;
    str left; /* of the input */
    struct sb said;
    size_t max_out;
    usec until;
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int spawn(const char *path, int in, int out, pid_t *ret_pid)
{
    char *argv[] = {(char *)(uintptr_t)path, NULL};
    char *envp[] = {(char[]){"LANG=C.UTF-8"}, (char[]){"PATH=/usr/bin:/bin"}, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t none;
    int r;

    sigemptyset(&none);
    if (posix_spawn_file_actions_init(&actions))
        return ERR_MEM;
    if (posix_spawnattr_init(&attr)) {
        posix_spawn_file_actions_destroy(&actions);
        return ERR_MEM;
    }
    /* The server blocks signals in all its threads; the child wants them back. */
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    r = posix_spawn(ret_pid, path, &actions, &attr, argv, envp);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
    if (r == ENOENT)
        return ERR_NOT_FOUND;
    return r ? err_from_errno(r) : 0;
}

/* Close-on-exec from the start: another thread may be starting a child at this moment. */
static int start(struct talk *t, const char *path)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    int r = 0;

    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
        r = err_from_errno(errno);
    if (r == 0)
        r = spawn(path, in[0], out[1], &t->pid);
    close_end(&in[0]);
    close_end(&out[1]);
    if (r < 0) {
        close_end(&in[1]);
        close_end(&out[0]);
        return r;
    }
    t->in = in[1];
    t->out = out[0];
    (void)fcntl(t->in, F_SETFL, O_NONBLOCK);
    (void)fcntl(t->out, F_SETFL, O_NONBLOCK);
    return 0;
}

static void feed(struct talk *t)
{
    ssize_t n = t->left.n ? write(t->in, t->left.p, t->left.n) : 0;

    if (n > 0)
        t->left = (str){t->left.p + n, t->left.n - (size_t)n};
    /* A child that does not read to its end has its own opinion of the rest. */
    if (!t->left.n || (n < 0 && errno != EAGAIN && errno != EINTR))
        close_end(&t->in);
}

static int hear(struct talk *t)
{
    char bytes[16384];
    ssize_t n = read(t->out, bytes, sizeof(bytes));

    if (n == 0)
        close_end(&t->out);
    if (n < 0 && errno != EAGAIN && errno != EINTR)
        return ERR_IO;
    if (n <= 0)
        return 0;
    if (t->said.n + (size_t)n > t->max_out)
        return ERR_TOO_BIG;
    sb_add(&t->said, (str){bytes, (size_t)n});
    return t->said.err ? ERR_MEM : 0;
}

static int talk(struct talk *t)
{
    while (t->out >= 0) {
        struct pollfd fds[2] = {{.fd = t->out, .events = POLLIN}, {.fd = t->in, .events = POLLOUT}};
        usec wait = t->until - clock_mono();
        int r = 0;

        if (wait <= 0)
            return ERR_TIMEOUT;
        if (poll(fds, 2, (int)(wait / USEC_MS) + 1) < 0 && errno != EINTR)
            return ERR_IO;
        if (t->in >= 0 && fds[1].revents)
            feed(t);
        if (fds[0].revents)
            r = hear(t);
        if (r < 0)
            return r;
    }
    return 0;
}

/* One that has said all, and shut its output, has its time all the same. */
static int await(const struct talk *t)
{
    struct pollfd p = {.fd = (int)syscall(SYS_pidfd_open, t->pid, 0), .events = POLLIN};
    int n;

    if (p.fd < 0)
        return err_from_errno(errno);
    do {
        usec wait = t->until - clock_mono();

        n = wait > 0 ? poll(&p, 1, (int)(wait / USEC_MS) + 1) : 0;
    } while (n < 0 && errno == EINTR);
    close(p.fd);
    return n > 0 ? 0 : n == 0 ? ERR_TIMEOUT : ERR_IO;
}

static int end(struct talk *t, int r)
{
    int status = 0;

    close_end(&t->in);
    close_end(&t->out);
    if (r == 0)
        r = await(t);
    if (r < 0)
        (void)kill(t->pid, SIGKILL);
    while (waitpid(t->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (r < 0)
        return r;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
        return ERR_SYNTAX;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : ERR_INTERNAL;
}

int child_run(struct arena *a, const char *path, str in, const struct child_limits *limits,
              str *ret_out)
{
    struct talk t = {.in = -1,
                     .out = -1,
                     .left = in,
                     .max_out = limits->max_out,
                     .said = sb_init(a, limits->max_out + 1),
                     .until = clock_mono() + limits->within};
    int r = start(&t, path);

    if (r < 0)
        return r;
    r = end(&t, talk(&t));
    if (r == 0)
        *ret_out = sb_str(&t.said);
    return r;
}
