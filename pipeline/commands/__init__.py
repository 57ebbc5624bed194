# SPDX-License-Identifier: AGPL-3.0-or-later
"""One module for each command of `koteihyo`; heavy imports stand inside the functions."""
