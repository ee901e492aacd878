"""The HTML report in a real browser: it filters, keeps ticks, can be used by everybody, and talks to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect, sync_playwright
from servers.installed import axe, chromium

from mi_lint.cli.main import cli
from mi_lint.rulebook.examples import expand

BEFORE = Path(__file__).parents[1] / "golden" / "data-platform" / "before"
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a repository with a file whose name and content try to be markup."""
    folder = tmp_path_factory.mktemp("shop")
    for path in sorted(BEFORE.rglob("*")):
        if path.is_file():
            target = folder / path.relative_to(BEFORE).as_posix().replace("dot.env", ".env")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(expand(path.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "<img src=x onerror=alert(1)>.py").write_text(
        "import os\nfrom azure.storage.blob import BlobServiceClient\n"
        "x = '</code></pre><script>alert(2)</script>'\n"
        "c = BlobServiceClient.from_connection_string(os.environ['<b>'])\n"
    )
    made = folder.parent / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(cli, ["migrate", "--report", str(made)], env={"CI": ""})
    assert result.exit_code == 1, result.output
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """The report, opened; afterwards it must have said nothing on the console and asked for nothing."""
    context = browser.new_context(color_scheme="dark", viewport={"width": 1100, "height": 900})
    context.set_default_timeout(5000)
    opened = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(report.as_uri())
    yield opened
    context.close()
    assert said == []
    assert set(asked) == {report.as_uri()}


def test_filters(page: Page) -> None:
    count, shown = page.get_by_role("status").first, page.locator(".finding:not([hidden])")
    everything = page.locator(".finding").count()
    expect(count).to_have_text(f"{everything} findings")
    page.get_by_label("safe", exact=True).uncheck()
    page.get_by_label("review", exact=True).uncheck()
    left = shown.count()
    assert 0 < left < everything
    expect(count).to_have_text(f"{left} of {everything} findings")
    page.get_by_role("button", name="Show all").click()
    expect(count).to_have_text(f"{everything} findings")
    page.get_by_label("Service", exact=True).select_option(index=1)
    assert {e.get_attribute("data-service") for e in shown.all()} == {
        page.get_by_label("Service", exact=True).input_value()
    }
    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Text", exact=True).fill("onerror=alert")
    expect(count).to_have_text(f"1 of {everything} findings")
    page.get_by_role("button", name="Open all").click()
    expect(page.get_by_role("heading", name="Changes", exact=True)).to_have_count(1)
    assert "from_connection_string(os.environ['<b>'])" in page.locator("details[open] .diff").inner_text()


def test_keyboard_alone(page: Page) -> None:
    """Skip to the findings, reach the filter, open a connection, tick a step of the plan."""
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the findings")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    page.keyboard.type("storage")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator(":focus").evaluate("e => e.localName") == "summary":
            break
    page.keyboard.press("Enter")
    expect(page.locator("details[open]")).to_have_count(1)
    task = page.get_by_role("checkbox").last
    task.focus()
    page.keyboard.press("Space")
    expect(task).to_be_checked()


def test_ticks_and_colours_are_kept(page: Page) -> None:
    steps = page.locator("[data-task]")
    number = steps.count()
    assert number > 5
    assert len({step.get_attribute("data-task") for step in steps.all()}) == number
    steps.nth(2).check()
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(colour)
    page.get_by_label("Colours", exact=True).select_option("light")
    light = page.evaluate(colour)
    assert light != dark
    page.reload()
    expect(page.locator("#done")).to_have_text(f"1 of {number} steps done")
    expect(steps.nth(2)).to_be_checked()
    assert page.evaluate(colour) == light
    page.get_by_role("button", name="Clear all ticks").click()
    expect(page.locator("#done")).to_have_text(f"0 of {number} steps done")


def test_everybody_can_use_it(page: Page) -> None:
    """axe finds nothing, with all that can be opened open; in the light it looks at the contrast only."""
    page.get_by_role("button", name="Open all").click()
    page.evaluate(axe().read_text(encoding="utf-8"))
    for theme, rules in (("dark", {}), ("light", {"runOnly": ["color-contrast"]})):
        page.get_by_label("Colours", exact=True).select_option(theme)
        found = page.evaluate("options => axe.run({...options, resultTypes: ['violations']})", rules)
        assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found["violations"]] == []
        assert found["passes"]


def test_it_prints_whole(page: Page) -> None:
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    expect(page.locator("form")).to_be_hidden()
    expect(page.locator(".diff").first).to_be_visible()
