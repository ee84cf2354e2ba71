-- What a story's consent allows decides about feeds too: who carries a copy is to hear when that ends.

ALTER TABLE consents ADD COLUMN feeds_ended_at INTEGER /* since when it no longer allows partner media and feeds; NULL: it does, or never did */;
