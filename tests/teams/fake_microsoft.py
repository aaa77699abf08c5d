"""A small login.microsoftonline.com on this machine, with a certificate of its own."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

HOST = "127.0.0.1"
LET_IN = {"token_type": "Bearer", "expires_in": 3599, "access_token": "a-token"}


class FakeMicrosoft:
    """Knows one tenant at least, and answers whoever asks it for a token what a test says."""

    def __init__(self, certificate: Path) -> None:
        self.url = ""
        self.certificate = str(certificate)
        self.answer: tuple[int, Any] = (200, LET_IN)
        self.about_tenant: tuple[int, Any] | None = None  # instead of what a tenant says of itself
        self.asked: list[dict[str, list[str]]] = []

    def refuses(self, code: str, words: str = "") -> None:
        """With an error as Microsoft's; the words are those it puts around the number."""
        described = f"AADSTS{code}: {words} Trace ID: 0000aaaa-11bb-cccc-dd22-eeeeee333333"
        error = {"error": "invalid_client", "error_description": described, "error_codes": [code]}
        self.answer = (401, error)

    def told_about(self, tenant: str) -> tuple[int, Any]:
        return self.about_tenant or (
            200,
            {
                "issuer": f"{self.url}/{tenant}/v2.0",
                "authorization_endpoint": f"{self.url}/{tenant}/oauth2/v2.0/authorize",
                "token_endpoint": f"{self.url}/{tenant}/oauth2/v2.0/token",
            },
        )


@contextmanager
def fake_microsoft(folder: Path) -> Iterator[FakeMicrosoft]:
    """A Microsoft that listens while the body runs."""
    certificate = _certificate(folder)
    fake = FakeMicrosoft(certificate)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send(fake.told_about(self.path.split("/")[1]))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fake.asked.append(parse_qs(body))
            self.send(fake.answer)

        def send(self, answer: tuple[int, Any]) -> None:
            status, body = answer
            self.send_response(status)
            self.end_headers()
            self.wfile.write((body if isinstance(body, str) else json.dumps(body)).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    fake.url = f"https://{HOST}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _certificate(folder: Path) -> Path:
    """A key and a certificate for this machine, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a small Microsoft")])
    itself = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(itself, critical=False)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "microsoft.pem"
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file
