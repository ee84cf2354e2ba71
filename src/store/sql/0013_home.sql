-- Legal pages beside the guides, both found by search; and media kits. See src/domain/guide.h and src/domain/kit.h.
ALTER TABLE guides ADD COLUMN kind INTEGER NOT NULL DEFAULT 1;      -- enum guide_kind: a guide, a legal page
ALTER TABLE guides ADD COLUMN subject INTEGER NOT NULL DEFAULT 0;   -- enum guide_subject of a legal page; 0: a guide
ALTER TABLE guides ADD COLUMN reviewed_at INTEGER;                  -- when somebody who knows the law read the whole; NULL: never, or changed since
ALTER TABLE guides ADD COLUMN reviewed_by TEXT;                     -- who that was, as shown

CREATE INDEX guide_titles ON guides (title_text_id);
CREATE INDEX guide_leads ON guides (lead_text_id);
CREATE INDEX guide_point_texts ON guide_points (text_id);

CREATE TRIGGER stale_guide_new AFTER INSERT ON guides BEGIN
    INSERT INTO search_stale VALUES (4, NEW.guide_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_guide_gone AFTER DELETE ON guides BEGIN
    INSERT INTO search_stale VALUES (4, OLD.guide_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_guide_point_new AFTER INSERT ON guide_points BEGIN
    INSERT INTO search_stale VALUES (4, NEW.guide_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER stale_guide_point_gone AFTER DELETE ON guide_points BEGIN
    INSERT INTO search_stale VALUES (4, OLD.guide_id) ON CONFLICT DO NOTHING;
END;
INSERT INTO search_stale SELECT 4, guide_id FROM guides WHERE true ON CONFLICT DO NOTHING;

-- What journalists may use: texts about us, facts, cleared quotations and pictures, logos, whom to ask.
CREATE TABLE kits (
    kit_id        INTEGER PRIMARY KEY,
    slug          TEXT NOT NULL UNIQUE,
    title_text_id INTEGER NOT NULL REFERENCES texts,
    lead_text_id  INTEGER NOT NULL REFERENCES texts,
    opens_at      INTEGER,                      -- the embargo ends then; NULL: there is none
    is_shown      INTEGER NOT NULL,             -- 0: being made, nobody but editors sees it
    is_sample     INTEGER NOT NULL,             -- 1: made for the demonstration
    revision      INTEGER NOT NULL,             -- counts changes of embargo and state, from 1
    added_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE kit_items (
    kit_item_id   INTEGER PRIMARY KEY,
    kit_id        INTEGER NOT NULL REFERENCES kits ON DELETE CASCADE,
    kind          INTEGER NOT NULL,             -- enum kit_kind: about, fact, quote, contact, logo, picture
    place         INTEGER NOT NULL,             -- order inside its kind, from 1
    text_id       INTEGER NOT NULL REFERENCES texts, -- the words; of a file what it shows
    credit        TEXT,                         -- who said it or made it, with the licence
    source        TEXT,                         -- page that says so, of a fact
    cleared_by    TEXT,                         -- who agreed to its use: the person quoted or shown, the one who holds the right
    cleared_at    INTEGER,                      -- the day of that; NULL: nobody has, so nobody but editors sees a quotation or a file
    entered_by    TEXT,                         -- the account that wrote the clearance down
    file_name     TEXT,                         -- as readers get it: logo.png; NULL: words alone
    file          BLOB,                         -- PNG or JPEG without what cameras and programs wrote into it
    revision      INTEGER NOT NULL              -- counts changes, from 1
) STRICT;

CREATE INDEX kit_item_kits ON kit_items (kit_id, kind, place);

-- Personal links to a kit before its moment.
CREATE TABLE kit_links (
    kit_link_id   INTEGER PRIMARY KEY,
    kit_id        INTEGER NOT NULL REFERENCES kits ON DELETE CASCADE,
    token_hash    BLOB NOT NULL UNIQUE,         -- SHA-256; the token itself is shown once
    person        TEXT NOT NULL,                -- to whom it was given, as written
    made_by       TEXT NOT NULL,                -- the account that gave it
    made_at       INTEGER NOT NULL,
    closed_at     INTEGER                       -- taken back; NULL: works
) STRICT;

CREATE INDEX kit_link_kits ON kit_links (kit_id);
