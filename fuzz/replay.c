/*
 * Feeds every file of the folders named to a fuzzer, whole and cut at up to CUTS places: the corpus
 * as a test that any compiler can run.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

enum { CUTS = 200, MAX_PATH = 4096 };

/* From heap memory of that very length, so that a sanitizer sees a read past the end. */
static void feed(const uint8_t *p, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);

    CHECK(copy);
    memcpy(copy, p, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

static void replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *p;
    size_t n;

    CHECK(f && fseek(f, 0, SEEK_END) == 0);
    n = (size_t)ftell(f);
    rewind(f);
    p = malloc(n + 1);
    CHECK(p && fread(p, 1, n, f) == n);
    fclose(f);
    feed(p, n);
    for (size_t cut = 0; cut < n; cut += n / CUTS + 1)
        feed(p, cut);
    free(p);
}

static int is_input(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

/* By name, so that two runs are alike, and named first: what ends the program is the last named. */
static int replay_folder(const char *folder)
{
    struct dirent **all;
    char path[MAX_PATH];
    int n = scandir(folder, &all, is_input, alphasort);

    CHECK(n >= 0);
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, all[i]->d_name);
        printf("%s\n", path);
        fflush(stdout);
        replay_file(path);
        free(all[i]);
    }
    free(all);
    return n;
}

int main(int argc, char **argv)
{
    int n = 0;

    for (int i = 1; i < argc; i++)
        n += replay_folder(argv[i]);
    printf("%d inputs\n", n);
    return n == 0;
}
