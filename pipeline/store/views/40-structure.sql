-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Views over the structure of editions: headings, what stands under none, what changed.

CREATE VIEW section_tree AS
WITH headings AS (
    -- A heading that is printed again on the next page is the same place in the tree.
    SELECT edition_id, path, min((page_no, ordinal)) AS place_no, list(DISTINCT page_no ORDER BY page_no) AS pages
    FROM sections
    GROUP BY edition_id, path
),
under AS (
    SELECT i.edition_id, i.item_id, i.fy_start, i.fy_end, unnest([s.path[:n] FOR n IN range(1, len(s.path) + 1)]) AS path
    FROM schedule_items AS i
    JOIN sections AS s ON s.edition_id = i.edition_id AND s.section_id = i.section_id
)
SELECT
    h.edition_id, repeat('　', len(h.path) - 1) || h.path[-1] AS section, count(u.item_id) AS items,
    min(u.fy_start) AS from_fy, max(u.fy_end) AS to_fy, h.pages, len(h.path) AS depth, h.path
FROM headings AS h
LEFT JOIN under AS u ON u.edition_id = h.edition_id AND u.path = h.path
GROUP BY h.edition_id, h.path, h.pages, h.place_no
ORDER BY h.edition_id, h.place_no;
COMMENT ON VIEW section_tree IS 'Headings as a tree, in the order of the document, with the items under each.';
COMMENT ON COLUMN section_tree.section IS 'Marker and title, indented by depth.';
COMMENT ON COLUMN section_tree.items IS 'Items under the heading and under those below it.';

CREATE VIEW unassigned AS
SELECT
    edition_id, page_no, kind, text, fy_start, fy_end, section_confidence, item_id,
    CASE WHEN section_id IS NULL AND row_id IS NULL THEN 'no section' ELSE 'unsure' END AS reason
FROM schedule_items
WHERE (section_id IS NULL AND row_id IS NULL) OR section_confidence < 0.5
ORDER BY edition_id, page_no, len(item_id), item_id;
COMMENT ON VIEW unassigned IS 'Items that stand under no heading and in no row, and those whose heading is unsure.';
COMMENT ON COLUMN unassigned.reason IS 'no section, or unsure: section_confidence is below 0.5.';

CREATE VIEW changes AS
SELECT
    old_edition_id, new_edition_id, change_type, coalesce(new_text, old_text) AS text,
    array_to_string(CASE WHEN new_item_id IS NULL THEN old_path ELSE new_path END, ' > ') AS place,
    old_fy_start, old_fy_end, new_fy_start, new_fy_end, end_years, word_diff, owners, old_page_no, new_page_no,
    old_item_id, new_item_id
FROM edition_changes
ORDER BY old_edition_id, new_edition_id, coalesce(new_page_no, old_page_no), change_id;
COMMENT ON VIEW changes IS 'What the government changed from one edition to the next, with place, years and wording.';
COMMENT ON COLUMN changes.text IS 'The newer text, or the older one of an item that is gone.';
