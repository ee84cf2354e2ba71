-- What people knew before and after a seminar, and the certificate that they were there.

-- The pre-test and the post-test of a seminar.
CREATE TABLE quizzes (
    quiz_id    INTEGER PRIMARY KEY,
    seminar_id INTEGER NOT NULL REFERENCES seminars,
    kind       INTEGER NOT NULL,                -- enum quiz_kind
    gate       INTEGER NOT NULL,                -- enum quiz_gate: as the seminar goes, or as the organiser said
    gate_at    INTEGER,                         -- when the organiser said so last; NULL: never
    added_at   INTEGER NOT NULL,
    UNIQUE (seminar_id, kind)
) STRICT;

CREATE TABLE questions (
    question_id      INTEGER PRIMARY KEY,
    quiz_id          INTEGER NOT NULL REFERENCES quizzes ON DELETE CASCADE,
    place            INTEGER NOT NULL CHECK (place > 0), -- order within the test
    kind             INTEGER NOT NULL,          -- enum question_kind
    measure          INTEGER NOT NULL,          -- enum measure: knowledge, attitude, intended practice
    right_side       INTEGER NOT NULL,          -- true or false: 1 true is right; scale: 1 agreeing is wished for; others 1
    text_id          INTEGER NOT NULL REFERENCES texts,
    feedback_text_id INTEGER NOT NULL REFERENCES texts, -- said after the test has closed; may have no version
    source           TEXT NOT NULL,             -- where the answer is written: an address or the name of a document
    checked_on       TEXT NOT NULL,             -- day on which the source was last looked at: 2026-11-26
    UNIQUE (quiz_id, place)
) STRICT;

-- Choices of a question with one or several right ones; other kinds have none.
CREATE TABLE choices (
    choice_id   INTEGER PRIMARY KEY,
    question_id INTEGER NOT NULL REFERENCES questions ON DELETE CASCADE,
    place       INTEGER NOT NULL CHECK (place > 0), -- from 1; bit place - 1 of answers.value
    is_right    INTEGER NOT NULL,
    text_id     INTEGER NOT NULL REFERENCES texts,
    UNIQUE (question_id, place)
) STRICT;

-- A person's answers to one test; changed until the test closes.
CREATE TABLE attempts (
    attempt_id INTEGER PRIMARY KEY,
    quiz_id    INTEGER NOT NULL REFERENCES quizzes,
    person_id  INTEGER NOT NULL REFERENCES persons,
    lang       TEXT NOT NULL,                   -- the form was last answered in
    added_at   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (quiz_id, person_id)
) STRICT;

CREATE TABLE answers (
    attempt_id  INTEGER NOT NULL REFERENCES attempts ON DELETE CASCADE,
    question_id INTEGER NOT NULL REFERENCES questions,
    value       INTEGER NOT NULL,               -- one, several: bits of choices.place; true 1, false 2; scale 1 to 5
    PRIMARY KEY (attempt_id, question_id)
) STRICT, WITHOUT ROWID;

-- What a seminar asks for its certificate; without a row the rule of the house.
CREATE TABLE certificate_rules (
    seminar_id INTEGER PRIMARY KEY REFERENCES seminars,
    percent    INTEGER NOT NULL CHECK (percent BETWEEN 1 AND 100), -- of the time on air
    needs_post INTEGER NOT NULL,                -- 1: the post-test must have been answered as well
    changed_at INTEGER NOT NULL
) STRICT;

-- Issued certificates. What was printed stands in `printed`, whatever the record says later.
CREATE TABLE certificates (
    certificate_id INTEGER PRIMARY KEY,
    seminar_id     INTEGER NOT NULL REFERENCES seminars,
    person_id      INTEGER NOT NULL REFERENCES persons,
    code           TEXT NOT NULL UNIQUE,        -- in its public address; random, 100 bits
    lang           TEXT NOT NULL,               -- it is printed in
    printed        TEXT NOT NULL,               -- JSON of every field as printed
    issued_at      INTEGER NOT NULL,
    account_id     INTEGER,                     -- who issued it; NULL: the holder took it by the rule
    revoked_at     INTEGER,                     -- NULL: valid
    reason         TEXT,                        -- why it was revoked, for everybody who checks it
    is_replaced    INTEGER NOT NULL             -- 1: revoked because another was issued in its place
) STRICT;

CREATE UNIQUE INDEX certificate_holders ON certificates (seminar_id, person_id) WHERE revoked_at IS NULL;
