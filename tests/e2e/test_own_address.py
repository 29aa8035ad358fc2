"""Who may talk to a running server, which doors are shut, and whom the server itself asks."""

import base64
import os
import socket
import subprocess
import sys

import psutil
import pytest

from tests.e2e.server import ROOT, SERVE, STREAMLIT

PUBLIC = "https://preflight.corp.example"
RECORDER = """
import os, sys

def note(event, args):
    if event in {"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}:
        where = args[0] if event.startswith("socket.get") else args[1]
        host = where[0] if isinstance(where, tuple) else where
        with open(os.environ["ASKED"], "a") as out:
            out.write(f"{event} {host}\\n")

sys.addaudithook(note)
"""
"""What Python reads when it starts: from then on every address that is asked for is noted."""
OURS = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", "None"}  # noqa: S104 - compared


def ask(server, path, *lines, method="GET"):
    """The status line and the rest of an answer; ``Host`` is a line of its own."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        text = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "Connection: close", "", ""])
        if any(line.startswith("Upgrade") for line in lines):
            text = text.replace("Connection: close", "Connection: Upgrade")
        connection.sendall(text.encode())
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
            if answer.startswith(b"HTTP/1.1 101"):
                break
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.decode("latin-1") + "\n", body


def open_socket(server, origin, host=None):
    """The status of a WebSocket that a page of ``origin`` opens; 101: it is open."""
    key = base64.b64encode(b"0123456789abcdef").decode()
    lines = [f"Host: {host or f'localhost:{server.port}'}", "Upgrade: websocket"]
    lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
    lines += [] if origin is None else [f"Origin: {origin}"]
    return ask(server, "/_stcore/stream", *lines)[0]


@pytest.fixture
def recorded(new_server, tmp_path):
    """Start servers that note whom they ask; gives the server, and a question for the others."""
    (tmp_path / "sitecustomize.py").write_text(RECORDER)
    note = tmp_path / "asked.txt"
    note.touch()

    def start(command):
        paths = os.pathsep.join([str(tmp_path), str(ROOT)])
        server = new_server(command=command, PYTHONPATH=paths, ASKED=str(note))
        return server, lambda: {line.split()[1] for line in note.read_text().splitlines()} - OURS

    return start


@pytest.fixture(scope="module", params=[STREAMLIT, SERVE], ids=["streamlit", "serve"])
def server(request, keep_server):
    return keep_server(command=request.param)


def test_a_page_of_the_app_may_open_a_socket(server):
    for name in ("localhost", "127.0.0.1", "[::1]", "LOCALHOST"):
        host = f"{name}:{server.port}"
        assert open_socket(server, f"http://{host}", host) == 101, host


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:9999",
        "http://127.0.0.1:9999",
        "http://0.0.0.0:8501",
        "http://localhost",
        "http://evil.example",
        "http://localhost.evil.example:{port}",
        "http://localhost:{port}@evil.example",
        "http://127.0.0.1:{port}",
        "ftp://localhost:{port}",
        "null",
        "",
        None,
    ],
)
def test_a_page_of_another_site_or_port_may_not(server, origin):
    assert open_socket(server, origin and origin.format(port=server.port)) == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "localhost:9999", "localhost", "0.0.0.0:{port}"]
)
def test_a_name_that_is_not_the_servers_own_is_refused(server, host):
    host = host.format(port=server.port)
    assert open_socket(server, f"http://{host}", host) == 403
    status, _, said = ask(server, "/", f"Host: {host}")
    assert status == 403
    assert b"--public-url" in said


def test_a_probe_may_ask_for_the_health_under_any_name(server):
    assert ask(server, "/_stcore/health", "Host: 10.1.2.3")[0] == 200


@pytest.mark.parametrize(
    "door",
    ["/_stcore/metrics", "/_stcore/metrics?families=x", "/_stcore/agent/openapi.json",
     "/_stcore/upload_file/a/b", "/%5fstcore/metrics"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE", "OPTIONS"])
def test_doors_that_nothing_uses_are_shut(server, door, method):
    host = f"localhost:{server.port}"
    sent = [f"Host: {host}", f"Origin: http://{host}", "Content-Length: 0"]
    assert ask(server, door, *sent, method=method)[0] == 404


def test_the_upload_page_has_the_address_that_its_title_says(server):
    status, head, _ = ask(server, "/upload?data=x", f"Host: localhost:{server.port}")
    assert (status, "location: /?data=x\n" in head.replace("\r\n", "\n").lower()) == (307, True)


def test_only_this_machine_can_reach_it_and_it_says_so(server):
    process = psutil.Process(server.process.pid)
    listening = {c.laddr.ip for c in process.net_connections() if c.status == "LISTEN"}
    assert listening <= {"127.0.0.1", "::1"}
    assert f"http://localhost:{server.port}" in server.said()
    assert "Only this machine can reach it." in server.said()


def proxied(server, host):
    """The status of a socket, and of an upload, that a proxy hands on under a name."""
    sent = [f"Host: {host}", f"Origin: {PUBLIC}", "Content-Length: 0"]
    _, _, said = ask(server, "/api/upload/x", *sent, method="PUT")
    return open_socket(server, PUBLIC, host), said


def test_a_proxy_may_offer_the_app_under_its_own_name(new_server):
    server = new_server(command=(*SERVE, "--public-url", PUBLIC))
    for host in ("preflight.corp.example", f"localhost:{server.port}", f"127.0.0.1:{server.port}"):
        status, said = proxied(server, host)
        assert status == 101, host
        assert b"not announced" in said, "the upload is refused for its token alone"
    assert open_socket(server, "https://evil.example", "preflight.corp.example") == 403
    assert open_socket(server, "http://preflight.corp.example", "preflight.corp.example") == 403
    assert open_socket(server, f"http://localhost:{server.port}") == 101
    assert f"Preflight is at {PUBLIC}" in server.said()
    assert "asks no password" in server.said()


@pytest.mark.parametrize(
    "command",
    [
        STREAMLIT,
        (*STREAMLIT, "--server.address", "0.0.0.0"),  # noqa: S104 - it must tell
        SERVE,
        (*SERVE, "--host", "0.0.0.0"),  # noqa: S104 - it must tell
        (*SERVE, "--public-url", PUBLIC),
    ],
    ids=" ".join,
)
def test_the_server_asks_nobody(recorded, command):
    server, others = recorded(command)
    assert open_socket(server, "http://evil.example") == 403
    assert open_socket(server, f"http://localhost:{server.port}") == 101
    assert ask(server, "/", f"Host: localhost:{server.port}")[0] == 200
    assert others() <= {socket.gethostname()}
    if "0.0.0.0" in command:  # noqa: S104 - compared
        assert "Everyone who reaches this machine" in server.said()


def test_the_recorder_sees_whom_a_program_asks(tmp_path):
    """The test above would pass as well if nothing were noted."""
    (tmp_path / "sitecustomize.py").write_text(RECORDER)
    note = tmp_path / "asked.txt"
    program = "import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('127.0.0.9', 1))"
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "ASKED": str(note)}
    subprocess.run([sys.executable, "-c", program], env=env, check=True)
    assert note.read_text().split() == ["socket.connect", "127.0.0.9"]
