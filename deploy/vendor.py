"""Fetches the browser's assets from npm at pinned versions and writes them, with their hashes, below smsgate/web.

They are committed, so that a NOC without a way to the internet gets a page that looks and works the same.
"""

import hashlib
import json
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

`codemirror/codemirror.js` is one module made of the packages that its LICENSE names, by esbuild; two runs give the same
bytes. It puts its styles in by `adoptedStyleSheets`, because our page opens it in a shadow root: the policy without
inline styles stays as it is.
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


@dataclass(frozen=True)
class Bundle:
    """Several npm packages bundled into one module: each at a pinned version, those that they need among them."""

    name: str
    version: str
    licence: str
    folder: str
    entry: str
    """What the module exports, as a script's text."""
    bundler: str
    packages: tuple[str, ...]


# `npm install codemirror` gives version 5: every package is named with its version.
CODEMIRROR = Bundle(
    "codemirror",
    "6.0.2",
    "MIT",
    "codemirror",
    """
export { EditorState, Compartment, StateEffect, StateField } from "@codemirror/state";
export { EditorView, keymap, lineNumbers, highlightActiveLine, drawSelection } from "@codemirror/view";
export { defaultKeymap, history, historyKeymap, indentMore, indentLess } from "@codemirror/commands";
export { searchKeymap, search, highlightSelectionMatches } from "@codemirror/search";
export { autocompletion, completionKeymap, startCompletion } from "@codemirror/autocomplete";
export { setDiagnostics, lintGutter, lintKeymap, nextDiagnostic, openLintPanel } from "@codemirror/lint";
export { HighlightStyle, syntaxHighlighting, indentService, foldGutter, foldKeymap } from "@codemirror/language";
export { tags } from "@lezer/highlight";
export { yaml } from "@codemirror/lang-yaml";
""",
    "esbuild@0.28.2",
    (
        "codemirror@6.0.2",
        "@codemirror/autocomplete@6.20.4",
        "@codemirror/commands@6.11.1",
        "@codemirror/lang-yaml@6.1.3",
        "@codemirror/language@6.13.1",
        "@codemirror/lint@6.9.8",
        "@codemirror/search@6.7.2",
        "@codemirror/state@6.7.6",
        "@codemirror/streamparser@6.0.0",
        "@codemirror/view@6.43.15",
        "@lezer/common@1.5.5",
        "@lezer/highlight@1.2.5",
        "@lezer/lr@1.4.12",
        "@lezer/yaml@1.0.4",
        "@marijn/find-cluster-break@1.0.4",
        "crelt@1.0.7",
        "style-mod@4.1.5",
        "w3c-keyname@2.2.8",
    ),
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


def bundle(wanted: Bundle, scratch: Path) -> None:
    """Installs the packages beside each other, bundles the module, and gathers their licences."""
    (scratch / "package.json").write_text("{}", encoding="utf-8")
    install = ["npm", "install", "--silent", "--ignore-scripts", "--no-save", "--save-exact"]
    subprocess.run([*install, wanted.bundler, *wanted.packages], cwd=scratch, check=True)
    (scratch / "entry.js").write_text(wanted.entry, encoding="utf-8")
    folder = TARGET / wanted.folder
    folder.mkdir(parents=True, exist_ok=True)
    how = ["--bundle", "--minify", "--format=esm", "--target=es2021", "--charset=utf8", "--legal-comments=none"]
    program = ["node", "node_modules/esbuild/bin/esbuild", "entry.js", *how]
    made = subprocess.run(program, cwd=scratch, check=True, capture_output=True).stdout
    (folder / f"{wanted.name}.js").write_bytes(made.rstrip() + b"\n")
    (folder / "LICENSE").write_text("\n".join(_licences(wanted, scratch)), encoding="utf-8")


def _licences(wanted: Bundle, scratch: Path) -> list[str]:
    """Each text once, below the packages that it covers."""
    covers: dict[str, list[str]] = {}
    for package in wanted.packages:
        name, _, version = package.rpartition("@")
        folder = scratch / "node_modules" / name
        there = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
        if there != version:
            raise SystemExit(f"{name} is {there}, not {version}")
        text = (folder / "LICENSE").read_text(encoding="utf-8").strip() + "\n"
        covers.setdefault(text, []).append(package)
    return [f"{', '.join(packages)}:\n\n{text}" for text, packages in covers.items()]


def rows(asset: Asset | Bundle) -> list[str]:
    """The lines of the table for what now lies in the package's folder."""
    name = asset.package if isinstance(asset, Asset) else asset.name
    return [
        f"| {name} | {asset.version} | {asset.licence} | {path.relative_to(TARGET).as_posix()} "
        f"| {hashlib.sha256(path.read_bytes()).hexdigest()} |"
        for path in sorted((TARGET / asset.folder).iterdir())
    ]


def main() -> None:
    """Fetches everything, then writes the table."""
    with tempfile.TemporaryDirectory() as scratch:
        for asset in ASSETS:
            fetch(asset, Path(scratch))
        bundle(CODEMIRROR, Path(scratch))
    table = "\n".join(row for asset in (*ASSETS, CODEMIRROR) for row in rows(asset))
    (TARGET / "VENDORED.md").write_text(f"{HEAD}{table}\n{TAIL}", encoding="utf-8")


if __name__ == "__main__":
    main()
