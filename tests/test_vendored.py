"""The browser's assets are what their list says, and load nothing from anywhere else."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "smsgate" / "web" / "static" / "vendor"
ROW = re.compile(r"^\|[^|]+\|[^|]+\|[^|]+\| (?P<file>\S+) \| (?P<hash>[0-9a-f]{64}) \|$", re.MULTILINE)

# What makes a browser fetch: an import or a url() in CSS; a literal address in a script, whatever it is used for,
# but for the names of XML namespaces, which are never fetched.
STYLE_LOAD = re.compile(r"@import|url\(\s*+[\"']?+(?!data:|#)[^)]{0,80}", re.IGNORECASE)
ADDRESS = re.compile(r"[\"'`](?:(?:https?|wss?):)?//[\w.-]+\.\w{2,}[^\"'`]{0,60}")
NAMESPACE = re.compile(r"^.(?:https?:)?//www\.w3\.org/")
SOURCE_MAP = re.compile(r"[#@] sourceMappingURL=")


def listed() -> dict[str, str]:
    """File → hash, as VENDORED.md has it."""
    text = (VENDOR / "VENDORED.md").read_text(encoding="utf-8")
    return {row["file"]: row["hash"] for row in ROW.finditer(text)}


def remote_loads(path: Path) -> list[str]:
    """The places where a style sheet or script would reach for another host, or for a map that isn't shipped."""
    text = path.read_text(encoding="utf-8")
    found = [*SOURCE_MAP.findall(text)]
    if path.suffix == ".css":
        found += STYLE_LOAD.findall(text)
    else:
        found += [address for address in ADDRESS.findall(text) if not NAMESPACE.match(address)]
    return found


def test_the_list_names_exactly_what_is_there() -> None:
    there = {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file()}
    assert there - {"VENDORED.md"} == set(listed())


def test_every_file_has_its_hash() -> None:
    assert listed() == {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in listed()}


def test_every_package_has_its_licence() -> None:
    folders = {name.split("/")[0] for name in listed()}
    assert folders
    assert [folder for folder in folders if not (VENDOR / folder / "LICENSE").is_file()] == []


def test_nothing_is_loaded_from_another_host() -> None:
    loaders = [p for p in VENDOR.rglob("*") if p.suffix in {".css", ".js"}]
    assert loaders
    assert {p.name: found for p in loaders if (found := remote_loads(p))} == {}


def test_a_remote_load_would_be_seen(tmp_path: Path) -> None:
    style, script = tmp_path / "a.css", tmp_path / "a.js"
    style.write_text("@font-face{src:url(//fonts.example.com/a.woff2)} b{background:url('data:image/svg+xml,x')}")
    script.write_text('fetch("https://cdn.example.com/x.js");document.createElementNS("http://www.w3.org/2000/svg")')
    assert remote_loads(style) == ["url(//fonts.example.com/a.woff2"]
    assert remote_loads(script) == ['"https://cdn.example.com/x.js']
