-- Search that ranks every page: the words of pages with what each weighs there, in blocks of pages. Before, FTS5 read so much of each
-- page that a word which thousands of pages have could not be ranked at all. See src/domain/search_i.h.
DROP TABLE search_index;

CREATE TABLE search_words (
    lang_number INTEGER NOT NULL,               -- of search_langs
    word        TEXT NOT NULL,                  -- folded by domain/word.c
    block       INTEGER NOT NULL,               -- the count in a page's number / 8192
    pages       BLOB NOT NULL,                  -- ascending: gap to the page before, weight; both as variable-length integers
    PRIMARY KEY (lang_number, word, block)
) STRICT, WITHOUT ROWID;

-- All pages are read anew at the next start.
DELETE FROM search_state;
