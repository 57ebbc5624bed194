-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Japanese search: plain SQL macros over `tokens` and `texts`, so that any DuckDB client can search.

-- Full-width letters, figures and spaces as narrow ones, in lower case: the form in which words are compared.
CREATE MACRO plain_form(word) AS lower(translate(word,
    '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ　，、。',
    '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz    '));

-- How often each way of writing a short unit stands for which unit (Sudachi's normalised form), over all editions.
-- Filled by fill/20-search.sql.
CREATE TABLE search_uses (form VARCHAR NOT NULL, word VARCHAR NOT NULL, is_particle BOOLEAN NOT NULL, uses BIGINT NOT NULL);
COMMENT ON TABLE search_uses IS 'How often each way of writing a short unit stands for which word: what search_forms is made from.';
COMMENT ON COLUMN search_uses.form IS 'As written, narrow and in lower case.';
COMMENT ON COLUMN search_uses.word IS 'Normalised form of the word, narrow and in lower case.';
COMMENT ON COLUMN search_uses.is_particle IS 'True where it is a particle, an auxiliary or a sign.';
COMMENT ON COLUMN search_uses.uses IS 'In how many places it stands.';

-- Every way a short unit is written in the texts, and the unit it stands for.
-- A form of several units (a stem, a suffix) counts for the commonest. Particles and signs are passed over.
CREATE VIEW search_forms AS
WITH counted AS (
    SELECT form, word, bool_and(is_particle) AS is_particle, sum(uses) AS uses FROM search_uses GROUP BY form, word
)
SELECT
    form,
    arg_max(word, (uses, word)) AS word,
    arg_max(is_particle, (uses, word)) AS is_particle,
    ln(sum(sum(uses)) OVER () / sum(uses)) AS cost
FROM counted
WHERE form <> ''
GROUP BY form
ORDER BY form;

COMMENT ON VIEW search_forms IS 'Every way a short unit is written in the texts, and the normalised word it stands for.';
COMMENT ON COLUMN search_forms.form IS 'As written, narrow and in lower case.';
COMMENT ON COLUMN search_forms.word IS 'Normalised form of the word, narrow and in lower case.';
COMMENT ON COLUMN search_forms.is_particle IS 'True for particles, auxiliaries and signs, which a search passes over.';
COMMENT ON COLUMN search_forms.cost IS 'How rare the form is: the logarithm of all uses over its own.';

-- Which text holds which word where: `tokens` without particles, in the form that searches compare.
-- Filled by fill/20-search.sql.
CREATE TABLE search_words (word VARCHAR NOT NULL, edition_id VARCHAR NOT NULL, text_no BIGINT NOT NULL, position INTEGER NOT NULL);

COMMENT ON TABLE search_words IS 'Index of the search: which text holds which word, at which position.';
COMMENT ON COLUMN search_words.word IS 'Normalised form of a short unit, narrow and in lower case.';
COMMENT ON COLUMN search_words.edition_id IS 'The edition the text stands in.';
COMMENT ON COLUMN search_words.text_no IS 'Number of the text in its edition, as in the table `texts`.';
COMMENT ON COLUMN search_words.position IS 'Number of the short unit in the text, as in `tokens`.';

-- The words of a query, cut into short units as the texts are: of all ways to cut, the one of the commonest forms.
-- A character that no text knows becomes a unit of its own, which nothing matches.
CREATE MACRO query_units(query) AS (
    WITH RECURSIVE parts AS MATERIALIZED (
        SELECT row_number() OVER () AS part_no, part
        FROM (SELECT unnest([p FOR p IN string_split(plain_form(query), ' ') IF p <> '']) AS part)
    ),
    spans AS (
        SELECT part_no, part, first_char, unnest(range(first_char, length(part) + 1)) AS last_char
        FROM (SELECT part_no, part, unnest(range(1, length(part) + 1)) AS first_char FROM parts)
    ),
    edges AS MATERIALIZED (
        SELECT s.part_no, s.first_char, s.last_char, f.cost, f.word, f.is_particle
        FROM spans AS s
        JOIN search_forms AS f ON f.form = substr(s.part, s.first_char, s.last_char - s.first_char + 1)
        UNION ALL
        SELECT part_no, first_char, last_char, 30, part[first_char], false FROM spans WHERE first_char = last_char
    ),
    -- costs[n + 1] and ways[n + 1]: the best way to cut the first n characters.
    cuts AS (
        SELECT part_no, part, 0 AS done, [0.0::DOUBLE] AS costs, [[]::STRUCT(word VARCHAR, is_particle BOOLEAN)[]] AS ways
        FROM parts
        UNION ALL
        SELECT
            c.part_no, c.part, c.done + 1,
            list_append(c.costs, min(c.costs[e.first_char] + e.cost)),
            list_append(c.ways, arg_min(
                list_append(c.ways[e.first_char], {'word': e.word, 'is_particle': e.is_particle}),
                (c.costs[e.first_char] + e.cost, e.word)
            ))
        FROM cuts AS c
        JOIN edges AS e ON e.part_no = c.part_no AND e.last_char = c.done + 1
        GROUP BY c.part_no, c.part, c.done, c.costs, c.ways
    ),
    units AS (
        SELECT part_no, unnest(ways[-1]) AS unit, generate_subscripts(ways[-1], 1) AS place
        FROM cuts
        WHERE done = length(part)
    )
    SELECT list({'part_no': part_no, 'place': place, 'word': unit.word} ORDER BY part_no, place)
    FROM units
    WHERE NOT unit.is_particle
);

COMMENT ON MACRO query_units IS 'The words of a query, cut into short units as the texts are: input of search_units.';

-- Texts that hold the units, best first, by BM25 (k1 = 1.2, b = 0.75).
-- The units of one part of the query that stand together in a text score once more, as a word of their own, so that
-- 保険証 finds 健康保険証 before a text with 保険 and 免許証. A text must hold half as much of the query, by weight, as the best one.
CREATE MACRO search_units(units, edition := NULL) AS TABLE (
    WITH totals AS (SELECT count(*) AS texts, avg(word_count) AS word_count FROM texts),
    wanted AS (
        SELECT u.part_no, u.place, u.word, row_number() OVER () AS unit_no
        FROM (SELECT unnest(units) AS u)
    ),
    found AS (
        SELECT w.part_no, w.unit_no, s.edition_id, s.text_no, s.position - w.place AS part_start
        FROM wanted AS w
        JOIN search_words AS s ON s.word = w.word
    ),
    parts AS (SELECT part_no, count(*) AS size FROM wanted GROUP BY part_no),
    together AS (
        SELECT part_no, edition_id, text_no FROM found JOIN parts USING (part_no)
        GROUP BY part_no, edition_id, text_no, part_start, size
        HAVING size > 1 AND count(*) = size
    ),
    uses AS (
        SELECT unit_no AS term, edition_id, text_no, count(*) AS uses FROM found GROUP BY ALL
        UNION ALL
        SELECT -part_no, edition_id, text_no, count(*) FROM together GROUP BY ALL
    ),
    spread AS (SELECT term, count(*) AS held_by FROM uses GROUP BY term),
    weights AS (
        SELECT coalesce(s.term, w.unit_no) AS term, ln(1 + (t.texts - coalesce(held_by, 0) + 0.5) / (coalesce(held_by, 0) + 0.5)) AS weight
        FROM wanted AS w
        FULL JOIN spread AS s ON s.term = w.unit_no
        CROSS JOIN totals AS t
    ),
    scores AS (
        SELECT
            u.edition_id, u.text_no,
            sum(w.weight) FILTER (w.term > 0) / (SELECT sum(weight) FROM weights WHERE term > 0) AS share,
            sum(w.weight * u.uses * 2.2 / (u.uses + 1.2 * (0.25 + 0.75 * x.word_count / t.word_count))) AS bm25
        FROM uses AS u
        JOIN weights AS w USING (term)
        JOIN texts AS x USING (edition_id, text_no)
        CROSS JOIN totals AS t
        WHERE edition IS NULL OR u.edition_id = edition
        GROUP BY u.edition_id, u.text_no
    )
    SELECT
        round(s.share * s.bm25, 3) AS score,
        x.edition_id, x.page_no, x.place, x.text, x.fy_start, x.fy_end, x.record_table, x.record_id
    FROM scores AS s
    JOIN texts AS x USING (edition_id, text_no)
    WHERE s.share >= 0.5 * (SELECT max(share) FROM scores)
    ORDER BY score DESC, x.edition_id, x.text_no
);

COMMENT ON MACRO TABLE search_units IS 'Texts that hold the units of query_units, best first, by BM25; edition := ''…'' looks at one edition.';

CREATE MACRO search(query, edition := NULL) AS TABLE (
    SELECT * FROM search_units(query_units(query), edition := edition)
);

COMMENT ON MACRO TABLE search IS 'Japanese full-text search: SELECT * FROM search(''マイナンバー 保険証'') LIMIT 10; edition := ''…'' looks at one edition.';
