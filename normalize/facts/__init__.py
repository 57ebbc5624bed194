# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the texts say: dates, targets, organisations, phases, words."""
