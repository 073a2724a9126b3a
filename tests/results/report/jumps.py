"""Where the links of a page lead to, measured in the browser."""

from __future__ import annotations

from typing import Any

SETTLED = """() => new Promise((done) => {
  let before = -1, still = 0;
  const look = () => {
    still = scrollY === before ? still + 1 : 0;
    before = scrollY;
    if (still > 20) done(); else requestAnimationFrame(look);
  };
  requestAnimationFrame(() => requestAnimationFrame(look));
})"""
"""Wait until nothing scrolls any more."""
TOP = "key => document.getElementById(key).getBoundingClientRect().top"
AT_END = "innerHeight + scrollY >= document.documentElement.scrollHeight - 2"


def assert_there(page: Any, key: str) -> None:
    """The section stands at the top of the window, or as high as the end of the page allows."""
    page.evaluate(SETTLED)
    top = page.evaluate(TOP, key)
    height = page.viewport_size["height"]
    assert 0 <= top < (height * 0.8 if page.evaluate(AT_END) else 80), (key, top)
    # A menu that stays on top of the window does not cover the heading.
    seen = page.locator(f"#{key} h2").evaluate(
        "h => { const r = h.getBoundingClientRect();"
        " return h.contains(document.elementFromPoint(r.left + 5, r.top + r.height / 2)); }"
    )
    assert seen, key


def assert_every_link_leads_there(page: Any) -> None:
    """Click the entries of the menu from the last on: what is above was never shown before."""
    links = page.locator("nav.sections a")
    keys = [link.get_attribute("href")[1:] for link in links.all()]
    assert len(keys) > 5
    for n, key in reversed(list(enumerate(keys))):
        links.nth(n).click()
        assert_there(page, key)
        marked = page.locator("nav.sections a[aria-current]")
        assert marked.count() == 1 and marked.get_attribute("href") == f"#{key}"


def assert_the_keyboard_follows(page: Any, key: str) -> None:
    """Enter on an entry jumps as well, and the next Tab goes on within or after the section."""
    page.locator(f"nav.sections a[href='#{key}']").focus()
    page.keyboard.press("Enter")
    assert_there(page, key)
    page.keyboard.press("Tab")
    assert page.evaluate(
        "key => { const s = document.getElementById(key), f = document.activeElement;"
        " return s.contains(f)"
        " || Boolean(s.compareDocumentPosition(f) & Node.DOCUMENT_POSITION_FOLLOWING); }",
        key,
    )
