"""What the tests of pages share: how a browser is started, what a page must never do, a server."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def watch(page):
    """Note what a page must never do."""
    page.faults = []
    page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            page.faults.append(f"asked {asked.url}") if _is_elsewhere(asked.url) else None
        ),
    )
    page.on(
        "response",
        lambda got: page.faults.append(f"{got.status} {got.url}") if got.status >= 400 else None,
    )
    return page


def _is_elsewhere(url):
    return not url.startswith(("file:", "data:", "blob:", "about:", "http://127.0.0.1:"))


def axe(page):
    """Violations of the rules for accessible pages, by axe-core; the page is opened with bypass_csp=True."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:120]) for each in found]


# -- the server, in this process, on a port of its own --------------------------------------------
class Served:
    """A server that listens, and a client that may ask it."""

    def __init__(self, engine=None, port=0, token="a-token"):
        import socket
        import threading

        import httpx
        import uvicorn

        from peersim.app.server import Server

        self.server, self.token = Server(engine), token
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        self.port = listening.getsockname()[1]
        app = self.server.application(self.port, self.token)
        quiet = {"lifespan": "off", "log_config": None, "access_log": False}
        self.running = uvicorn.Server(uvicorn.Config(app, **quiet))
        self.thread = threading.Thread(target=self.running.run, args=([listening],), daemon=True)
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.port}"
        headers = {"authorization": f"Peersim {self.token}"}
        self.client = httpx.Client(base_url=self.address, headers=headers, timeout=60)

    @property
    def desk(self):
        return self.server.desk

    def post(self, name, body=None, **more):
        return self.client.post(f"/api/1/{name}", json=body, **more)

    def lines(self, body, name="compare"):
        """The lines of an answer that grows; a number that JSON does not have fails."""
        import json

        answer = self.post(name, body)
        assert answer.status_code == 200, answer.text

        def refuse(word):
            raise ValueError(f"{word} is not JSON")

        return [json.loads(line, parse_constant=refuse) for line in answer.text.splitlines()]

    def end(self):
        self.client.close()
        self.running.should_exit = True
        self.thread.join(10)
        self.server.end()
