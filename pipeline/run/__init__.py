# SPDX-License-Identifier: AGPL-3.0-or-later
"""A run: documents read in processes of their own, the outputs switched in one step."""
