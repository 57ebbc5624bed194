# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text and rules in general: blocks, ruled cells, margins of the page."""
