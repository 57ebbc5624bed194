# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns Japanese roadmaps (工程表) from PDF into data.

The import root: `koteihyo.schema`, `koteihyo.extract`, `koteihyo.normalize` and `koteihyo.pipeline` are the folders of
those names in the checkout; this file is `api/__init__.py`, where the public API stands.
"""

from __future__ import annotations
