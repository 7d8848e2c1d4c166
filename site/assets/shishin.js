// A table wider than its box can be scrolled by the keyboard too; one that fits stays out of the way of the Tab key.
(() => {
  const boxes = document.querySelectorAll(".gl-box, .gl-picture");
  const watch = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      if (target.scrollWidth > target.clientWidth + 1) {
        target.tabIndex = 0;
        target.setAttribute("role", "region");
        target.setAttribute("aria-label", "横に動かして読む部分");
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
      }
    }
  });
  for (const box of boxes) watch.observe(box);
})();

// One of several editions: what became of it, and the way to the same item of another, as ../versions.json tells today.
// A browser doesn't let a page from a folder read files; there the words stay as they were when it was published.
(() => {
  const holder = document.querySelector(".gl-published");
  const node = (name, properties, ...inner) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...inner);
    return made;
  };
  if (!holder) return;
  const { edition, page, status } = holder.dataset;
  const above = new URL(`${holder.dataset.root}/../`, location.href);
  const told = holder.querySelector(".gl-said");
  if (new URLSearchParams(location.search).has("gone"))
    holder.append(node("p", { className: "gl-banner", role: "status" }, "お探しの項目は、この版にはありません。「探す」か「目次」から、近い項目をお探しください。"));
  if (!location.protocol.startsWith("http")) return;

  const read = async (path) => {
    const answer = await fetch(new URL(path, above));
    if (!answer.ok) throw new Error(`${answer.status} ${path}`);
    return answer.json();
  };

  // The item is the place read now, else the page's own; an item's part is known by what stands before "--".
  const here = () => {
    const hash = decodeURIComponent(location.hash.slice(1));
    const own = document.querySelector("article h1[id]")?.id ?? "";
    return [hash, hash.split("--")[0], own, own.split("--")[0]].filter(Boolean);
  };
  const way = ({ items, pages }, moved) => {
    for (const id of here()) {
      const found = [id, moved[id]].find((one) => Object.hasOwn(items, one));
      if (found) return items[found];
    }
    return pages.includes(page) ? page : "index.html?gone";
  };

  const become = (versions) => {
    const own = versions.find(({ version }) => version === edition);
    const latest = versions.find(({ aliases }) => aliases.includes("latest"));
    if (!own || !latest) return;
    const { status: state, status_label: now, draft, dates_label: dates } = own.properties;
    const older = versions.indexOf(own) > versions.indexOf(latest);
    const said = JSON.parse(holder.querySelector("script").textContent)[now] ?? "";
    const words = [state === "abolished" && dates.abolished ? `この版は${dates.abolished}に廃止されました。` : said];
    if (own !== latest) {
      const link = node("a", { href: new URL(`latest/${page}`, above).href + location.hash }, latest.title);
      addEventListener("hashchange", () => (link.hash = location.hash));
      words.push(state === "abolished" ? "最新は " : older ? "これは古い版です。最新は " : "今の版は ", link, " です。");
    }
    holder.querySelector(".gl-badge").textContent = older && !draft && state !== "abolished" ? "旧版" : now;
    if (now !== status || own !== latest || state === "abolished") told.replaceChildren(...words);
  };

  const offer = (versions) => {
    const list = node("ul", {});
    const known = {}; // what an edition holds, asked for once
    const finders = [];
    for (const { version, title, aliases, properties } of versions) {
      const link = node("a", { href: new URL(`${version}/index.html`, above).href }, title);
      if (version === edition) link.setAttribute("aria-current", "true");
      const target = async () => {
        known[version] ??= read(`${version}/items.json`);
        link.href = new URL(`${version}/${way(await known[version], properties.moved)}`, above).href;
      };
      link.addEventListener("click", async (event) => {
        if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        await target().catch(() => {});
        location.assign(link.href);
      });
      finders.push(target);
      const mark = aliases.includes("latest") ? [" ", node("span", { className: "gl-badge" }, "最新")] : [];
      list.append(node("li", {}, link, ...mark));
    }
    const name = node("summary", {}, "版", node("span", {}, `：${versions.find(({ version }) => version === edition)?.title ?? ""}`));
    const box = node("details", { className: "gl-switch" }, name, list);
    box.addEventListener("toggle", () => {
      if (box.open) for (const find of finders) find().catch(() => {});
    });
    addEventListener("click", ({ target }) => box.contains(target) || (box.open = false));
    box.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || !box.open) return;
      box.open = false;
      name.focus();
    });
    document.querySelector(".md-header__title")?.after(box);
  };

  read("versions.json")
    .then((versions) => {
      become(versions);
      offer(versions);
    })
    .catch((wrong) => console.info(wrong)); // a copy of one edition without the others beside it
})();
