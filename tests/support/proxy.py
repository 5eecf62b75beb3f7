"""A real nginx on deploy/nginx.conf, changed in its addresses and folders alone; its certificate is made here."""

import ipaddress
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.server import free_port

CONF = Path(__file__).parents[2] / "deploy" / "nginx.conf"
START_SECONDS = 60
MAIN = """
daemon off;
master_process on;
worker_processes 1;
pcre_jit on;
worker_rlimit_nofile 20000;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log error;
events {{ worker_connections 8192; }}
http {{
    access_log {folder}/log/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/queue-server.conf;
    {more}
}}
"""


def make_certificate(folder: Path) -> None:
    """A certificate of 127.0.0.1 that nobody else signed, and its key, as the shipped file names them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "queue.example.jp")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


class Nginx:
    """nginx before a server on port `upstream`, on `port` with https and on `plain_port` with http.

    `trusted` is a proxy before it, `fast` how often a second one address may ask, `more` stands in its http block.
    With `plain` the whole of it speaks http: for measurements beside servers that do. `changed` has words of the file
    and what a test puts in their place, for a limit that would take too long to reach.
    """

    def __init__(
        self,
        folder: Path,
        upstream: int,
        *,
        trusted: str = "",
        fast: int = 0,
        more: str = "",
        plain: bool = False,
        changed: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.plain_port = free_port()
        self.static = folder / "static"
        self.certificate = folder / "tls" / "fullchain.pem"
        self._scheme = "http" if plain else "https"
        self._process: subprocess.Popen[bytes] | None = None
        for each in ("log", "cache", "static", "tls"):
            (folder / each).mkdir(parents=True)
        make_certificate(folder / "tls")
        changes = {
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
            "listen 443 ssl http2 ": f"listen 127.0.0.1:{self.port}{'' if plain else ' ssl http2'} ",
            "listen [::]:443 ssl http2 sndbuf=64k;": "",
            "listen 80 ": f"listen 127.0.0.1:{self.plain_port} ",
            "listen [::]:80 sndbuf=64k;": "",
            "/etc/ssl/queue-server": str(folder / "tls"),
            "/var/log/nginx": str(folder / "log"),
            "/var/lib/nginx/queue-server": str(folder / "cache"),
            "/var/www/queue-server": str(self.static),
        }
        changes |= changed
        if trusted:
            changes["# set_real_ip_from 192.0.2.10;"] = f"set_real_ip_from {trusted};"
            changes["# real_ip_"] = "real_ip_"
        if fast:
            changes["zone=queue_address:4m rate=200r/s"] = f"zone=queue_address:4m rate={fast}r/s"
        text = CONF.read_text(encoding="utf-8")
        for old, new in changes.items():
            assert old in text, f"{old} stands in {CONF.name} no more"
            text = text.replace(old, new)
        (folder / "queue-server.conf").write_text(text, encoding="utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        main = MAIN.format(folder=folder, user=user, more=more)
        (folder / "nginx.conf").write_text(main, encoding="utf-8")

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    @property
    def trust(self) -> ssl.SSLContext:
        """What a client believes: this certificate and no other."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def said(self) -> str:
        """Everything in the logs."""
        return "".join(log.read_text(encoding="utf-8") for log in sorted((self.folder / "log").iterdir()))

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "nginx is missing. Run once: sudo apt-get install -y nginx-light"
        words = [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        checked = subprocess.run([*words, "-t", "-q"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        # Its first words, before it has read where its logs are, go to standard error.
        with (self.folder / "start.log").open("wb") as log:
            self._process = subprocess.Popen(words, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < deadline, (self.folder / "start.log").read_text()
                time.sleep(0.02)
            else:
                return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=20)
