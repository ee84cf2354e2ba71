#include "sizes.h"

#include "base/err.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

static int read_frame(str line, struct sizes_frame *ret_frame)
{
    struct sizes_frame f = {0};

    while (line.n) {
        struct str_pair cut = str_cut(line, ' ');
        uint64_t n;

        if (f.n == SIZES_PACKETS || str_u64(cut.head, 1400, &n) < 0)
            return ERR_SYNTAX;
        f.bytes[f.n++] = (uint16_t)n;
        line = cut.tail;
    }
    if (!f.n)
        return ERR_SYNTAX;
    *ret_frame = f;
    return 0;
}

static int read_line(struct sizes *s, str line)
{
    if (!line.n || line.p[0] == '#')
        return 0;
    if (str_starts(line, S("K "))) {
        s->has_key = true;
        return read_frame(str_from(line, 2), &s->key);
    }
    if (s->nframes == SIZES_FRAMES)
        return ERR_TOO_BIG;
    return read_frame(str_starts(line, S("D ")) ? str_from(line, 2) : line,
                      &s->frames[s->nframes++]);
}

int sizes_read(const char *path, struct sizes **ret_sizes)
{
    struct sizes *s = calloc(1, sizeof(*s));
    FILE *f = fopen(path, "r");
    char line[2048];
    int r = s ? 0 : ERR_MEM;

    if (!f)
        r = ERR_IO;
    while (r == 0 && fgets(line, sizeof(line), f))
        r = read_line(s, str_trim(str_c(line)));
    if (r == 0 && !s->nframes)
        r = ERR_SYNTAX;
    if (r == 0) {
        *ret_sizes = s;
        s = NULL;
    }
    if (f)
        fclose(f);
    free(s);
    return r;
}

double sizes_mean(const struct sizes *s)
{
    double sum = 0;

    for (unsigned i = 0; i < s->nframes; i++)
        for (unsigned k = 0; k < s->frames[i].n; k++)
            sum += s->frames[i].bytes[k];
    return sum / s->nframes;
}
