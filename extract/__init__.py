"""PDF in, page layouts out: positioned text lines with their glyphs, vector shapes and rulings.

Knows PDF and nothing of roadmaps. May import `schema` only.
"""
