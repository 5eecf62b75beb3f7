"""Brings into the package what is built and not committed: front-end packages and compiled translations.

Run by hatchling when a wheel or an editable install is made, or by hand: `python deploy/build_assets.py`.
`npm ci` installs exactly what package-lock.json names; only the files a browser needs are copied.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent
VENDOR = Path("queue_server/web/static/vendor")
FILES = {
    "@digital-go-jp/design-tokens/dist/tokens.css": "design-tokens.css",
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.js",
}


def copy_front_end(root: Path) -> None:
    """Install the locked npm packages and copy the few files a browser loads into static/vendor."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing: install Node.js and npm (Debian: apt-get install nodejs npm)")
    subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=root, check=True
    )
    target = root / VENDOR
    target.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        text = (root / "node_modules" / source).read_text(encoding="utf-8")
        # A source map is not shipped, and a browser's tools would ask for it.
        kept = [line for line in text.splitlines() if not line.startswith("//# sourceMappingURL=")]
        (target / name).write_text("\n".join(kept) + "\n", encoding="utf-8")


def compile_translations(root: Path) -> None:
    """Compile every messages.po into the messages.mo beside it; an entry marked fuzzy is left out."""
    for source in sorted(root.glob("queue_server/translations/*/LC_MESSAGES/messages.po")):
        with source.open("rb") as file:
            catalog = read_po(file)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's custom build hook."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the assets before the files of the package are collected."""
        copy_front_end(Path(self.root))
        compile_translations(Path(self.root))


if __name__ == "__main__":
    copy_front_end(ROOT)
    compile_translations(ROOT)
