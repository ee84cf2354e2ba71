-- The desk: where each version of an item stands, who did what, the safety check, pictures, and the consent of a story.

ALTER TABLE news ADD COLUMN embargo_at INTEGER /* nothing of it is published before; NULL: none */;
ALTER TABLE news ADD COLUMN pictures_revision INTEGER NOT NULL DEFAULT 0 /* counts changes of its pictures and their words */;
ALTER TABLE news_versions ADD COLUMN state INTEGER NOT NULL DEFAULT 2 /* enum desk_state */;
ALTER TABLE news_versions ADD COLUMN due_at INTEGER /* when the server publishes it; NULL: not scheduled */;
ALTER TABLE news_versions ADD COLUMN withdrawn_at INTEGER /* readers get a notice in its place; NULL: not withdrawn */;
ALTER TABLE news_versions ADD COLUMN farewell TEXT /* what that notice says besides; NULL: nothing */;
ALTER TABLE news_versions ADD COLUMN assignee_id INTEGER REFERENCES accounts /* whose turn it is; NULL: anybody's with the right */;

UPDATE news_versions SET state = CASE WHEN corrected_at IS NULL THEN 7 ELSE 8 END WHERE published_at IS NOT NULL;

CREATE INDEX news_due ON news_versions (due_at) WHERE due_at IS NOT NULL;

-- Who did what with a version, and which texts it had then. Never changed and never deleted.
CREATE TABLE news_steps (
    news_step_id   INTEGER PRIMARY KEY,
    news_id        INTEGER NOT NULL REFERENCES news ON DELETE CASCADE,
    lang           TEXT NOT NULL,
    revision       INTEGER NOT NULL,            -- of the version after the step
    from_state     INTEGER NOT NULL,            -- enum desk_state; 0: the version was begun
    to_state       INTEGER NOT NULL,            -- the same as from_state: its words were changed
    title_revision INTEGER NOT NULL,            -- of the headline's text
    body_revision  INTEGER NOT NULL,
    account_id     INTEGER REFERENCES accounts, -- NULL: the server
    note           TEXT,                        -- what the person wrote to it
    at             INTEGER NOT NULL
) STRICT;

CREATE INDEX news_step_versions ON news_steps (news_id, lang, revision);

INSERT INTO news_steps (news_id, lang, revision, from_state, to_state, title_revision, body_revision, account_id, note, at)
    SELECT v.news_id, v.lang, v.revision, 0, v.state, t.revision, b.revision, NULL, NULL, v.changed_at
    FROM news_versions v JOIN news n ON n.news_id = v.news_id
    JOIN text_versions t ON t.text_id = n.title_text_id AND t.lang = v.lang
    JOIN text_versions b ON b.text_id = n.body_text_id AND b.lang = v.lang;

-- The safety check: holds for the texts and pictures that it was answered for. Never changed and never deleted.
CREATE TABLE news_checks (
    news_check_id     INTEGER PRIMARY KEY,
    news_id           INTEGER NOT NULL REFERENCES news ON DELETE CASCADE,
    lang              TEXT NOT NULL,
    title_revision    INTEGER NOT NULL,
    body_revision     INTEGER NOT NULL,
    pictures_revision INTEGER NOT NULL,
    faces             INTEGER NOT NULL,         -- enum safety_answer
    names             INTEGER NOT NULL,
    places            INTEGER NOT NULL,
    consent           INTEGER NOT NULL,         -- enum safety_consent
    note              TEXT NOT NULL,            -- where the paper is, what was thought of; never a name
    is_passed         INTEGER NOT NULL,
    account_id        INTEGER REFERENCES accounts, -- NULL: the server
    at                INTEGER NOT NULL
) STRICT;

CREATE INDEX news_check_versions ON news_checks (news_id, lang, news_check_id);

-- Who has the editor open. Soft: it says so to others and stops nobody.
CREATE TABLE news_editors (
    news_id    INTEGER NOT NULL REFERENCES news ON DELETE CASCADE,
    lang       TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts,
    since_at   INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,                -- last time that the page was asked for
    PRIMARY KEY (news_id, lang, account_id)
) STRICT, WITHOUT ROWID;

-- Pictures of an item. The file itself goes when the pictures have been made of it; nothing of its metadata is kept.
CREATE TABLE pictures (
    picture_id  INTEGER PRIMARY KEY,
    news_id     INTEGER NOT NULL REFERENCES news ON DELETE CASCADE,
    state       INTEGER NOT NULL,               -- enum picture_state
    fault       INTEGER NOT NULL,               -- enum picture_fault
    turn        INTEGER NOT NULL,               -- how the file says it is to be turned (EXIF orientation, 1 to 8)
    kind        INTEGER NOT NULL,               -- enum picture_kind of the file
    width       INTEGER NOT NULL,               -- as shown, of the largest one; before it is made: of the file
    height      INTEGER NOT NULL,
    credit      TEXT NOT NULL,                  -- who took it, and by what right it is shown; '': not said yet
    alt_text_id INTEGER NOT NULL REFERENCES texts, -- what it shows, for those who do not see it
    is_checked  INTEGER NOT NULL,               -- 1: a passed safety check has covered it as it is
    account_id  INTEGER REFERENCES accounts,    -- who brought it
    added_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX picture_items ON pictures (news_id);
CREATE INDEX picture_waiting ON pictures (picture_id) WHERE state = 1;

CREATE TABLE picture_files (
    picture_id INTEGER PRIMARY KEY REFERENCES pictures ON DELETE CASCADE,
    bytes      BLOB NOT NULL                    -- as it came; only while the picture waits
) STRICT;

CREATE TABLE picture_images (
    picture_id INTEGER NOT NULL REFERENCES pictures ON DELETE CASCADE,
    size       INTEGER NOT NULL,                -- enum picture_size
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    bytes      BLOB NOT NULL,                   -- WebP or JPEG, as the size says
    PRIMARY KEY (picture_id, size)
) STRICT;

-- What the person whose story it is has agreed to. No name: the signed paper lies elsewhere.
CREATE TABLE consents (
    news_id      INTEGER PRIMARY KEY REFERENCES news ON DELETE CASCADE,
    pseudonym    TEXT NOT NULL,                 -- the only name the person has here
    giver        INTEGER NOT NULL,              -- enum consent_giver
    scope        INTEGER NOT NULL,              -- bits of enum consent_scope
    paper        TEXT NOT NULL,                 -- where the signed paper is: a file number, never a name
    given_day    TEXT NOT NULL,                 -- 2026-03-01
    until_at     INTEGER,                       -- first moment at which it does not hold any more; NULL: no end was set
    withdrawn_at INTEGER,                       -- NULL: holds
    revision     INTEGER NOT NULL,              -- counts changes, from 1
    account_id   INTEGER REFERENCES accounts,   -- who entered it
    changed_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX consent_ends ON consents (until_at) WHERE until_at IS NOT NULL AND withdrawn_at IS NULL;
