"""How long does whoever moves a switch wait? `uv run python benchmarks/serve.py`

`peersim serve` is started in a process of its own and asked over HTTP, as its page does: until the
page and the engine are there, until the first and the last answer to a comparison, what an answer
costs beyond its runs, what a question costs that nobody waits for any more, and how much memory it
all takes. Wall time, and processor time of the server where Linux tells it, in a Markdown table.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from measuring import arguments, machine, spread, table

ALONE, MIXED = ["one_to_one"], ["one_to_one", "group"]
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Server:
    """`peersim serve`, and who asks it."""

    def __init__(self):
        began = time.perf_counter()
        command = [sys.executable, "-m", "peersim.commands.cli", "serve", "port=0", "open=no"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        found = re.search(r":(\d+)/#token=([\w-]+)", self.process.stdout.readline())
        self.port, self.token = int(found[1]), found[2]
        self.get("/")
        self.page = time.perf_counter() - began
        while json.loads(self.get("/api/1/state"))["engine"] != "ready":
            time.sleep(0.05)
        self.engine = time.perf_counter() - began

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request("GET", path)
        return connection.getresponse().read()

    def ask(self, body, name="compare"):
        """Send a question, and give what is to be read."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        headers = {"Content-Type": "application/json", "Authorization": f"Peersim {self.token}"}
        connection.request("POST", f"/api/1/{name}", json.dumps(body), headers)
        return connection

    @property
    def seconds(self):
        """Processor seconds that it has used; nothing where that cannot be known."""
        file = Path(f"/proc/{self.process.pid}/stat")
        if not file.exists():
            return float("nan")
        fields = file.read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def megabytes(self):
        file = Path(f"/proc/{self.process.pid}/statm")
        if not file.exists():
            return float("nan")
        return int(file.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def end(self):
        self.process.terminate()
        self.process.wait(20)


def timed(server, body, name="compare"):
    """Milliseconds until the first line, and until all; of the processor; what it says itself."""
    began, used = time.perf_counter(), server.seconds
    answer = server.ask(body, name).getresponse()
    first = answer.readline()
    until_first = time.perf_counter() - began
    rest = answer.read()
    lines = [first, *rest.splitlines()]
    whole = time.perf_counter() - began
    own = (
        [json.loads(line).get("cpu_ms") for line in lines if line.strip()]
        if name == "compare"
        else []
    )
    return 1000 * until_first, 1000 * whole, 1000 * (server.seconds - used), own


def abandoned(server, body, after):
    """Milliseconds of the processor for a question whose asker goes away after so many seconds."""
    used = server.seconds
    connection = server.ask(body)
    time.sleep(after)
    connection.close()
    time.sleep(1.0)
    return 1000 * (server.seconds - used)


def main():
    options = arguments(__doc__, people=50, weeks=52, repeats=5)
    server = Server()
    rows = []
    who = {"population.recipients": options.people, "weeks": options.weeks}
    a = {**who, "communities": ALONE}
    beyond, sizes = [], []

    def moved(k):
        return {**who, "communities": MIXED, "cafe.per_week": 1 + k / 64}

    try:
        for parameters in ("defaults", "plausible"):
            base = {"a": a, "parameters": parameters}
            timed(server, {**base, "b": moved(0)})
            only_b, both = [], []
            for k in range(options.repeats):
                only_b.append(timed(server, {**base, "b": moved(k + 1)}))
                new = {
                    **base,
                    "a": {**a, "one_to_one.every": 2 + (k + 1) / 64},
                    "b": moved(100 + k),
                }
                both.append(timed(server, new))
            for name, found in (("only B new", only_b), ("both new", both)):
                first, whole, used = (
                    spread(each, "{:.0f}") for each in list(zip(*found, strict=True))[:3]
                )
                rows.append([f"{parameters}, {name}", first, whole, used])
            kept = [timed(server, {**base, "b": moved(1)}) for _ in range(options.repeats)]
            first, whole, used = (
                spread(each, "{:.0f}") for each in list(zip(*kept, strict=True))[:3]
            )
            rows.append([f"{parameters}, everything kept", first, whole, used])
            beyond += [own[1] for *_, lines in kept for own in lines]
        gone = [
            abandoned(server, {"a": a, "b": moved(200 + k)}, 0.12) for k in range(options.repeats)
        ]
        for name in ("recording", "groups", "after", "rests_on", "soem"):
            found = [
                timed(server, {"a": a, "b": moved(1), "seed": k}, name)
                for k in range(options.repeats)
            ]
            sizes.append(
                [name, *(spread(each, "{:.0f}") for each in list(zip(*found, strict=True))[1:3])]
            )
        memory = server.megabytes
    finally:
        server.end()
    head = ["100 pairs", "first 20, ms", "all, ms", "processor, ms"]
    table(f"Comparisons of {options.people} people, {options.weeks} weeks", head, rows)
    table(
        "Other questions, runs kept from the second on", ["question", "ms", "processor, ms"], sizes
    )
    few = [
        ["page, s", f"{server.page:.2f}"],
        ["engine ready, s", f"{server.engine:.2f}"],
        ["one line beyond its runs, processor ms", spread(beyond, "{:.1f}")],
        ["a question left after 0.12 s, processor ms", spread(gone, "{:.0f}")],
        ["memory of the server, MB", f"{memory:.0f}"],
    ]
    table("Besides", ["what", "how much"], few, [machine()])


if __name__ == "__main__":
    main()
