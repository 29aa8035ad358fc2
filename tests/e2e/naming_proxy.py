"""A proxy in front of the app that says in a header who visits, and lets no visitor say it."""

import contextlib
import socket
import threading

END = b"\r\n\r\n"


class NamingProxy:
    """Hands requests on to a server, one per connection, each with the name of the visitor."""

    def __init__(self, header):
        self.header, self.name, self.port = header, "", 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.own_port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.own_port}"

    def start(self, port):
        self.port = port
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def stop(self):
        self.socket.close()

    def said(self):
        """What stands in its log, as for a server."""
        return ""

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                visitor, _ = self.socket.accept()
                threading.Thread(target=self._hand_on, args=(visitor,), daemon=True).start()

    def _hand_on(self, visitor):
        with contextlib.suppress(OSError), visitor:
            said = b""
            while END not in said:
                part = visitor.recv(65_536)
                if not part:
                    return
                said += part
            with socket.create_connection(("127.0.0.1", self.port)) as server:
                server.sendall(self._named(said))
                threading.Thread(target=_pipe, args=(visitor, server), daemon=True).start()
                _pipe(server, visitor)

    def _named(self, said):
        head, _, body = said.partition(END)
        lines = head.split(b"\r\n")
        is_socket = any(line.lower().startswith(b"upgrade:") for line in lines)
        dropped = [self.header.lower().encode() + b":"]
        dropped += [] if is_socket else [b"connection:"]
        kept = [line for line in lines if not line.lower().startswith(tuple(dropped))]
        if self.name:
            kept.append(f"{self.header}: {self.name}".encode())
        if not is_socket:
            kept.append(b"Connection: close")
        return b"\r\n".join(kept) + END + body


def _pipe(source, target):
    with contextlib.suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
