/*
 * The child's main: sandbox first, then the first byte of input. Exit codes: 0 done, 2 the input
 * was refused, 1 anything else.
 */
#include "app/pdf.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sandbox.h"
#include "base/sb.h"

#include <stdio.h>
#include <unistd.h>

static const char *const folders[] = {"/usr/share/fonts",
                                      "/usr/local/share/fonts",
                                      "/usr/share/fontconfig",
                                      "/etc/fonts",
                                      "/var/cache/fontconfig",
                                      "/usr/share/xml/fontconfig",
                                      "/usr/lib",
                                      "/lib",
                                      "/etc/ld.so.cache",
                                      "/usr/share/locale",
                                      NULL};

static int read_all(struct sb *to)
{
    char bytes[8192];
    ssize_t n;

    while ((n = read(0, bytes, sizeof(bytes))) > 0)
        sb_add(to, (str){bytes, (size_t)n});
    return n < 0 || to->err ? ERR_IO : 0;
}

static int write_all(str s)
{
    while (s.n) {
        ssize_t n = write(1, s.p, s.n);

        if (n <= 0)
            return ERR_IO;
        s = (str){s.p + n, s.n - (size_t)n};
    }
    return 0;
}

/*
 * In the builds of the sanitizers: Pango and fontconfig keep the fonts that they load, in threads
 * that ThreadSanitizer cannot look into, and the box hides the process from the search for leaks.
 */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "report_bugs=0";
}
#elif __has_feature(address_sanitizer)
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return 1;
}
#endif
#endif

int main(void)
{
    const struct sandbox fences = {
        .read = folders, .max_memory = MAX_CHILD_MEMORY, .max_seconds = MAX_CHILD_S};
    struct arena *a = arena_new();
    struct sb in;
    struct pdf_page page;
    str pdf;
    int r = a ? sandbox_enter(&fences) : ERR_MEM;

    if (r < 0) {
        fprintf(stderr, "kengesh-pdf: %s\n", err_text(r));
        return 1;
    }
    in = sb_init(a, 0);
    r = read_all(&in);
    if (r == 0)
        r = pdf_parse(a, sb_str(&in), &page);
    if (r == 0)
        r = pdf_draw(a, &page, &pdf);
    if (r == 0)
        r = write_all(pdf);
    if (r < 0)
        fprintf(stderr, "kengesh-pdf: %s\n", err_text(r));
    arena_free(a);
    return r == 0 ? 0 : r == ERR_SYNTAX || r == ERR_TOO_BIG ? 2 : 1;
}
