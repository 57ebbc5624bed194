# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reports of what changed between two editions, for people."""
