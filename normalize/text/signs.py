# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signs that plans use in the place of words."""

from __future__ import annotations

import re

CARRIES_ON = re.compile(r"[\s→⇒➡➔➜⟶⇨▶►▷>＞＝=─━―—–\-－‐ー…‥・〃″]+")
"""Only carries a word on over the next cells: arrows, their shafts, ditto signs."""

MARK = re.compile(r"[○〇◯●◎△▲□■☆★◇◆▽▼✓✔✕×]")
"""A sign that stands for what is done in a year, as the legend says."""
