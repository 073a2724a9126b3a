"use strict";
// What frames every page: tables by keyboard, light and dark, and where the reader is.
(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  // A table that is wider than the window can be scrolled with the keyboard.
  const reach = (box) => {
    if (box.scrollWidth > box.clientWidth + 1) {
      const caption = box.querySelector("caption");
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      if (caption) box.setAttribute("aria-label", `${caption.textContent} (lässt sich seitlich schieben)`);
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  };
  // The observer tells of a box when it is laid out: when its section comes near, opens or resizes.
  const sized = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target)));
  document.querySelectorAll(".scroll").forEach((box) => sized.observe(box));

  // Light and dark.
  const colours = document.getElementById("farben");
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => root.dataset.farben ? root.dataset.farben === "dunkel" : system.matches;
  const press = () => colours.setAttribute("aria-pressed", String(dark()));
  colours.addEventListener("click", () => { root.dataset.farben = dark() ? "hell" : "dunkel"; press(); });
  system.addEventListener("change", press);
  press();

  // Where the reader is.
  const links = new Map([...document.querySelectorAll("nav.sections a")].map((a) => [a.hash.slice(1), a]));
  const list = document.querySelector("nav.sections ul");
  const here = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      links.forEach((link) => link.removeAttribute("aria-current"));
      const link = links.get(entry.target.id);
      if (!link) continue;
      link.setAttribute("aria-current", "true");
      if (list.scrollWidth > list.clientWidth) {
        list.scrollTo({ left: link.offsetLeft - 40, behavior: still ? "auto" : "smooth" });
      }
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  document.querySelectorAll("main > section").forEach((section) => here.observe(section));
})();
