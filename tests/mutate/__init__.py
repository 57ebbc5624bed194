# SPDX-License-Identifier: AGPL-3.0-or-later
"""Changes every number of the reader and leaves out every pass, one at a time, to see which tests notice."""
