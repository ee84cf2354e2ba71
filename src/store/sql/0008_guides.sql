-- Guides for people who move from one country to another: statements, each with its source and the day somebody last made sure
-- of it. See src/domain/guide.h.
CREATE TABLE guides (
    guide_id      INTEGER PRIMARY KEY,
    slug          TEXT NOT NULL UNIQUE,
    from_country  TEXT NOT NULL,                -- two capital letters
    to_country    TEXT NOT NULL,
    title_text_id INTEGER NOT NULL REFERENCES texts,
    lead_text_id  INTEGER NOT NULL REFERENCES texts,
    is_sample     INTEGER NOT NULL,             -- 1: made for the demonstration
    added_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE guide_points (
    guide_point_id INTEGER PRIMARY KEY,
    guide_id       INTEGER NOT NULL REFERENCES guides ON DELETE CASCADE,
    stage          INTEGER NOT NULL,            -- enum guide_stage: before, on the way, there, return
    topic          INTEGER NOT NULL,            -- enum guide_topic: documents, costs, rights, risks, precautions, scams
    place          INTEGER NOT NULL,            -- order inside the stage, from 1
    text_id        INTEGER NOT NULL REFERENCES texts, -- the statement
    source         TEXT NOT NULL,               -- page that says so
    checked_at     INTEGER,                     -- when somebody last read the source; NULL: never
    checked_by     TEXT,                        -- who that was, as shown
    revision       INTEGER NOT NULL             -- counts changes of source and place, from 1
) STRICT;

CREATE INDEX guide_point_guides ON guide_points (guide_id, stage, place);
