"""A provider of logins (OpenID Connect), which says at once who somebody is."""

import base64
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT, SECRET = "preflight", "kept by both"


class OidcProvider:
    """Logs in whoever comes as ``claims``; one code for each login, good for once."""

    def __init__(self):
        self.claims = {}
        self.key = jwk.RSAKey.generate_key(2048, {"use": "sig", "kid": "one"}, private=True)
        self.codes = {}
        handler = type("Handler", (_Handler,), {"provider": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def secrets_of(self, app_url):
        """The text of the file that tells the app where logins are."""
        return "\n".join(
            (
                "[auth]",
                f'redirect_uri = "{app_url}/oauth2callback"',
                'cookie_secret = "signs what the browser keeps, 32 signs"',
                f'client_id = "{CLIENT}"',
                f'client_secret = "{SECRET}"',
                f'server_metadata_url = "{self.url}/.well-known/openid-configuration"',
            )
        )

    def metadata(self):
        ends = {"authorization": "authorize", "token": "token"}
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            **{f"{name}_endpoint": f"{self.url}/{path}" for name, path in ends.items()},
        }

    def token(self, nonce):
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        return jwt.encode({"alg": "RS256", "kid": "one"}, said | self.claims, self.key)


class _Handler(BaseHTTPRequestHandler):
    provider: OidcProvider

    def do_GET(self):
        asked = urlsplit(self.path)
        if asked.path == "/.well-known/openid-configuration":
            self._tell(self.provider.metadata())
        elif asked.path == "/keys":
            self._tell({"keys": [self.provider.key.as_dict(private=False)]})
        elif asked.path == "/authorize":
            said = {name: values[0] for name, values in parse_qs(asked.query).items()}
            assert said["client_id"] == CLIENT
            assert said["code_challenge_method"] == "S256"
            code = secrets.token_hex(8)
            self.provider.codes[code] = said["nonce"]
            self.send_response(302)
            back = urlencode({"code": code, "state": said["state"]})
            self.send_header("Location", f"{said['redirect_uri']}?{back}")
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self):
        said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        proof = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        nonce = self.provider.codes.pop(said["code"][0], None)
        if self.headers["Authorization"] != f"Basic {proof}" or nonce is None:
            self.send_error(401)
            return
        token = self.provider.token(nonce)
        self._tell({"access_token": "none is needed", "token_type": "Bearer", "id_token": token})

    def _tell(self, what):
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""
