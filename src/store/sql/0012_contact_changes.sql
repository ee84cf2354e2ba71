-- What partner media must know to keep their copy of the register true: when each contact changed last, and which ones are gone.
ALTER TABLE contacts ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0; -- its fields or its checks; its texts have moments of their own
UPDATE contacts SET changed_at = max(added_at, coalesce(checked_at, 0));

-- A contact that was deleted; its slug alone, so that nobody goes on publishing it.
CREATE TABLE contacts_gone (
    slug    TEXT PRIMARY KEY,
    gone_at INTEGER NOT NULL                    -- when it was deleted
) STRICT, WITHOUT ROWID;
