// Puts what is recorded on top of the page while it happens. A browser that lost the connection comes back by itself and
// says which index of the log it has; without this script the page is as new as its last reload.
"use strict";
(() => {
  const body = document.getElementById("live");
  const state = document.getElementById("live-state");
  const pause = document.getElementById("live-pause");
  const MOST = 500;
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
        part.textContent = text;
        if (tag === "code") {
          part.className = "written";
        }
        td.append(part);
      });
    return td;
  };

  const outcome = (td, blocked, words) => {
    td.replaceChildren(words);
    if (blocked) {
      const mark = document.createElement("span");
      mark.className = "state removalFailed";
      mark.textContent = state.dataset.blocked;
      td.prepend(mark, " ");
    }
  };

  const finish = (line) => {
    const row = line.result && [...body.rows].find((one) => one.dataset.statement === line.statement);
    if (!row) {
      return false;
    }
    row.classList.toggle("blocked", line.blocked || row.classList.contains("blocked"));
    outcome(row.cells[2], row.classList.contains("blocked"), line.words);
    return true;
  };

  const show = (line) => {
    if (finish(line)) {
      return;
    }
    const row = body.insertRow(0);
    row.dataset.statement = line.statement;
    row.classList.toggle("blocked", line.blocked);
    cell(row, ["span", line.at], ["small", line.session]);
    cell(row, ["strong", line.kind], ["span", line.words], ["code", line.text]);
    outcome(row.insertCell(), line.blocked, line.outcome);
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

  const source = new EventSource(body.dataset.stream);
  source.addEventListener("open", () => (state.textContent = state.dataset.on));
  source.addEventListener("error", () => (state.textContent = state.dataset.off));
  source.addEventListener("message", (event) => {
    const line = JSON.parse(event.data);
    if (pause.getAttribute("aria-pressed") === "true") {
      waiting.push(line);
    } else {
      show(line);
    }
  });
  addEventListener("pagehide", () => source.close());
})();
