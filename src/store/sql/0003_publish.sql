-- Publishing in depth: topics, corrections, what the source of an item counted, and full-text search.

ALTER TABLE news_versions ADD COLUMN day TEXT /* 2020-11-24, the date shown, in the zone of its seminar; NULL: a draft */;
ALTER TABLE news_versions ADD COLUMN corrected_at INTEGER /* last change after it was published; NULL: none */;
ALTER TABLE news_versions ADD COLUMN correction TEXT /* what was corrected, for readers; NULL: not said */;
ALTER TABLE news_versions ADD COLUMN made TEXT /* body as the record gave it last; NULL: written by hand from the start */;

UPDATE news_versions SET day = strftime('%Y-%m-%d', published_at / 1000000, 'unixepoch') WHERE published_at IS NOT NULL;

CREATE INDEX news_days ON news_versions (lang, day) WHERE day IS NOT NULL;

-- The item that another house published about a seminar, as far as its record says.
CREATE TABLE source_items (
    seminar_id INTEGER PRIMARY KEY REFERENCES seminars ON DELETE CASCADE,
    day        TEXT NOT NULL,                   -- 2020-11-24: when it was published there
    views      INTEGER NOT NULL CHECK (views >= 0) -- that its own counter showed; never added to ours
) STRICT;

CREATE TABLE topics (
    topic_id     INTEGER PRIMARY KEY,
    slug         TEXT NOT NULL UNIQUE,
    name_text_id INTEGER NOT NULL REFERENCES texts,
    added_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE news_topics (
    topic_id INTEGER NOT NULL REFERENCES topics ON DELETE CASCADE,
    news_id  INTEGER NOT NULL REFERENCES news ON DELETE CASCADE,
    PRIMARY KEY (topic_id, news_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX news_topic_items ON news_topics (news_id);

-- Full-text search over what readers may see. A page is one item in one language.
CREATE TABLE search_langs (
    lang_number INTEGER PRIMARY KEY,            -- upper part of the pages' numbers
    lang        TEXT NOT NULL UNIQUE,
    last_page   INTEGER NOT NULL                -- largest number given so far
) STRICT;

CREATE TABLE search_pages (
    page_id INTEGER PRIMARY KEY,                -- lang_number * 2^40 + a count: a language is one range, newer pages stand behind
    kind    INTEGER NOT NULL,                   -- enum search_kind
    item_id INTEGER NOT NULL,                   -- of that kind
    lang    TEXT NOT NULL,
    title   TEXT NOT NULL,                      -- plain, NFC, as shown
    body    TEXT NOT NULL,                      -- plain, NFC; the extract is cut from it
    path    TEXT NOT NULL,                      -- behind the language: /news/x
    at      INTEGER NOT NULL,                   -- the date shown with it
    zone    TEXT NOT NULL,                      -- of that date
    UNIQUE (kind, item_id, lang)
) STRICT;

-- Words folded by domain/word.c, so the tokenizer has only spaces to see. Without content: search_pages has the texts.
CREATE VIRTUAL TABLE search_index USING fts5(title, body, content='', tokenize='ascii', prefix='2 3 4');

CREATE TABLE search_state (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    folding INTEGER NOT NULL                    -- WORD_FOLDING that the index was made with
) STRICT;

-- What a change has made stale; domain/search_index.c empties it before the transaction ends. The triggers say DO NOTHING and
-- not OR IGNORE, which the DO UPDATE of an outer statement would turn into OR ABORT.
CREATE TABLE search_stale (
    kind    INTEGER NOT NULL,                   -- enum search_kind; 0: item_id is a text, whoever shows it
    item_id INTEGER NOT NULL,
    PRIMARY KEY (kind, item_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX news_titles ON news (title_text_id);
CREATE INDEX news_bodies ON news (body_text_id);
CREATE INDEX seminar_titles ON seminars (title_text_id);
CREATE INDEX seminar_short_titles ON seminars (short_title_text_id);
CREATE INDEX agenda_titles ON agenda_items (title_text_id);
CREATE INDEX conclusion_texts ON conclusions (text_id);
CREATE INDEX org_names ON orgs (name_text_id);
CREATE INDEX quota_orgs ON quotas (org_id);

CREATE TRIGGER stale_text_new AFTER INSERT ON text_versions BEGIN
    INSERT INTO search_stale VALUES (0, NEW.text_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_text AFTER UPDATE OF body ON text_versions BEGIN
    INSERT INTO search_stale VALUES (0, NEW.text_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_text_gone AFTER DELETE ON text_versions BEGIN
    INSERT INTO search_stale VALUES (0, OLD.text_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_news_new AFTER INSERT ON news_versions BEGIN
    INSERT INTO search_stale VALUES (1, NEW.news_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_news AFTER UPDATE ON news_versions BEGIN
    INSERT INTO search_stale VALUES (1, NEW.news_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_news_gone AFTER DELETE ON news_versions BEGIN
    INSERT INTO search_stale VALUES (1, OLD.news_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_news_moved AFTER UPDATE OF slug, seminar_id ON news BEGIN
    INSERT INTO search_stale VALUES (1, NEW.news_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_seminar_new AFTER INSERT ON seminars BEGIN
    INSERT INTO search_stale VALUES (2, NEW.seminar_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_seminar AFTER UPDATE OF slug, zone, starts_at, title_text_id, short_title_text_id ON seminars BEGIN
    INSERT INTO search_stale VALUES (2, NEW.seminar_id) ON CONFLICT DO NOTHING;
    INSERT INTO search_stale SELECT 3, conclusion_id FROM conclusions WHERE seminar_id = NEW.seminar_id ON CONFLICT DO NOTHING;
    INSERT INTO search_stale SELECT 1, news_id FROM news WHERE seminar_id = NEW.seminar_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_seminar_gone AFTER DELETE ON seminars BEGIN
    INSERT INTO search_stale VALUES (2, OLD.seminar_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_agenda_new AFTER INSERT ON agenda_items BEGIN
    INSERT INTO search_stale VALUES (2, NEW.seminar_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_agenda AFTER UPDATE OF title_text_id, place ON agenda_items BEGIN
    INSERT INTO search_stale VALUES (2, NEW.seminar_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_agenda_gone AFTER DELETE ON agenda_items BEGIN
    INSERT INTO search_stale VALUES (2, OLD.seminar_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_quota_new AFTER INSERT ON quotas BEGIN
    INSERT INTO search_stale VALUES (2, NEW.seminar_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_quota_gone AFTER DELETE ON quotas BEGIN
    INSERT INTO search_stale VALUES (2, OLD.seminar_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_conclusion_new AFTER INSERT ON conclusions BEGIN
    INSERT INTO search_stale VALUES (3, NEW.conclusion_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_conclusion AFTER UPDATE ON conclusions BEGIN
    INSERT INTO search_stale VALUES (3, NEW.conclusion_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_conclusion_gone AFTER DELETE ON conclusions BEGIN
    INSERT INTO search_stale VALUES (3, OLD.conclusion_id) ON CONFLICT DO NOTHING;
END;

-- What was there before: the first change after this, or the start of the server, indexes it.
INSERT INTO search_stale SELECT 1, news_id FROM news;
INSERT INTO search_stale SELECT 2, seminar_id FROM seminars;
INSERT INTO search_stale SELECT 3, conclusion_id FROM conclusions;
