-- Slides, what a room remembers over a restart, and corrections of attendance.

-- One file of slides. Pictures are made of it by the converter; the file itself goes when that is done.
CREATE TABLE decks (
    deck_id    INTEGER PRIMARY KEY,
    seminar_id INTEGER NOT NULL REFERENCES seminars,
    name       TEXT NOT NULL,                   -- as the file was called
    state      INTEGER NOT NULL,                -- enum deck_state
    fault      INTEGER NOT NULL,                -- enum deck_fault; 0: none
    nslides    INTEGER NOT NULL,                -- pages of the file; 0: not known yet
    person_id  INTEGER REFERENCES persons,      -- the speaker who brought it; NULL: a member of staff
    account_id INTEGER REFERENCES accounts,     -- the member of staff who brought it; NULL: a speaker
    added_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX deck_seminars ON decks (seminar_id);
CREATE INDEX deck_waiting ON decks (deck_id) WHERE state = 1;

CREATE TABLE deck_files (
    deck_id INTEGER PRIMARY KEY REFERENCES decks ON DELETE CASCADE,
    pdf     BLOB NOT NULL                       -- as it came; only while the deck waits
) STRICT;

CREATE TABLE slides (
    deck_id INTEGER NOT NULL REFERENCES decks ON DELETE CASCADE,
    number  INTEGER NOT NULL CHECK (number > 0), -- from 1
    body    TEXT NOT NULL,                      -- the words on it, for screen readers and thin lines
    width   INTEGER NOT NULL,                   -- of the large picture, in pixels
    height  INTEGER NOT NULL,
    PRIMARY KEY (deck_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE slide_images (
    deck_id INTEGER NOT NULL REFERENCES decks ON DELETE CASCADE,
    number  INTEGER NOT NULL,
    size    INTEGER NOT NULL,                   -- enum slide_size
    bytes   BLOB NOT NULL,                      -- WebP
    PRIMARY KEY (deck_id, number, size)
) STRICT;

-- A room that is open or was open when the server ended; the rows go when the seminar ends.
CREATE TABLE rooms (
    seminar_id INTEGER PRIMARY KEY REFERENCES seminars,
    deck_id    INTEGER NOT NULL,                -- that is shown; 0: none
    slide      INTEGER NOT NULL,                -- its page; 0: none
    is_locked  INTEGER NOT NULL                 -- 1: nobody new is let in
) STRICT;

-- Who has been let into it.
CREATE TABLE room_persons (
    seminar_id INTEGER NOT NULL REFERENCES seminars,
    person_id  INTEGER NOT NULL REFERENCES persons,
    hand       INTEGER NOT NULL,                -- order among raised hands; 0: down
    is_muted   INTEGER NOT NULL,                -- the host has shut the microphone
    is_removed INTEGER NOT NULL,                -- shut out until the end
    PRIMARY KEY (seminar_id, person_id)
) STRICT, WITHOUT ROWID;

-- Places that a browser may come back to.
CREATE TABLE room_places (
    token_hash BLOB PRIMARY KEY,                -- SHA-256; the token itself is only in the browser
    seminar_id INTEGER NOT NULL REFERENCES seminars,
    person_id  INTEGER NOT NULL REFERENCES persons
) STRICT, WITHOUT ROWID;

CREATE INDEX room_place_seminars ON room_places (seminar_id);

-- The newest messages of the room.
CREATE TABLE room_chats (
    seminar_id INTEGER NOT NULL REFERENCES seminars,
    number     INTEGER NOT NULL,                -- from 1
    person_id  INTEGER NOT NULL REFERENCES persons,
    name       TEXT NOT NULL,                   -- as the room showed it
    body       TEXT NOT NULL,
    said_at    INTEGER NOT NULL,
    PRIMARY KEY (seminar_id, number)
) STRICT, WITHOUT ROWID;

-- Never changed and never deleted: what a person's time is corrected by, by whom and why.
CREATE TABLE attendance_corrections (
    correction_id INTEGER PRIMARY KEY,
    seminar_id    INTEGER NOT NULL REFERENCES seminars,
    person_id     INTEGER NOT NULL REFERENCES persons,
    minutes       INTEGER NOT NULL,             -- added; below 0: taken off
    reason        TEXT NOT NULL,
    account_id    INTEGER REFERENCES accounts,  -- NULL: the server
    added_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX attendance_correction_seminars ON attendance_corrections (seminar_id, person_id);
