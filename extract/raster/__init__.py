# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads pictures of pages: pixels to the same layout that drawn pages give."""
