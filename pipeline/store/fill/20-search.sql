-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The words of the editions that come in: `new_tokens` and `new_texts` are theirs.
INSERT INTO search_words BY NAME
WITH plain AS (
    SELECT normalized, plain_form(normalized) AS word FROM (SELECT DISTINCT normalized FROM new_tokens)
)
SELECT p.word, t.edition_id, t.text_no, k.position
FROM new_tokens AS k
JOIN plain AS p ON p.normalized = k.normalized
JOIN new_texts AS t
    ON t.edition_id = k.edition_id AND t.record_table = k.record_table AND t.record_id = k.record_id
WHERE k.unit = 'A' AND NOT regexp_matches(k.pos, '^(助詞|助動詞|補助記号|空白)')
ORDER BY t.edition_id, p.word, t.text_no, k.position;
