# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small fixtures of the reader's rules as data: a few lines and shapes, and what must and must not be read in them.

A file of `tests/data/rules` has the cases of one pass, or of one step beside the passes. A case gives, in PDF points:

    [[case]]
    name = "what the rule says"
    header = "2024-2028 200 110 8.5"      # years, x of the first column, width of a column, size of the labels
    texts = ["40 104 9 １．水門"]           # x, baseline, size, characters; `|40 104 9` from top to bottom
    shapes = ["triangle 300 100 310 108"]  # form, box; then a fill, `line` for an outline, `left` for a tip at the left
    rules = ["v 310 69 300"]               # v or h, where, from, to; then `dashed`
    items = ["bar 2024-2025 調査 @ １．水門"]

`at` is a list of tables instead, each with values for the {names} in the strings above and what is read then.
What all cases of a file have in common stands in its table `base`.
"""
