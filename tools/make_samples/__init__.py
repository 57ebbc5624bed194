# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the two bundled sample editions: content, drawing and ground truth."""
