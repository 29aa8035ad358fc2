"""How long a person waits for the next card, with several people in browsers on one long queue.

``PYTHONPATH=. python tests/benchmarks/desk_speed.py [--items 50000] [--people 10] [--keys 20]
[--mode keys|buttons]``

Starts the app over a workspace with that many doubtful labels, opens a window for each person, and
lets them press keys in turn. Each page notes itself when a key goes down and when the next card has
been painted; printed are the median, the 90th and 95th percentile, and the worst, and how long the
first card takes after the page is asked for. Browser and server share the machine, so that the
figures also tell of the machine: the load is printed beside them. Exit status 1 where a key is not
decided once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from components.core.settings import Settings  # noqa: E402 - the path comes first
from components.services.review import review  # noqa: E402 - as above
from components.services.workspace import open_workspace  # noqa: E402 - as above
from tests.benchmarks.review_speed import run_of, table  # noqa: E402 - as above
from tests.e2e.conftest import BROWSERS, FLAGS  # noqa: E402 - as above
from tests.e2e.server import Server  # noqa: E402 - as above
from tests.e2e.visit import Visit  # noqa: E402 - as above

WATCH = """(() => {
    const heading = () => {
        const roots = [document];
        for (const host of document.querySelectorAll("[data-testid=stBidiComponentIsolated]"))
            if (host.shadowRoot) roots.push(host.shadowRoot);
        for (const root of roots)
            for (const found of root.querySelectorAll("h2, h3, h4"))
                if (/^Row [\\d,]+$/.test(found.textContent.trim())) return found.textContent.trim();
        return "";
    };
    window.waits = [];
    window.addEventListener("keydown", () => {
        const start = performance.now(), before = heading();
        const look = () => {
            const now = heading();
            if (now && now !== before)
                requestAnimationFrame(() => window.waits.push(performance.now() - start));
            else if (performance.now() - start < 20000)
                requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    }, true);
})()"""
"""Before any script of the page, which keeps its keys to itself."""


def sit_down(window: Visit, address: str, name: str) -> float:
    """Open the review as a person with a name, and return seconds until the first card is there."""
    window.page.add_init_script(WATCH)
    page = window.open(address)
    page.get_by_label("Your name").fill(name)
    start = time.monotonic()
    page.get_by_role("button", name="Start the review").click()
    page.locator(".card, .st-key-card").first.wait_for()
    waited = time.monotonic() - start
    window.ready()
    page.evaluate("window.waits = []")
    return waited


def press(page: Page, n: int) -> None:
    """Press a key, and wait until the page has noted the next card."""
    page.keyboard.press("kxn"[n % 3])
    page.wait_for_function("n => window.waits.length > n", arg=n, timeout=30_000)


def told(what: str, milliseconds: list[float]) -> str:
    """Return the figures in one line."""
    at = np.percentile(milliseconds, [50, 90, 95, 100])
    return (
        f"{what}: median {at[0]:.0f} ms, p90 {at[1]:.0f}, p95 {at[2]:.0f}, worst {at[3]:.0f} "
        f"({len(milliseconds)} keys, load {os.getloadavg()[0]:.1f})"
    )


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--keys", type=int, default=20)
    parser.add_argument("--mode", choices=["keys", "buttons"], default="keys")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="desk-") as folder:
        home = Path(folder) / "home"
        ws = open_workspace(Settings(home=home))
        run_id = run_of(ws, table(Path(folder), asked.items), asked.items)
        dataset_id = review.queue(ws, run_id).dataset_id
        mode = "&mode=buttons" if asked.mode == "buttons" else ""
        address = f"/label_review?data={dataset_id}&run={run_id}{mode}"
        server = Server(home).start()
        program = next(filter(None, map(shutil.which, BROWSERS)))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
                windows = [Visit(browser.new_context(), server) for _ in range(asked.people)]
                first = [sit_down(w, address, f"Person {i}") for i, w in enumerate(windows)]
                for n in range(asked.keys):
                    for window in windows:
                        press(window.page, n)
                waits = [w for window in windows for w in window.page.evaluate("window.waits")]
                if asked.mode == "keys":
                    for window in windows:
                        expect(window.page.get_by_text("All saved")).to_be_visible()
                else:
                    windows[-1].ready()
                browser.close()
        finally:
            server.stop()
        n_decided = sum(d.check_id != "" for d in review.standing(ws, dataset_id))
        ws.close()
    print(told(f"{asked.mode}, {asked.people} people, {asked.items:,} items", waits))
    print(f"first card: median {np.median(first):.2f} s, worst {max(first):.2f}")
    n_pressed = asked.people * asked.keys
    print(f"decided once: {n_decided} of {n_pressed}")
    return 0 if n_decided == n_pressed else 1


if __name__ == "__main__":
    sys.exit(main())
