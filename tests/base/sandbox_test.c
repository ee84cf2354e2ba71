/*
 * A process that has entered the sandbox tries what a hijacked library would. Each try is a child
 * of its own, which ends with 0 when it was refused as it should be. (The box around foreign
 * programs has its tests in tests/app/box_test.c.)
 */
#include "suite.h"

#include "base/err.h"
#include "base/sandbox.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The fences around calls stay open under a sanitizer (base/sandbox.c). */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { HAS_CALLS = 0 };
#elif defined(__has_feature)
enum { HAS_CALLS = !(__has_feature(address_sanitizer) || __has_feature(thread_sanitizer)) };
#else
enum { HAS_CALLS = 1 };
#endif

static char folder[] = "/tmp/kengesh-fence-XXXXXX";

typedef bool try_fn(const char *path);

static int begin(void **state)
{
    char path[80];
    FILE *f;

    (void)state;
    strcpy(folder + sizeof(folder) - 7, "XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/kept", folder);
    f = fopen(path, "w");
    return f ? fclose(f) : -1;
}

static int end(void **state)
{
    char path[80];

    (void)state;
    snprintf(path, sizeof(path), "%s/kept", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/new", folder);
    unlink(path);
    return rmdir(folder);
}

/* 1: the try came through; 0: it was refused; else something broke. */
static int inside(const struct sandbox *s, try_fn *try, const char *name)
{
    char path[80];
    int status = 0;
    pid_t pid;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    pid = fork();
    if (pid == 0)
        _exit(sandbox_enter(s) < 0 ? 9 : try(path));
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static bool can_read(const char *path)
{
    return open(path, O_RDONLY) >= 0;
}

static bool can_write(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT, 0600);

    return fd >= 0 && write(fd, "x", 1) == 1;
}

static bool can_remove(const char *path)
{
    return unlink(path) == 0;
}

static bool can_call_out(const char *path)
{
    (void)path;
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static bool can_multiply(const char *path)
{
    pid_t pid = fork();

    (void)path;
    if (pid == 0)
        _exit(0);
    return pid > 0;
}

static bool can_signal(const char *path)
{
    (void)path;
    return kill(getppid(), 0) == 0;
}

/* Any limit of the parent's would do: to read it is harmless here. */
static bool can_limit_others(const char *path)
{
    struct rlimit l;

    (void)path;
    return prlimit(getppid(), RLIMIT_NOFILE, NULL, &l) == 0;
}

static bool can_know_its_limits(const char *path)
{
    struct rlimit l;

    (void)path;
    return getrlimit(RLIMIT_NOFILE, &l) == 0 && setrlimit(RLIMIT_NOFILE, &l) == 0;
}

/* A file that is given to another process sends it signals. */
static bool can_send_signals_by_a_file(const char *path)
{
    int fd = open(path, O_RDONLY);

    return fcntl(fd, F_SETOWN, getppid()) == 0 || fcntl(fd, F_SETSIG, SIGKILL) == 0;
}

static bool can_keep_files(const char *path)
{
    struct flock lock = {.l_type = F_RDLCK};
    int fd = open(path, O_RDONLY), other = fcntl(fd, F_DUPFD_CLOEXEC, 10);

    return fd >= 0 && other >= 10 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
           fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == 0 &&
           fcntl(fd, F_SETLK, &lock) == 0 && fcntl(fd, F_OFD_GETLK, &lock) == 0;
}

static void *nothing(void *ctx)
{
    return ctx;
}

static bool can_thread(const char *path)
{
    pthread_t t;

    (void)path;
    return pthread_create(&t, NULL, nothing, NULL) == 0 && pthread_join(t, NULL) == 0;
}

static bool can_become_another(const char *path)
{
    char name[] = "false";
    char *argv[] = {name, NULL}, *env[] = {NULL};

    (void)path;
    execve("/bin/false", argv, env);
    return false; /* /bin/false ends with 1, like a try that came through */
}

static void a_reader_only_reads(void **state)
{
    const char *const read[] = {folder, "/no/such/folder", NULL};
    const struct sandbox s = {.read = read, .max_memory = 1u << 30, .max_seconds = 10};

    (void)state;
    if (sandbox_check() < 0)
        skip();
    assert_int_equal(inside(&s, can_read, "kept"), 1);
    assert_int_equal(inside(&s, can_read, "../../etc/passwd"), 0);
    assert_int_equal(inside(&s, can_write, "kept"), 0);
    assert_int_equal(inside(&s, can_write, "new"), 0);
    assert_int_equal(inside(&s, can_remove, "kept"), 0);
    assert_int_equal(inside(&s, can_become_another, "kept"), 0);
    if (!HAS_CALLS)
        return;
    assert_int_equal(inside(&s, can_call_out, "kept"), 0);
    assert_int_equal(inside(&s, can_multiply, "kept"), 0);
    assert_int_equal(inside(&s, can_signal, "kept"), 0);
    assert_int_equal(inside(&s, can_limit_others, "kept"), 0);
    assert_int_equal(inside(&s, can_know_its_limits, "kept"), 1);
    assert_int_equal(inside(&s, can_send_signals_by_a_file, "kept"), 0);
    assert_int_equal(inside(&s, can_keep_files, "kept"), 1);
    assert_int_equal(inside(&s, can_thread, "kept"), 1);
}

static void a_foreign_program_writes_in_its_folder_alone(void **state)
{
    const char *const run[] = {"/bin", "/usr", "/lib", "/lib64", NULL};
    const char *const read[] = {"/etc/ld.so.cache", NULL}; /* a file among folders */
    const struct sandbox s = {.read = read,
                              .run = run,
                              .write = folder,
                              .max_memory = 1u << 30,
                              .max_file = 1000,
                              .max_seconds = 10};

    (void)state;
    if (sandbox_check() < 0)
        skip();
    assert_int_equal(inside(&s, can_become_another, "kept"), 1);
    if (!HAS_CALLS)
        return;
    assert_int_equal(inside(&s, can_write, "new"), 1);
    assert_int_equal(inside(&s, can_remove, "new"), 1);
    assert_int_equal(inside(&s, can_write, "../kengesh-fence-out"), 0);
    assert_int_equal(inside(&s, can_read, "../../etc/passwd"), 0);
    assert_int_equal(inside(&s, can_call_out, "kept"), 0);
    assert_int_equal(inside(&s, can_multiply, "kept"), 0);
    assert_int_equal(inside(&s, can_signal, "kept"), 0);
    assert_int_equal(inside(&s, can_limit_others, "kept"), 0);
    assert_int_equal(inside(&s, can_know_its_limits, "kept"), 1);
    assert_int_equal(inside(&s, can_send_signals_by_a_file, "kept"), 0);
    assert_int_equal(inside(&s, can_keep_files, "kept"), 1);
}

int sandbox_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_reader_only_reads, begin, end),
        cmocka_unit_test_setup_teardown(a_foreign_program_writes_in_its_folder_alone, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
