# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every glyph accounted for, the second reading, corrections by hand."""
