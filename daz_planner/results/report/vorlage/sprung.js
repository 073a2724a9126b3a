"use strict";
// A section that was not yet near the window has only a guessed height. A jump past such sections
// lands beside its target, so it is repeated until the target stands still.
(() => {
  const CALM = 8, MOST = 120;
  let latest = 0;
  // At the end of the page a short section does not come up to where the reader is looked for.
  const mark = (target) => {
    const links = [...document.querySelectorAll("nav.sections a")];
    const own = links.find((link) => link.hash === `#${target.id}`);
    if (!own) return;
    links.forEach((link) => link.removeAttribute("aria-current"));
    own.setAttribute("aria-current", "true");
  };
  const jump = (target) => {
    const own = ++latest;
    let calm = 0, frames = 0;
    const settle = () => {
      if (own !== latest) return;
      const before = target.getBoundingClientRect().top;
      target.scrollIntoView({ block: "start", behavior: "auto" });
      calm = Math.abs(target.getBoundingClientRect().top - before) < 1 ? calm + 1 : 0;
      if (calm < CALM && ++frames < MOST) requestAnimationFrame(settle);
      else mark(target);
    };
    settle();
  };
  const targetOf = (hash) => hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  // The browser itself follows the link and moves the keyboard's place; here only its aim is mended.
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    const target = link && targetOf(link.hash);
    if (target) requestAnimationFrame(() => jump(target));
  });
  window.addEventListener("load", () => {
    const target = targetOf(location.hash);
    if (target) jump(target);
  });
  // Whoever scrolls meanwhile is not pulled back.
  for (const name of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    window.addEventListener(name, () => { latest += 1; }, { passive: true });
  }
})();
