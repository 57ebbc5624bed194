-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Counts the words of `counted_tokens` in `search_uses`, or out of it where the variable `sign` is -1.
CREATE OR REPLACE TEMP TABLE changed_uses AS
WITH written AS (
    SELECT surface, normalized, pos, count(*) AS uses FROM counted_tokens WHERE unit = 'A' GROUP BY ALL
),
forms AS (
    SELECT
        unnest(list_distinct([plain_form(surface), plain_form(normalized)])) AS form,
        plain_form(normalized) AS word,
        regexp_matches(pos, '^(助詞|助動詞|補助記号|空白)') AS is_particle,
        uses
    FROM written
)
SELECT form, word, is_particle, CAST(sum(uses) * getvariable('sign') AS BIGINT) AS uses FROM forms GROUP BY ALL ORDER BY ALL;

UPDATE search_uses AS s
SET uses = s.uses + c.uses
FROM changed_uses AS c
WHERE c.form = s.form AND c.word = s.word AND c.is_particle = s.is_particle;

INSERT INTO search_uses
SELECT c.form, c.word, c.is_particle, c.uses
FROM changed_uses AS c
ANTI JOIN search_uses AS s USING (form, word, is_particle);

DELETE FROM search_uses WHERE uses = 0;
