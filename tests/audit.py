"""`make audit`: known weaknesses of the locked packages, of Python and of npm; says plainly what could not be asked.

Ends with 0 where every index was asked and knows nothing, 1 where one knows a weakness, 2 where one did not answer:
silence of an index is no clean bill.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
CLEAN, WEAK, UNKNOWN = 0, 1, 2


def python_packages(lock: str) -> int:
    """Ask about a lock file, without installing anything of it."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", lock, "--require-hashes", "--disable-pip"]
    done = _run([*command, "--format", "json", "--progress-spinner", "off"])
    report = _json(done.stdout)
    if report is None:
        return _unanswered(f"{lock}: the index of weaknesses", done.stderr)
    weak = [
        (each["name"], each.get("version"), weakness)
        for each in report["dependencies"]
        for weakness in each.get("vulns", ())
    ]
    for name, version, weakness in weak:
        fixed = ", ".join(weakness["fix_versions"]) or "no version yet"
        print(f"{lock}: {name} {version}: {weakness['id']}, corrected in {fixed}")
    print(f"{lock}: {len(report['dependencies'])} packages, {len(weak)} known weaknesses")
    return WEAK if weak else CLEAN


def npm_packages() -> int:
    """Ask about package-lock.json."""
    done = _run(["npm", "audit", "--json", "--package-lock-only"])
    report = _json(done.stdout)
    if report is None or "vulnerabilities" not in report:
        answer = report or {}
        said = f"{answer.get('message') or done.stderr} (status {answer.get('statusCode', 'none')})"
        return _unanswered("package-lock.json: the npm registry", said)
    for name, weakness in report["vulnerabilities"].items():
        print(f"package-lock.json: {name}: {weakness['severity']}, versions {weakness['range']}")
    print(f"package-lock.json: {len(report['vulnerabilities'])} packages with known weaknesses")
    return WEAK if report["vulnerabilities"] else CLEAN


def _unanswered(whom: str, said: str) -> int:
    last = next((line for line in reversed(said.strip().splitlines()) if line.strip()), "nothing")
    print(f"{whom} did not answer, so nothing is known: {last.strip()[:300]}")
    return UNKNOWN


def _json(text: str) -> dict[str, object] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _run(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


if __name__ == "__main__":
    found = [*(python_packages(lock) for lock in LOCKS), npm_packages()]
    sys.exit(WEAK if WEAK in found else max(found))
