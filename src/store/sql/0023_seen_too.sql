-- When what readers see of a programme was last another, beside what its texts and seminars say themselves. See src/domain/seen.h.
ALTER TABLE programmes ADD COLUMN changed_at INTEGER /* its frame, partners, a seminar that went; NULL: not since it is noted */;
