# SPDX-License-Identifier: AGPL-3.0-or-later
"""Characters and their comparable form, era years and numerals, words."""
