"""Fetches the browser's assets from npm at pinned versions and writes them, with their hashes, below smsgate/web.

They are committed, so that a NOC without a way to the internet gets a page that looks and works the same.
"""

import hashlib
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).parent.parent / "smsgate" / "web" / "static" / "vendor"

HEAD = """\
# Vendored assets

Committed as the packages ship them, less their source-map comments (the maps are not shipped). Nothing here loads
anything from another host; `tests/test_vendored.py` holds that and the hashes. To refresh: set the version in
`deploy/vendor.py`, run `make vendor`, look at the difference, run `make test`.

| package | version | licence | file | sha256 |
|---|---|---|---|---|
"""
TAIL = """
`@tabler/core` ships no licence file; `tabler/LICENSE` is the MIT licence that its `package.json` and the head of its
style sheet name. It contains parts of Bootstrap, under the same licence.
"""


@dataclass(frozen=True)
class Asset:
    """One npm package: where its files go, and which of its files are wanted."""

    package: str
    version: str
    licence: str
    folder: str
    files: tuple[str, ...]


ASSETS = (
    Asset("htmx.org", "4.0.1", "0BSD", "htmx", ("dist/htmx.min.js", "dist/ext/hx-sse.min.js", "LICENSE")),
    Asset("@tabler/core", "1.6.1", "MIT", "tabler", ("dist/css/tabler.min.css",)),
    Asset("uplot", "1.6.32", "MIT", "uplot", ("dist/uPlot.iife.min.js", "dist/uPlot.min.css", "LICENSE")),
)

SOURCE_MAP = re.compile(rb"\s*(?:/\*[#@] sourceMappingURL=[^*]*\*/|//[#@] sourceMappingURL=\S*)\s*$")


def fetch(asset: Asset, scratch: Path) -> None:
    """Puts the wanted files of one package in place."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"{asset.package}@{asset.version}"],
        cwd=scratch,
        check=True,
        capture_output=True,
        text=True,
    )
    folder = TARGET / asset.folder
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(scratch / packed.stdout.split()[-1]) as archive:
        for name in asset.files:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{asset.package}@{asset.version} has no file {name}")
            content = SOURCE_MAP.sub(b"", member.read()).rstrip() + b"\n"
            (folder / Path(name).name).write_bytes(content)


def rows(asset: Asset) -> list[str]:
    """The lines of the table for what now lies in the package's folder."""
    return [
        f"| {asset.package} | {asset.version} | {asset.licence} | {path.relative_to(TARGET).as_posix()} "
        f"| {hashlib.sha256(path.read_bytes()).hexdigest()} |"
        for path in sorted((TARGET / asset.folder).iterdir())
    ]


def main() -> None:
    """Fetches everything, then writes the table."""
    with tempfile.TemporaryDirectory() as scratch:
        for asset in ASSETS:
            fetch(asset, Path(scratch))
    table = "\n".join(row for asset in ASSETS for row in rows(asset))
    (TARGET / "VENDORED.md").write_text(f"{HEAD}{table}\n{TAIL}", encoding="utf-8")


if __name__ == "__main__":
    main()
