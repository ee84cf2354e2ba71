/*
 * Puts src/web/asset/ into the program: gen/asset.c fills the tables of web/asset.h. The tree hash
 * covers every name and byte, so it changes when anything does.
 *
 *     embed OUT_DIR ASSET_DIR DEPFILE [name=path …]     further assets that other tools made:
 * text/ru.json=text_ru.json
 */
#include "base/encode.h"
#include "base/sb.h"
#include "base/str.h"
#include "tools/tool.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { HASH_DIGITS = 16, HASH_BYTES = HASH_DIGITS / 2, SHA256_BYTES = 32 };

struct file {
    str name;
    const char *path, *type;
    str body, gz;
    char hash[2 * SHA256_BYTES + 1];
};

struct files {
    struct file *p;
    size_t n;
};

static const struct {
    const char *suffix, *type;
    bool is_text;
} kinds[] = {
    {".css", "text/css; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".json", "application/json", true},
    {".svg", "image/svg+xml", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".webmanifest", "application/manifest+json", true},
    {".ico", "image/x-icon", true},
    {".png", "image/png", false},
    {".webp", "image/webp", false},
    {".woff2", "font/woff2", false},
    {".wav", "audio/wav", true},
    {".opus", "audio/ogg", false},
    {".webm", "video/webm", false},
};

static bool is_name(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_word = c == '_' || c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9');

        if (!is_word && c != '/' && c != '.')
            return false;
    }
    return str_find(s, S("..")) < 0;
}

/* gzip (RFC 1952) with no name and no time inside, so that equal input gives equal bytes. */
static str gzip(str body)
{
    z_stream z = {0};
    size_t room;
    char *p;

    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        exit(2);
    room = deflateBound(&z, (uLong)body.n);
    p = malloc(room);
    if (!p)
        exit(2);
    z.next_in = (Bytef *)(uintptr_t)body.p;
    z.avail_in = (uInt)body.n;
    z.next_out = (Bytef *)p;
    z.avail_out = (uInt)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        exit(2);
    deflateEnd(&z);
    return (str){p, z.total_out};
}

/* Whether a string goes on over the line's end: then indentation is part of it. */
static bool has_open_string(str line)
{
    size_t n = 0;

    for (size_t i = 0; i < line.n; i++)
        n += line.p[i] == '`';
    return n % 2 != 0;
}

/* Whether only people read the line; keeps track of blocks of comments that stand alone. */
static bool is_remark(str line, bool *io_in_block)
{
    bool ends = str_ends(line, S("*/"));

    if (*io_in_block) {
        *io_in_block = !ends;
        return true;
    }
    if (str_starts(line, S("//")))
        return true;
    if (!str_starts(line, S("/*")))
        return false;
    if (str_find(line, S("*/")) < 0) {
        *io_in_block = true;
        return true;
    }
    return ends;
}

/*
 * A script or a style sheet as it is served: without comments that stand on lines of their own and
 * without indentation, a quarter of what a phone on a thin line loads. Left as it is when a string
 * goes over several lines.
 */
static str lean(str text)
{
    struct sb out = sb_init(NULL, SIZE_MAX);
    bool in_block = false;

    for (str rest = text; rest.n;) {
        struct str_pair cut = str_cut(rest, '\n');
        str line = str_trim(cut.head);

        if (has_open_string(line)) {
            sb_done(&out);
            return text;
        }
        if (line.n && !is_remark(line, &in_block)) {
            sb_add(&out, line);
            sb_char(&out, '\n');
        }
        rest = cut.tail;
    }
    return sb_str(&out);
}

static void hash(str s, char to[static 2 * SHA256_BYTES + 1])
{
    unsigned char sum[SHA256_BYTES];

    if (!EVP_Digest(s.p, s.n, sum, NULL, EVP_sha256(), NULL))
        exit(2);
    encode_hex(to, sum, sizeof(sum));
}

