"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("daten").textContent);
  const views = {};
  const state = { monat: data.start, art: "alle", wege: false };
  const options = { mode: "vega", renderer: "svg", actions: false, tooltip: { theme: "custom" } };
  const MOST_SCHOOLS = 100;

  // One drawing serves all scenarios: each place brings its own rows.
  const rowsAt = (name, rows) => {
    const number = data.orte[name].werte[rows];
    return number === undefined ? [] : data.werte[number];
  };
  const specification = (name) => {
    const place = data.orte[name];
    const copy = JSON.parse(JSON.stringify(data.zeichnungen[place.zeichnung]));
    for (const entry of copy.data) {
      if (place.werte[entry.name] !== undefined) entry.values = rowsAt(name, entry.name);
    }
    return copy;
  };
  const isMap = (name) => name.startsWith("karte-");
  const send = (name, view) => {
    if (!isMap(name)) return view;
    const months = rowsAt(name, "schulen").length ? rowsAt(name, "schulen")[0].k.length : 1;
    view.signal("monat", Math.min(state.monat, months - 1)).signal("art", state.art).signal("wege", state.wege);
    return view.runAsync();
  };
  const draw = (place) => {
    const name = place.dataset.chart;
    if (views[name]) return views[name];
    const told = specification(name);
    if (isMap(name)) told.height = Math.min(480, Math.max(300, place.clientWidth * 0.95));
    views[name] = vegaEmbed(place, told, options).then((result) => {
      const picture = place.querySelector("svg");
      if (picture) picture.setAttribute("aria-hidden", "true");
      place.classList.add("drawn");
      send(name, result.view);
      return result.view;
    });
    return views[name];
  };
  const places = [...document.querySelectorAll("[data-chart]")];
  const inView = (place) => !place.closest(".panel.aside");
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting && inView(entry.target)) { watch.unobserve(entry.target); draw(entry.target); }
    }
  }, { rootMargin: "300px" });
  places.forEach((place) => watch.observe(place));
  const whenIdle = window.requestIdleCallback || ((task) => setTimeout(task, 200));
  const drawNext = () => {
    const place = places.find((item) => !views[item.dataset.chart]);
    if (place) draw(place).then(() => whenIdle(drawNext));
  };
  window.addEventListener("load", () => whenIdle(drawNext));

  // Schools beside each map.
  const number = new Intl.NumberFormat("de-DE", { maximumFractionDigits: 0 });
  const cell = (row, tag, text, numeric) => {
    const item = document.createElement(tag);
    item.textContent = text;
    if (numeric) item.className = "n";
    row.append(item);
    return item;
  };
  const fill = (box) => {
    const rows = rowsAt(box.dataset.schools, "schulen");
    const t = Math.min(state.monat, rows.length ? rows[0].k.length - 1 : 0);
    const table = document.createElement("table");
    table.createCaption().textContent = `Schulen im ${data.monate[t]}, die vollsten zuerst`;
    const head = table.createTHead().insertRow();
    ["Schule", "Klassen", "belegt", "Plätze", "Auslastung"].forEach((text, n) => { cell(head, "th", text, n > 0).scope = "col"; });
    const body = table.createTBody();
    const share = (item) => item.p[t] ? item.u[t] / item.p[t] : Infinity;
    const found = rows
      .filter((item) => (state.art === "alle" || item.art === state.art) && (item.p[t] || item.u[t] >= 0.05))
      .sort((a, b) => share(b) - share(a) || b.p[t] - a.p[t]);
    for (const item of found.slice(0, MOST_SCHOOLS)) {
      const row = body.insertRow();
      cell(row, "th", item.Schule).scope = "row";
      cell(row, "td", number.format(item.k[t]), true);
      cell(row, "td", number.format(item.u[t]), true);
      cell(row, "td", number.format(item.p[t]), true);
      const tone = item.c[t] === "-" ? "none" : "use" + item.c[t];
      cell(row, "td", item.q[t] === null ? "–" : item.q[t] + " %", true).classList.add(tone);
    }
    const parts = [table];
    if (found.length > MOST_SCHOOLS) {
      const line = Object.assign(document.createElement("p"), { className: "note" });
      line.textContent = `Gezeigt sind ${MOST_SCHOOLS} von ${number.format(found.length)} Schulen.`;
      parts.push(line);
    }
    box.replaceChildren(...parts);
  };
  const boxes = [...document.querySelectorAll("[data-schools]")];
  let asked = false;
  const apply = () => {
    const name = data.monate[state.monat];
    byId("monatsname").textContent = name;
    byId("monat").setAttribute("aria-valuetext", name);
    if (asked) return;
    asked = true;
    requestAnimationFrame(async () => {
      asked = false;
      // The open tab first; the others follow when nothing else is to do.
      const open = boxes.filter(inView);
      open.forEach(fill);
      for (const [key, view] of Object.entries(views)) {
        if (isMap(key) && inView(document.querySelector(`[data-chart="${key}"]`))) send(key, await view);
      }
      whenIdle(async () => {
        boxes.filter((box) => !open.includes(box)).forEach(fill);
        for (const [key, view] of Object.entries(views)) {
          if (isMap(key) && !inView(document.querySelector(`[data-chart="${key}"]`))) send(key, await view);
        }
      });
    });
  };
  const month = byId("monat"), kind = byId("art"), ways = byId("wege");
  month.value = String(state.monat);
  kind.value = "alle";
  ways.checked = false;
  month.addEventListener("input", () => { state.monat = Number(month.value); apply(); });
  kind.addEventListener("change", () => { state.art = kind.value; apply(); });
  ways.addEventListener("change", () => { state.wege = ways.checked; apply(); });
  byId("kartenwahl").addEventListener("submit", (event) => event.preventDefault());
  boxes.forEach(fill);

  // The need of all scenarios by school type.
  const needKind = byId("bedarf-art");
  needKind.selectedIndex = 0;
  needKind.addEventListener("change", async () => {
    const view = await draw(document.querySelector('[data-chart="bedarf-alle"]'));
    view.signal("art", needKind.value).runAsync();
  });
  byId("bedarfswahl").addEventListener("submit", (event) => event.preventDefault());

  // Tabs: arrows, Home and End move between them and open them.
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  const choose = (chosen, focus) => {
    for (const tab of tabs) {
      const open = tab === chosen;
      tab.setAttribute("aria-selected", String(open));
      tab.tabIndex = open ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).classList.toggle("aside", !open);
    }
    if (focus) chosen.focus();
    places.filter((place) => chosen.getAttribute("aria-controls") === place.closest(".panel")?.id).forEach(draw);
  };
  tabs.forEach((tab, n) => {
    tab.addEventListener("click", () => choose(tab, false));
    tab.addEventListener("keydown", (event) => {
      const last = tabs.length - 1;
      const next = { ArrowRight: n === last ? 0 : n + 1, ArrowLeft: n === 0 ? last : n - 1, Home: 0, End: last }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      choose(tabs[next], true);
    });
  });

  // On paper all scenarios are there, and everything is drawn.
  window.berichtDruckfertig = async () => { await Promise.all(places.map(draw)); return true; };
  window.addEventListener("beforeprint", () => { window.berichtDruckfertig(); });
})();
