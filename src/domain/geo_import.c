#include "domain/geo.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Ranges come sorted; rows of one country that touch become one. */
struct rows {
    struct row {
        uint64_t first;
        uint16_t country;
    } * row;
    size_t n, cap;
    uint64_t next; /* behind the last range */
    bool is_full;  /* the last range ends at the last address there is */
};

static int row_add(struct rows *t, uint64_t first, uint16_t country)
{
    if (t->n && t->row[t->n - 1].country == country)
        return 0;
    if (t->n == t->cap) {
        size_t cap = t->cap ? 2 * t->cap : 4096;
        struct row *bigger = realloc(t->row, cap * sizeof(*bigger));

        if (!bigger)
            return ERR_MEM;
        t->row = bigger;
        t->cap = cap;
    }
    /*
     * A row that begins where the last one began takes its place: several small IPv6 ranges lie in
     * one /64.
     */
    if (t->n && t->row[t->n - 1].first == first)
        t->n--;
    t->row[t->n++] = (struct row){first, country};
    return 0;
}

static int range_add(struct rows *t, uint64_t first, uint64_t last, uint16_t country)
{
    int r = 0;

    if (t->is_full || last < first)
        return ERR_SYNTAX;
    if (t->n && first < t->next) {
        if (last < t->next)
            return 0; /* a second range inside one /64 */
        first = t->next;
    }
    if (first > t->next)
        r = row_add(t, t->next, 0);
    if (r == 0)
        r = row_add(t, first, country);
    t->is_full = last == UINT64_MAX;
    t->next = last + 1;
    return r;
}

static int key_parse(str s, bool is_v6, uint64_t *ret_key)
{
    struct addr a;
    uint64_t key = 0;
    int r;

    if (!is_v6)
        return str_u64(s, UINT32_MAX, ret_key);
    r = addr_parse(s, 0, &a);
    for (int i = 0; i < 8 && r == 0; i++)
        key = key << 8 | a.ip[i];
    if (r == 0)
        *ret_key = key;
    return r;
}

/* "first,last,CC"; "??" and anything else that is not two letters is a gap. */
static int line_add(struct rows *t, str line, bool is_v6)
{
    struct str_pair first = str_cut(str_trim(line), ',');
    struct str_pair last = str_cut(first.tail, ',');
    uint64_t from = 0, to = 0;
    uint16_t country = 0;

    if (!first.head.n || first.head.p[0] == '#')
        return 0;
    if (key_parse(first.head, is_v6, &from) < 0 || key_parse(last.head, is_v6, &to) < 0)
        return ERR_SYNTAX;
    if (last.tail.n == 2 && last.tail.p[0] >= 'A' && last.tail.p[0] <= 'Z' &&
        last.tail.p[1] >= 'A' && last.tail.p[1] <= 'Z')
        country = (uint16_t)((uint8_t)last.tail.p[0] << 8 | (uint8_t)last.tail.p[1]);
    return range_add(t, from, to, country);
}

static int file_read(const char *path, bool is_v6, struct rows *t)
{
    char line[256];
    FILE *f = fopen(path, "re");
    int r = 0;

    if (!f)
        return err_from_errno(errno);
    while (r == 0 && fgets(line, sizeof(line), f))
        r = line_add(t, str_c(line), is_v6);
    if (ferror(f))
        r = ERR_IO;
    fclose(f);
    /* Behind the last range nothing is known; IPv4 keys have 32 bits. */
    if (r == 0 && !t->is_full && (is_v6 || t->next <= UINT32_MAX))
        r = row_add(t, t->next, 0);
    return r;
}

static void put_le(FILE *f, uint64_t v, int n)
{
    while (n--) {
        (void)putc((int)(v & 0xff), f);
        v >>= 8;
    }
}

static int table_write(const char *path, const struct rows *t4, const struct rows *t6,
                       const char *note)
{
    FILE *f = fopen(path, "we");
    int r = 0;

    if (!f)
        return err_from_errno(errno);
    (void)fwrite("KGEO1\0\0", 1, 8, f);
    put_le(f, t4->n, 4);
    put_le(f, t6->n, 4);
    put_le(f, strlen(note), 4);
    (void)fputs(note, f);
    for (size_t i = 0; i < t4->n; i++) {
        put_le(f, t4->row[i].first, 4);
        put_le(f, t4->row[i].country, 2);
    }
    for (size_t i = 0; i < t6->n; i++) {
        put_le(f, t6->row[i].first, 8);
        put_le(f, t6->row[i].country, 2);
    }
    if (fflush(f) || ferror(f) || fsync(fileno(f)))
        r = err_from_errno(errno);
    if (fclose(f) && r == 0)
        r = err_from_errno(errno);
    return r;
}

int geo_import(const char *ranges4, const char *ranges6, const char *note, const char *to_path)
{
    struct rows t4 = {0}, t6 = {0};
    size_t size = strlen(to_path) + 5;
    char *beside = malloc(size);
    int r = beside ? file_read(ranges4, false, &t4) : ERR_MEM;

    if (r == 0)
        r = file_read(ranges6, true, &t6);
    if (r == 0) {
        (void)snprintf(beside, size, "%s.new", to_path);
        r = table_write(beside, &t4, &t6, note);
        if (r == 0 && rename(beside, to_path))
            r = err_from_errno(errno);
        if (r < 0)
            unlink(beside);
    }
    free(t4.row);
    free(t6.row);
    free(beside);
    return r;
}
