"""One import root over the folders of the checkout."""

from __future__ import annotations

import tomllib

from tests.conftest import ROOT

FOLDERS = ("schema", "extract", "normalize", "pipeline")


def test_every_package_of_the_four_folders_is_listed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    found = {
        "koteihyo." + ".".join(init.parent.relative_to(ROOT).parts)
        for folder in FOLDERS
        for init in (ROOT / folder).rglob("__init__.py")
    }
    assert set(settings["packages"]) == {"koteihyo", "koteihyo.data", *found}


def test_no_folder_shadows_the_import_root() -> None:
    assert not (ROOT / "koteihyo").exists()
