"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* not kept */ } },
  };
  const own = `mi-lint:${document.body.dataset.key}:`;

  const theme = one("#theme");
  const paint = () => { document.documentElement.dataset.theme = theme.value; };
  theme.value = store.get("mi-lint:theme") || "";
  theme.addEventListener("change", () => { store.set("mi-lint:theme", theme.value); paint(); });
  paint();

  const filter = one("#filter");
  const findings = all(".finding");
  const groups = all(".group");
  const texts = new Map(groups.map((group) => [group, group.textContent.toLowerCase()]));
  const apply = () => {
    const chosen = new FormData(filter);
    const words = chosen.get("text").toLowerCase().split(/\s+/).filter(Boolean);
    const service = chosen.get("service");
    const severities = new Set(chosen.getAll("severity"));
    const applicabilities = new Set(chosen.getAll("applicability"));
    let shown = 0;
    for (const element of findings) {
      const data = element.dataset;
      const text = texts.get(element.closest(".group"));
      const fits = (!service || data.service === service) && severities.has(data.severity)
        && applicabilities.has(data.applicability) && words.every((word) => text.includes(word));
      element.hidden = !fits;
      shown += fits;
    }
    for (const group of groups) group.hidden = !one(".finding:not([hidden])", group);
    one("#count").textContent = shown === findings.length
      ? `${shown} finding${shown === 1 ? "" : "s"}` : `${shown} of ${findings.length} findings`;
  };
  filter.addEventListener("input", apply);
  filter.addEventListener("submit", (event) => event.preventDefault());
  filter.addEventListener("reset", () => setTimeout(apply));
  const openAll = (open) => { for (const group of groups) if (!group.hidden) group.open = open; };
  one("#open").addEventListener("click", () => openAll(true));
  one("#close").addEventListener("click", () => openAll(false));
  addEventListener("beforeprint", () => openAll(true));

  const tasks = all("[data-task]");
  const tally = () => {
    const done = tasks.filter((task) => task.checked).length;
    one("#bar").max = tasks.length;
    one("#bar").value = done;
    one("#done").textContent = `${done} of ${tasks.length} steps done`;
  };
  for (const task of tasks) {
    task.checked = store.get(own + task.dataset.task) === "1";
    task.addEventListener("change", () => { store.set(own + task.dataset.task, task.checked ? "1" : ""); tally(); });
  }
  one("#clear").addEventListener("click", () => {
    for (const task of tasks) { task.checked = false; store.set(own + task.dataset.task, ""); }
    tally();
  });
  tally();

  for (const element of [one("#colours"), filter, ...(tasks.length ? [one("#progress")] : [])]) element.hidden = false;
  apply();
})();
