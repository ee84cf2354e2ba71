-- When what readers see of a media kit was last another, beside what its texts and items say themselves. See src/domain/seen.h.
ALTER TABLE kits ADD COLUMN changed_at INTEGER /* it was shown or hidden, or what readers saw was taken out; NULL: not since it is noted */;