static void add_file(struct files *all, str name, const char *path)
{
    struct file f = {.name = name, .path = path};
    bool is_text = false;

    for (size_t i = 0; i < NELEM(kinds); i++) {
        if (!str_ends(name, str_c(kinds[i].suffix)))
            continue;
        f.type = kinds[i].type;
        is_text = kinds[i].is_text;
    }
    if (!f.type || !is_name(name)) {
        tool_error(path, 0,
                   "no name for an asset; [a-zA-Z0-9_-], and one of the kinds in tools/embed.c");
        return;
    }
    f.body = tool_read(path);
    if (!f.body.p)
        return;
    if (str_ends(name, S(".js")) || str_ends(name, S(".css")))
        f.body = lean(f.body);
    hash(f.body, f.hash);
    if (is_text)
        f.gz = gzip(f.body);
    if (f.gz.n >= f.body.n)
        f.gz = (str){NULL, 0};
    all->p = realloc(all->p, (all->n + 1) * sizeof(all->p[0]));
    if (!all->p)
        exit(2);
    all->p[all->n++] = f;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static void tree_hash(const struct files *all, char to[static 2 * SHA256_BYTES + 1])
{
    struct sb list = sb_init(NULL, SIZE_MAX);

    for (size_t i = 0; i < all->n; i++)
        sb_printf(&list, "%s %.*s\n", all->p[i].hash, STR(all->p[i].name));
    hash(sb_str(&list), to);
    sb_done(&list);
}

static void write_row(struct sb *to, const struct file *f, const char *tree)
{
    sb_printf(to,
              "    {.asset = {.name = \"%.*s\", .type = \"%s\", .etag = \"%.*s\",\n     .body = ",
              STR(f->name), f->type, HASH_DIGITS, f->hash);
    tool_str(to, f->body);
    sb_c(to, ",\n     .gz = ");
    tool_str(to, f->gz);
    sb_printf(to, "},\n     .url = \"/a/%.*s/%.*s\", .edit_url = \"/a/edit/%.*s\"},\n", HASH_DIGITS,
              tree, STR(f->name), STR(f->name));
}

static void write_table(struct sb *to, const struct files *all)
{
    char tree[2 * SHA256_BYTES + 1];

    tree_hash(all, tree);
    sb_printf(to,
              "/* Made by tools/embed from src/web/asset/. */\n#include \"web/asset.h\"\n\n"
              "const char asset_tree[] = \"%.*s\";\nconst size_t asset_nrows = %zu;\n"
              "const struct asset_row asset_rows[] = {\n",
              HASH_DIGITS, tree, all->n);
    for (size_t i = 0; i < all->n; i++)
        write_row(to, &all->p[i], tree);
    sb_c(to, "    {.url = NULL},\n};\n");
}

/* Files and folders that were looked at: a file that is new changes the time of its folder. */
static void write_depfile(const char *path, const char *out, const char *dir,
                          const struct tool_names *names)
{
    struct sb to = sb_init(NULL, SIZE_MAX);

    sb_printf(&to, "%s/asset.c:", out);
    for (size_t i = 0; i < names->nfolders; i++)
        sb_printf(&to, " %s", names->folders[i]);
    for (size_t i = 0; i < names->n; i++)
        sb_printf(&to, " %s/%s", dir, names->p[i]);
    sb_c(&to, "\n");
    tool_write(path, &to);
    sb_done(&to);
}

int main(int argc, char **argv)
{
    struct files all = {NULL, 0};
    struct sb table = sb_init(NULL, SIZE_MAX);
    struct tool_names names;

    if (argc < 4) {
        fprintf(stderr, "usage: embed OUT_DIR ASSET_DIR DEPFILE [name=path …]\n");
        return 2;
    }
    names = tool_walk(argv[2]);
    for (size_t i = 0; i < names.n; i++)
        add_file(&all, str_c(names.p[i]), tool_text("%s/%s", argv[2], names.p[i]));
    for (int i = 4; i < argc; i++) {
        struct str_pair cut = str_cut(str_c(argv[i]), '=');

        add_file(&all, cut.head, cut.tail.p);
    }
    if (all.n)
        qsort(all.p, all.n, sizeof(all.p[0]), by_name);
    if (!tool_errors()) {
        write_table(&table, &all);
        tool_write(tool_text("%s/asset.c", argv[1]), &table);
        write_depfile(argv[3], argv[1], argv[2], &names);
    }
    sb_done(&table);
    return tool_errors() != 0;
}
