-- What feeds owe to those who carry a copy: topics and countries that an item had while it was out, and when its pictures were others.

-- Which feeds an item left after it had been out; the last step (news_steps, of any item) before that tells when. One that comes back
-- is in the feed again, so the row goes.
CREATE TABLE news_topics_left (
    topic_id INTEGER NOT NULL REFERENCES topics ON DELETE CASCADE,
    news_id  INTEGER NOT NULL REFERENCES news ON DELETE CASCADE,
    to_step  INTEGER NOT NULL,
    PRIMARY KEY (topic_id, news_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE news_countries_left (
    country TEXT NOT NULL,                      -- two capital letters
    news_id INTEGER NOT NULL REFERENCES news ON DELETE CASCADE,
    to_step INTEGER NOT NULL,
    PRIMARY KEY (country, news_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX news_topic_left_items ON news_topics_left (news_id);
CREATE INDEX news_country_left_items ON news_countries_left (news_id);

-- A topic or an item that goes altogether takes its rows along, so nothing is noted then.
CREATE TRIGGER news_topic_left AFTER DELETE ON news_topics
WHEN EXISTS (SELECT 1 FROM news_steps WHERE news_id = OLD.news_id AND to_state IN (7, 8))
    AND EXISTS (SELECT 1 FROM topics WHERE topic_id = OLD.topic_id) AND EXISTS (SELECT 1 FROM news WHERE news_id = OLD.news_id) BEGIN
    INSERT INTO news_topics_left SELECT OLD.topic_id, OLD.news_id, max(news_step_id) FROM news_steps;
END;
CREATE TRIGGER news_topic_back AFTER INSERT ON news_topics BEGIN
    DELETE FROM news_topics_left WHERE topic_id = NEW.topic_id AND news_id = NEW.news_id;
END;
CREATE TRIGGER news_country_left AFTER DELETE ON news_countries
WHEN EXISTS (SELECT 1 FROM news_steps WHERE news_id = OLD.news_id AND to_state IN (7, 8))
    AND EXISTS (SELECT 1 FROM news WHERE news_id = OLD.news_id) BEGIN
    INSERT INTO news_countries_left SELECT OLD.country, OLD.news_id, max(news_step_id) FROM news_steps;
END;
CREATE TRIGGER news_country_back AFTER INSERT ON news_countries BEGIN
    DELETE FROM news_countries_left WHERE country = NEW.country AND news_id = NEW.news_id;
END;

ALTER TABLE news ADD COLUMN pictures_at INTEGER /* when what readers see of its pictures was last another; NULL: not since they are noted */;
