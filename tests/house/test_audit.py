"""`make audit` tells a clean bill from a silent index; the tools' own answers, as they were recorded."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {"vulnerabilities": {}}
WEAK = {"vulnerabilities": {"ws": {"severity": "high", "range": "<8.17.1"}}}
SILENT = {"message": "request failed", "statusCode": 404, "error": {"summary": "", "detail": ""}}
PIP_CLEAN = {"dependencies": [{"name": "flask", "version": "3.1.3", "vulns": []}]}
PIP_WEAK = {
    "dependencies": [{"name": "flask", "version": "3.1.3", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.4"]}]}]
}


def script(path: Path, said: str) -> None:
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{said}\nEND\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)


@pytest.mark.parametrize(
    ("pip", "npm", "status", "words"),
    [
        (PIP_CLEAN, CLEAN, 0, "0 known weaknesses"),
        (PIP_WEAK, CLEAN, 1, "flask 3.1.3: PYSEC-1, corrected in 3.1.4"),
        (PIP_CLEAN, WEAK, 1, "ws: high, versions <8.17.1"),
        (PIP_CLEAN, SILENT, 2, "npm registry did not answer, so nothing is known: request failed (status 404)"),
        ("no connection", CLEAN, 2, "index of weaknesses did not answer, so nothing is known"),
        ("no connection", WEAK, 1, "did not answer"),
    ],
)
def test_each_answer_has_its_verdict(tmp_path: Path, pip: object, npm: object, status: int, words: str) -> None:
    script(tmp_path / "npm", json.dumps(npm))
    package = tmp_path / "pip_audit"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(f"print({(pip if isinstance(pip, str) else json.dumps(pip))!r})")
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.audit"], env=environ, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert words in done.stdout
    assert done.returncode == status
