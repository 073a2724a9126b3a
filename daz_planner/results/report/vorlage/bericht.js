"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);
  const data = read("daten");
  const charts = read("diagramme");
  const views = {};
  const state = { monat: data.start, art: "alle", wege: false, schule: "" };
  const options = { mode: "vega", renderer: "svg", actions: false, tooltip: { theme: "custom" } };
  const MOST_SCHOOLS = 100, MOST_WAYS = 40;

  const rowsOf = (name) => charts.karte ? charts.karte.data.find((d) => d.name === name) : null;
  if (charts.karte) rowsOf("schulen").values = data.schulen;
  const ways = charts.karte ? rowsOf("fluesse").values : [];

  // Charts are drawn when they come near the window, the others when nothing else is to do.
  const draw = (place) => {
    const name = place.dataset.chart;
    if (views[name]) return views[name];
    if (name === "karte") charts.karte.height = Math.min(640, Math.max(300, place.clientWidth * 0.95));
    views[name] = vegaEmbed(place, charts[name], options).then((result) => {
      const picture = place.querySelector("svg");
      if (picture) picture.setAttribute("aria-hidden", "true");
      place.classList.add("drawn");
      if (name === "karte") connect(result.view);
      return result.view;
    });
    return views[name];
  };
  const places = [...document.querySelectorAll("[data-chart]")];
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) { watch.unobserve(entry.target); draw(entry.target); }
    }
  }, { rootMargin: "300px" });
  places.forEach((place) => watch.observe(place));
  const whenIdle = window.requestIdleCallback || ((task) => setTimeout(task, 200));
  const drawNext = () => {
    const place = places.find((item) => !views[item.dataset.chart]);
    if (place) draw(place).then(() => whenIdle(drawNext));
  };
  window.addEventListener("load", () => whenIdle(drawNext));

  // Map, its table and its controls.
  const number = new Intl.NumberFormat("de-DE", { maximumFractionDigits: 0 });
  const one = new Intl.NumberFormat("de-DE", { maximumFractionDigits: 1 });
  const cell = (row, tag, text, numeric) => {
    const item = document.createElement(tag);
    item.textContent = text;
    if (numeric) item.className = "n";
    row.append(item);
    return item;
  };
  const tableOf = (title, heads) => {
    const table = document.createElement("table");
    table.createCaption().textContent = title;
    const row = table.createTHead().insertRow();
    heads.forEach((text, n) => { cell(row, "th", text, n > 0 && text !== "nach").scope = "col"; });
    return [table, table.createTBody()];
  };
  const more = (shown, all, what) => {
    const line = document.createElement("p");
    line.className = "note";
    line.textContent = `Gezeigt sind ${number.format(shown)} von ${number.format(all)} ${what}.`;
    return line;
  };
  // A shared version keeps small numbers back.
  const used = (item) => item.u[state.monat] === null ? "•" : number.format(item.u[state.monat]);
  const wanted = (item, name) => (state.art === "alle" || item.art === state.art)
    && (!state.schule || name === state.schule);
  const fillSchools = () => {
    const t = state.monat;
    const [table, body] = tableOf(`Schulen im ${data.monate[t]}, die vollsten zuerst`,
      ["Schule", "Klassen", "belegt", "Plätze", "Auslastung"]);
    const share = (item) => item.p[t] ? item.u[t] / item.p[t] : Infinity;
    const found = data.schulen
      .filter((item) => wanted(item, item.Schule) && (item.p[t] || item.u[t] >= 0.05))
      .sort((a, b) => share(b) - share(a) || b.p[t] - a.p[t]);
    for (const item of found.slice(0, MOST_SCHOOLS)) {
      const row = body.insertRow();
      cell(row, "th", item.Schule).scope = "row";
      cell(row, "td", number.format(item.k[t]), true);
      cell(row, "td", used(item), true);
      cell(row, "td", number.format(item.p[t]), true);
      const tone = "-?".includes(item.c[t]) ? "none" : "use" + item.c[t];
      cell(row, "td", item.q[t] === null ? "–" : item.q[t] + " %", true).classList.add(tone);
    }
    const parts = [table];
    if (found.length > MOST_SCHOOLS) parts.push(more(MOST_SCHOOLS, found.length, "Schulen"));
    if (!found.length) parts.push(Object.assign(document.createElement("p"), { textContent: "Keine Schule mit VKA." }));
    byId("karte-tabelle").replaceChildren(...parts);
  };
  const fillWays = () => {
    const t = state.monat;
    if (!state.wege || data.ohneWege) { byId("wege-tabelle").replaceChildren(); return; }
    const [table, body] = tableOf(`Wege der neuen Kinder bis ${data.monate[t]}, im Mittel`,
      ["von", "nach", "Kinder", "Minuten"]);
    const found = ways.filter((item) => wanted(item, item.nach) && item.n[t] >= 0.5)
      .sort((a, b) => b.n[t] - a.n[t]);
    for (const item of found.slice(0, MOST_WAYS)) {
      const row = body.insertRow();
      cell(row, "th", item.von).scope = "row";
      cell(row, "td", item.nach);
      cell(row, "td", one.format(item.n[t]), true);
      cell(row, "td", number.format(item.min), true);
    }
    const parts = [table];
    if (found.length > MOST_WAYS) parts.push(more(MOST_WAYS, found.length, "Wegen"));
    if (!found.length) parts.push(Object.assign(document.createElement("p"), { textContent: "Bis dahin kommt auf keinem Weg ein halbes Kind oder mehr." }));
    byId("wege-tabelle").replaceChildren(...parts);
  };
  // The sentence for a screen reader follows when the slider rests, not at every step.
  let waiting = 0;
  const tell = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const t = state.monat, item = data.schulen.find((row) => row.Schule === state.schule);
      const sum = data.summen[state.art] || data.summen.alle;
      byId("karte-stand").textContent = `${data.monate[t]}: ` + (item
        ? `${item.Schule}, ${used(item)} von ${number.format(item.p[t])} Plätzen belegt`
        : sum[t]) + ".";
    }, 300);
  };
  const send = (view) => {
    for (const key of Object.keys(state)) view.signal(key, state[key]);
    return view.runAsync();
  };
  let asked = false;
  const apply = () => {
    const name = data.monate[state.monat];
    byId("monatsname").textContent = name;
    byId("monat").setAttribute("aria-valuetext", name);
    if (asked) return;
    asked = true;
    requestAnimationFrame(async () => {
      asked = false;
      fillSchools();
      fillWays();
      tell();
      if (views.karte) send(await views.karte);
    });
  };
  const connect = (view) => {
    view.addEventListener("click", (_, item) => {
      const name = item && item.datum && item.datum.Schule;
      if (!name) return;
      state.schule = state.schule === name ? "" : name;
      byId("schule").value = state.schule;
      if (state.schule) state.wege = byId("wege").checked = true;
      apply();
    });
    send(view);
  };
  const controls = { monat: byId("monat"), art: byId("art"), schule: byId("schule"), wege: byId("wege") };
  controls.monat.value = String(state.monat);
  controls.art.value = "alle";
  controls.schule.value = "";
  controls.wege.checked = false;
  controls.wege.disabled = !charts.karte;
  controls.monat.addEventListener("input", () => { state.monat = Number(controls.monat.value); apply(); });
  controls.art.addEventListener("change", () => { state.art = controls.art.value; apply(); });
  controls.wege.addEventListener("change", () => { state.wege = controls.wege.checked; apply(); });
  controls.schule.addEventListener("change", () => {
    state.schule = controls.schule.value;
    if (state.schule && charts.karte) state.wege = controls.wege.checked = true;
    apply();
  });
  byId("kartenwahl").addEventListener("submit", (event) => event.preventDefault());
  fillSchools();
  byId("karte-stand").textContent = `${data.monate[state.monat]}: ${data.summen.alle[state.monat]}.`;

  // On paper everything is drawn, and open what is not long.
  window.berichtDruckfertig = async () => { await Promise.all(places.map(draw)); return true; };
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not(.long):not([open])")];
    opened.forEach((item) => { item.open = true; });
    window.berichtDruckfertig();
  });
  window.addEventListener("afterprint", () => opened.forEach((item) => { item.open = false; }));
})();
