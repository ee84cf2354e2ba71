/*
 * Writes the migrations of src/store/sql as a C table: sqlembed OUT FILE.sql…
 * A file is NNNN_name.sql (the record) or help_NNNN_name.sql (the file of requests for help).
 * Numbers of each ascend, and each is given once. The SHA-256 of a file goes along, so that a
 * database knows exactly which text made it.
 */
#include <ctype.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source {
    const char *name; /* without folders */
    int is_help;
    int version;
    unsigned char *bytes;
    size_t n;
};

static void fail(const char *name, const char *why)
{
    fprintf(stderr, "%s: %s\n", name, why);
    exit(1);
}

static void source_read(struct source *s, const char *path)
{
    FILE *f = fopen(path, "rb");
    const char *slash = strrchr(path, '/');
    const char *digits;
    size_t room = 1 << 20;

    s->name = slash ? slash + 1 : path;
    s->is_help = strncmp(s->name, "help_", 5) == 0;
    digits = s->name + (s->is_help ? 5 : 0);
    for (int i = 0; i < 4; i++) {
        if (!isdigit((unsigned char)digits[i]))
            fail(s->name, "a migration is named NNNN_name.sql; give it the next number");
        s->version = s->version * 10 + (digits[i] - '0');
    }
    s->bytes = malloc(room);
    if (!f || !s->bytes)
        fail(path, "cannot be read");
    s->n = fread(s->bytes, 1, room, f);
    if (s->n == room)
        fail(path, "is larger than 1 MiB; split it");
    fclose(f);
}

static int source_order(const void *a, const void *b)
{
    const struct source *x = a, *y = b;

    return x->is_help != y->is_help ? x->is_help - y->is_help : x->version - y->version;
}

static void print_bytes(FILE *out, const struct source *s, int i)
{
    fprintf(out, "static const char sql_%d[] = {", i);
    for (size_t k = 0; k < s->n; k++)
        fprintf(out, "%s%d,", k % 24 ? "" : "\n", (signed char)s->bytes[k]);
    fprintf(out, "0};\n");
}

static void print_row(FILE *out, const struct source *s, int i)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];

    SHA256(s->bytes, s->n, hash);
    fprintf(out, "    {%d, %d, \"%s\", \"", s->is_help, s->version, s->name);
    for (size_t k = 0; k < sizeof(hash); k++)
        fprintf(out, "%02x", hash[k]);
    fprintf(out, "\", sql_%d},\n", i);
}

int main(int argc, char **argv)
{
    int n = argc - 2;
    struct source *all = n > 0 ? calloc((size_t)n, sizeof(*all)) : NULL;
    FILE *out;

    if (!all)
        fail("sqlembed", "usage: sqlembed OUT FILE.sql...");
    for (int i = 0; i < n; i++)
        source_read(&all[i], argv[i + 2]);
    qsort(all, (size_t)n, sizeof(*all), source_order);
    for (int i = 0; i < n; i++) {
        int before = i > 0 && all[i].is_help == all[i - 1].is_help ? all[i - 1].version : 0;

        if (all[i].version <= before)
            fail(all[i].name, "another migration has this number; take the next free one");
    }
    out = fopen(argv[1], "wb");
    if (!out)
        fail(argv[1], "cannot be written");
    fprintf(out, "#include \"store/migrate.h\"\n\n");
    for (int i = 0; i < n; i++)
        print_bytes(out, &all[i], i);
    fprintf(out, "\nconst struct migration migrations[] = {\n");
    for (int i = 0; i < n; i++)
        print_row(out, &all[i], i);
    fprintf(out, "};\nconst size_t nmigrations = %d;\n", n);
    if (fclose(out))
        fail(argv[1], "cannot be written");
    for (int i = 0; i < n; i++)
        free(all[i].bytes);
    free(all);
    return 0;
}
