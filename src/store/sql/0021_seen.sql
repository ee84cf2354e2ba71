-- When what readers see of a page was last another, beside what its texts say themselves: a statement that went, a moved seminar.
ALTER TABLE guides ADD COLUMN changed_at INTEGER /* NULL: not since it is noted */;
ALTER TABLE seminars ADD COLUMN changed_at INTEGER /* its time, format or languages; NULL: not since it is noted */;
