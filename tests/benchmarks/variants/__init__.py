# SPDX-License-Identifier: AGPL-3.0-or-later
"""A fictional plan drawn in many layouts, with what a person reads from each: how well does reading generalise?

    python -m tests.benchmarks.variants OUTDIR [--layout NAME ...] [--seed N]   draws PDFs and their ground truth
    koteihyo run --raw OUTDIR --out DATA                                       reads them
    python -m tests.benchmarks.variants.score OUTDIR DATA/koteihyo.duckdb [--errors NAME]

`content.py` holds the words, `layouts.py` the layouts; `compose.py` puts them together on canvases with their truth,
and `mupdf.py`, `chromium.py` and `office.py` write those as PDFs. A producer that is not installed is skipped.
"""
