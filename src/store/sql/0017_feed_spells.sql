-- When a story's consent allowed feeds: only what was out in such a time can have been in one, and is to be named there as gone.
-- Beginning and end are told by the last step (news_steps, of any item) before them, so that what comes first is never in doubt.

CREATE TABLE feed_spells (
    news_id   INTEGER NOT NULL REFERENCES news ON DELETE CASCADE,
    from_step INTEGER NOT NULL,                 -- 0: there was none
    to_step   INTEGER,                          -- NULL: it still allows them
    to_at     INTEGER,
    PRIMARY KEY (news_id, from_step)
) STRICT, WITHOUT ROWID;

-- A first consent says since when. Of one that was changed only the end is known: a copy that stays is worse than a notice too many.
INSERT INTO feed_spells (news_id, from_step, to_step, to_at)
    SELECT c.news_id,
        CASE WHEN c.revision = 1 THEN coalesce((SELECT max(s.news_step_id) FROM news_steps s WHERE s.at <= c.changed_at), 0) ELSE 0 END,
        CASE WHEN c.feeds_ended_at IS NOT NULL
            THEN coalesce((SELECT max(s.news_step_id) FROM news_steps s WHERE s.at <= c.feeds_ended_at), 0) END,
        c.feeds_ended_at
    FROM consents c WHERE c.scope & 2 OR c.feeds_ended_at IS NOT NULL;

ALTER TABLE consents DROP COLUMN feeds_ended_at;
