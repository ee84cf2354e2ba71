#include "sim/counted.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct counted counted;

#if !COUNTED_IS_OFF
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static void count(size_t n)
{
    counted.allocs += counted.is_on;
    counted.large += counted.is_on && n > COUNTED_SMALL;
}

void *malloc(size_t n)
{
    count(n);
    return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    count(n * size);
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    count(n);
    return __libc_realloc(p, n);
}

static int (*real_lock)(pthread_mutex_t *);
static int (*real_rdlock)(pthread_rwlock_t *);
static int (*real_wrlock)(pthread_rwlock_t *);

/* A pointer to an object becomes one to a function: POSIX asks for it, C has no word for it. */
static void find(const char *name, void *to)
{
    void *p = dlsym(RTLD_NEXT, name);

    memcpy(to, &p, sizeof(p));
}

int pthread_mutex_lock(pthread_mutex_t *m)
{
    counted.locks += counted.is_on;
    if (!real_lock)
        find("pthread_mutex_lock", &real_lock);
    return real_lock(m);
}

int pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
    counted.locks += counted.is_on;
    if (!real_rdlock)
        find("pthread_rwlock_rdlock", &real_rdlock);
    return real_rdlock(l);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
    counted.locks += counted.is_on;
    if (!real_wrlock)
        find("pthread_rwlock_wrlock", &real_wrlock);
    return real_wrlock(l);
}
#endif
