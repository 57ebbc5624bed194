# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo samples`: something to read at once."""

from __future__ import annotations

from koteihyo.pipeline.commands.options import RAW_DEFAULT, Raw


def samples(raw: Raw = RAW_DEFAULT) -> None:
    """Copy the two fictional sample editions that come with koteihyo into the folder of PDFs."""
    from koteihyo.pipeline.sources.samples import put_samples
    from koteihyo.pipeline.terminal import clean

    put = put_samples(raw)
    for path in put:
        print(clean(path))
    print("now run `koteihyo run`" if put else f"{clean(raw)}: the samples are there already")
