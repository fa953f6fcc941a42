// Puts what is recorded on top of the page while it happens, and says when access is over. A browser that lost the
// connection comes back by itself and says which index of the log it has; where it gives up, because a proxy answered while
// the server was away, this script begins anew from there. Without it the page is as new as its last reload.
"use strict";
(() => {
  const body = document.getElementById("live");
  const state = document.getElementById("live-state");
  const pause = document.getElementById("live-pause");
  const MOST = 500;
  const SOON = 2000;
  const SLOWEST = 60000;
  let next = Number(body.dataset.from);
  let pauseBefore = SOON;
  let waiting = [];

  const cell = (row, ...texts) => {
    const td = row.insertCell();
    texts
      .filter(([, text]) => text)
      .forEach(([tag, text], n) => {
        if (n > 0) {
          td.append(tag === "span" ? " " : document.createElement("br"));
        }
        const part = document.createElement(tag);
        part.append(text);
        td.append(part);
      });
    return td;
  };

  // Words of the engineer: those that mix alphabets are marked, as on every page.
  const written = (parts, shortened) => {
    const words = document.createElement("code");
    words.className = "written";
    parts.forEach((part) => {
      const piece = document.createElement(part.marked ? "mark" : "span");
      piece.textContent = part.text;
      words.append(piece);
    });
    if (shortened) {
      words.append(" …");
    }
    return words;
  };

  const icon = (name) => {
    const namespace = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(namespace, "svg");
    const use = document.createElementNS(namespace, "use");
    picture.setAttribute("class", "icon");
    picture.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${body.dataset.icons}#${name}`);
    picture.append(use);
    return picture;
  };

  // What a statement was marked as stays its mark, if its result has none.
  const outcome = (td, line, words) => {
    const marked = td.querySelector(".outcome");
    td.replaceChildren(words);
    if (line.mark && !(marked && marked.classList.contains("blocked"))) {
      const mark = document.createElement("span");
      mark.className = line.blocked ? "outcome blocked tone-bad" : "outcome tone-care";
      mark.append(icon(line.blocked ? "ban" : "triangle-alert"), line.mark);
      td.prepend(mark, " ");
    } else if (marked) {
      td.prepend(marked, " ");
    }
  };

  const finish = (line) => {
    const row = line.result && [...body.rows].find((one) => one.dataset.statement === line.statement);
    if (!row) {
      return false;
    }
    row.classList.toggle("blocked", line.blocked || row.classList.contains("blocked"));
    outcome(row.cells[2], line, line.words);
    return true;
  };

  const show = (line) => {
    if (finish(line)) {
      return;
    }
    const row = body.insertRow(0);
    row.dataset.statement = line.statement;
    row.classList.toggle("blocked", line.blocked);
    cell(row, ["span", line.at], ["small", line.statement || line.session]);
    const what = cell(row, ["strong", line.kind], ["span", line.words]);
    if (line.text.length > 0) {
      what.append(document.createElement("br"), written(line.text, line.shortened));
    }
    if (line.prepared.length > 0) {
      what.append(document.createElement("br"), written(line.prepared, line.preparedShortened));
    }
    outcome(row.insertCell(), line, line.outcome);
    cell(row, ["span", String(line.index)]).dataset.label = body.dataset.index;
    while (body.rows.length > MOST) {
      body.deleteRow(-1);
    }
  };

  pause.hidden = false;
  pause.addEventListener("click", () => {
    const pressed = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", String(pressed));
    if (!pressed) {
      waiting.forEach(show);
      waiting = [];
    }
  });

  const over = (event) => {
    const now = JSON.parse(event.data);
    const badge = document.getElementById("live-badge");
    badge.className = `state ${now.state} tone-plain`;
    badge.textContent = now.words;
    const title = document.getElementById("live-title");
    title.textContent = title.dataset.over;
    state.dataset.on = state.dataset.over;
    state.textContent = state.dataset.over;
    document.querySelectorAll("[data-while-open]").forEach((part) => part.remove());
  };

  const take = (event) => {
    const line = JSON.parse(event.data);
    next = line.index + 1;
    if (pause.getAttribute("aria-pressed") === "true") {
      waiting.push(line);
    } else {
      show(line);
    }
  };

  let source;
  const connect = () => {
    source = new EventSource(`${body.dataset.stream}?from=${next}`);
    source.addEventListener("open", () => {
      pauseBefore = SOON;
      state.textContent = state.dataset.on;
    });
    source.addEventListener("error", () => {
      state.textContent = state.dataset.off;
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(connect, pauseBefore);
        pauseBefore = Math.min(2 * pauseBefore, SLOWEST);
      }
    });
    source.addEventListener("message", take);
    source.addEventListener("over", over);
  };
  connect();
  addEventListener("pagehide", () => source.close());
})();
