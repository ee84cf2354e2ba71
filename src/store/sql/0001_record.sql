-- The record: one chain from the invitation to the news. Times (..._at) are UTC in microseconds since 1970.
-- Numbers of closed lists (kind, role, state …) are those of the enums in src/domain, which are append-only.

-- Texts in several languages: everything that a reader sees and a person wrote.
CREATE TABLE texts (
    text_id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE text_versions (
    text_id         INTEGER NOT NULL REFERENCES texts ON DELETE CASCADE,
    lang            TEXT NOT NULL,              -- BCP 47: tk, ru, uz-Cyrl
    body            TEXT NOT NULL,
    is_source       INTEGER NOT NULL,           -- 1: the others are translations of it
    source_revision INTEGER NOT NULL,           -- of the source when this was translated; of the source itself: its own
    revision        INTEGER NOT NULL,           -- counts changes of this version, from 1
    state           INTEGER NOT NULL,           -- enum text_state
    author_id       INTEGER,                    -- account that wrote it; NULL: an import
    changed_at      INTEGER NOT NULL,
    reviewer_id     INTEGER,                    -- account that reviewed this revision; NULL: nobody
    reviewed_at     INTEGER,                    -- NULL: not reviewed
    PRIMARY KEY (text_id, lang)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX text_sources ON text_versions (text_id) WHERE is_source = 1;

CREATE TABLE text_history (
    text_id    INTEGER NOT NULL REFERENCES texts ON DELETE CASCADE,
    lang       TEXT NOT NULL,
    revision   INTEGER NOT NULL,                -- that this body had
    body       TEXT NOT NULL,
    author_id  INTEGER,                         -- who had written it
    changed_at INTEGER NOT NULL,                -- when it had been written
    PRIMARY KEY (text_id, lang, revision)
) STRICT, WITHOUT ROWID;

-- Staff.
CREATE TABLE accounts (
    account_id    INTEGER PRIMARY KEY,
    login         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name          TEXT NOT NULL,
    lang          TEXT NOT NULL,
    password_hash TEXT NOT NULL,                -- Argon2id with its parameters and salt
    rights        INTEGER NOT NULL,             -- bits of enum right, the four of staff only
    added_at      INTEGER NOT NULL,
    closed_at     INTEGER                       -- NULL: open
) STRICT;

CREATE TABLE orgs (
    org_id       INTEGER PRIMARY KEY,
    slug         TEXT NOT NULL UNIQUE,
    kind         INTEGER NOT NULL,              -- enum org_kind
    country      TEXT,                          -- two capital letters; NULL: none
    name_text_id INTEGER NOT NULL REFERENCES texts,
    is_sample    INTEGER NOT NULL,              -- 1: invented for the example
    added_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE persons (
    person_id  INTEGER PRIMARY KEY,
    org_id     INTEGER NOT NULL REFERENCES orgs,
    name       TEXT,                            -- NULL: known by function only
    function   TEXT,
    email      TEXT COLLATE NOCASE,             -- NULL: reached by hand
    lang       TEXT NOT NULL,
    sex        INTEGER NOT NULL,                -- enum sex; 0: not stated
    age        INTEGER NOT NULL,                -- enum age_group; 0: not stated
    country    TEXT,                            -- NULL: not stated
    added_at   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX person_emails ON persons (org_id, email) WHERE email IS NOT NULL;

CREATE TABLE programmes (
    programme_id     INTEGER PRIMARY KEY,
    slug             TEXT NOT NULL UNIQUE,
    title_text_id    INTEGER NOT NULL REFERENCES texts,
    kind             TEXT,
    region           TEXT,                      -- country codes with commas
    convener_id      INTEGER REFERENCES orgs,
    donor_id         INTEGER REFERENCES orgs,
    from_day         TEXT,                      -- 2020-01-01
    to_day           TEXT,
    is_period_sample INTEGER NOT NULL,
    added_at         INTEGER NOT NULL
) STRICT;

CREATE TABLE seminars (
    seminar_id          INTEGER PRIMARY KEY,
    programme_id        INTEGER NOT NULL REFERENCES programmes,
    slug                TEXT NOT NULL UNIQUE,
    title_text_id       INTEGER NOT NULL REFERENCES texts,
    short_title_text_id INTEGER NOT NULL REFERENCES texts,
    format              TEXT,
    zone                TEXT NOT NULL,          -- IANA name of the place it is announced in
    starts_at           INTEGER NOT NULL,
    minutes             INTEGER NOT NULL CHECK (minutes > 0),
    floor_lang          TEXT NOT NULL,
    langs               TEXT NOT NULL,          -- codes with commas, in the order of the file
    policy              INTEGER NOT NULL,       -- enum network_policy
    state               INTEGER NOT NULL,       -- enum seminar_state
    sample              INTEGER NOT NULL,       -- bits of enum seminar_sample
    is_demo             INTEGER NOT NULL,
    stage_person_id     INTEGER REFERENCES persons, -- on stage as last recorded; NULL: nobody
    live_at             INTEGER,                -- when it first went live; NULL: has not
    ended_at            INTEGER,                -- when it ended; NULL: has not
    added_at            INTEGER NOT NULL
) STRICT;

CREATE INDEX seminar_times ON seminars (starts_at);

CREATE TABLE agenda_items (
    agenda_item_id INTEGER PRIMARY KEY,
    seminar_id     INTEGER NOT NULL REFERENCES seminars ON DELETE CASCADE,
    place          INTEGER NOT NULL,            -- from 1
    kind           TEXT NOT NULL,               -- opening, test, talk, practice, exchange, closing, break
    minutes        INTEGER NOT NULL CHECK (minutes >= 0),
    title_text_id  INTEGER NOT NULL REFERENCES texts,
    slides         TEXT,                        -- file name; NULL: none
    UNIQUE (seminar_id, place)
) STRICT;

-- Which organisations a seminar invites.
CREATE TABLE quotas (
    seminar_id INTEGER NOT NULL REFERENCES seminars ON DELETE CASCADE,
    org_id     INTEGER NOT NULL REFERENCES orgs,
    quota      INTEGER NOT NULL CHECK (quota >= 0), -- 0: none was set
    PRIMARY KEY (seminar_id, org_id)
) STRICT;                                       -- in the order of the file: by rowid

CREATE TABLE invitations (
    invitation_id INTEGER PRIMARY KEY,
    seminar_id    INTEGER NOT NULL REFERENCES seminars,
    person_id     INTEGER NOT NULL REFERENCES persons,
    role          INTEGER NOT NULL,             -- enum role
    generation    INTEGER NOT NULL,             -- counts renewed links, from 1; part of the link's token
    reply         INTEGER NOT NULL,             -- enum reply: the last one of replies
    replied_at    INTEGER,
    note          TEXT,                         -- of the last reply
    opened_at     INTEGER,                      -- first session by the link; NULL: never
    closed_at     INTEGER,                      -- NULL: open
    UNIQUE (seminar_id, person_id)
) STRICT;

CREATE INDEX invitation_persons ON invitations (person_id);

CREATE TABLE replies (
    reply_id      INTEGER PRIMARY KEY,
    invitation_id INTEGER NOT NULL REFERENCES invitations,
    reply         INTEGER NOT NULL,             -- enum reply
    note          TEXT,
    account_id    INTEGER,                      -- who wrote it down; NULL: the invited person
    replied_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX reply_invitations ON replies (invitation_id);

CREATE TABLE sessions (
    session_id    INTEGER PRIMARY KEY,
    kind          INTEGER NOT NULL,             -- enum session_kind
    token_hash    BLOB NOT NULL UNIQUE,         -- SHA-256; the token itself is only in the browser
    account_id    INTEGER REFERENCES accounts,
    invitation_id INTEGER REFERENCES invitations,
    agent         TEXT,                         -- the browser's own name, for its owner's list
    added_at      INTEGER NOT NULL,
    used_at       INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    CHECK ((account_id IS NULL) <> (invitation_id IS NULL))
) STRICT;

CREATE INDEX session_accounts ON sessions (account_id);
CREATE INDEX session_invitations ON sessions (invitation_id);
CREATE INDEX session_ends ON sessions (expires_at);

-- Who was in the room: one row per connection.
CREATE TABLE attendances (
    attendance_id INTEGER PRIMARY KEY,
    seminar_id    INTEGER NOT NULL REFERENCES seminars,
    person_id     INTEGER NOT NULL REFERENCES persons,
    connection    INTEGER NOT NULL UNIQUE,      -- random, never used twice
    joined_at     INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL,             -- moved every 15 s while open
    left_at       INTEGER                       -- NULL: open
) STRICT;

CREATE INDEX attendance_seminars ON attendances (seminar_id, person_id);
CREATE INDEX attendance_open ON attendances (seminar_id) WHERE left_at IS NULL;

CREATE TABLE conclusions (
    conclusion_id INTEGER PRIMARY KEY,
    seminar_id    INTEGER NOT NULL REFERENCES seminars,
    number        INTEGER NOT NULL CHECK (number > 0), -- never given twice
    kind          INTEGER NOT NULL,             -- enum conclusion_kind
    text_id       INTEGER NOT NULL REFERENCES texts,
    added_at      INTEGER NOT NULL,
    UNIQUE (seminar_id, number)
) STRICT;

CREATE TABLE news (
    news_id       INTEGER PRIMARY KEY,
    slug          TEXT NOT NULL UNIQUE,
    seminar_id    INTEGER UNIQUE REFERENCES seminars, -- NULL: belongs to none
    title_text_id INTEGER NOT NULL REFERENCES texts,
    body_text_id  INTEGER NOT NULL REFERENCES texts, -- Markdown
    is_sample     INTEGER NOT NULL,
    added_at      INTEGER NOT NULL
) STRICT;

-- The desk's state of each language of an item.
CREATE TABLE news_versions (
    news_id      INTEGER NOT NULL REFERENCES news ON DELETE CASCADE,
    lang         TEXT NOT NULL,
    revision     INTEGER NOT NULL,              -- counts changes of title, body and state, from 1
    published_at INTEGER,                       -- the day the item shows; NULL: a draft
    changed_at   INTEGER NOT NULL,
    PRIMARY KEY (news_id, lang)
) STRICT, WITHOUT ROWID;

CREATE INDEX news_times ON news_versions (lang, published_at) WHERE published_at IS NOT NULL;

-- Views of readers' pages. Views, not people: no address, no cookie, no time finer than a day.
CREATE TABLE views (
    page    TEXT NOT NULL,                      -- slice and slug: news:media-and-ngos-2020
    lang    TEXT NOT NULL,
    day     INTEGER NOT NULL,                   -- days since 1970, UTC
    country TEXT NOT NULL,                      -- two capital letters; '' unknown
    is_bot  INTEGER NOT NULL,
    n       INTEGER NOT NULL,
    PRIMARY KEY (page, day, country, lang, is_bot)
) STRICT, WITHOUT ROWID;
