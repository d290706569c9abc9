/* The scoring screen: each choice saves itself, keys choose and go on. Without a script the buttons do the same. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-scoring]");
  if (!form) return;
  var rows = Array.from(form.querySelectorAll(".score-row"));
  var status = form.querySelector("[data-score-status]");
  var nextButton = form.querySelector("button[name=next]");
  var changed = new Set();
  var busy = false;
  var leaving = false;
  var timer = null;

  form.classList.add("has-keys");
  form.querySelector(".keys").hidden = false;

  // Saving: only the criteria that changed are sent, so that two open windows do not undo each other.
  function later(wait) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, wait);
  }
  function say(text, failed) {
    status.textContent = text;
    status.classList.toggle("failed", Boolean(failed));
  }
  function save() {
    if (busy || leaving || !changed.size) return;
    busy = true;
    var sent = Array.from(changed);
    changed.clear();
    var all = new FormData(form);
    var data = new FormData();
    data.set("csrfmiddlewaretoken", all.get("csrfmiddlewaretoken"));
    data.set("action", "autosave");
    sent.forEach(function (key) {
      ["c" + key, "n" + key].forEach(function (name) { if (all.has(name)) data.set(name, all.get(name)); });
    });
    say(form.dataset.saving);
    window.fetch(form.action, { method: "POST", body: data, credentials: "same-origin" })
      .then(function (answer) {
        return answer.json().then(function (saved) {
          if (answer.ok) show(saved);
          else say(saved.text, true);
        });
      })
      .catch(function () {
        sent.forEach(function (key) { changed.add(key); });
        say(form.dataset.failed, true);
        later(5000);
      })
      .finally(function () {
        busy = false;
        if (changed.size && !status.classList.contains("failed")) later(200);
      });
  }
  function show(saved) {
    say(saved.text);
    form.querySelector("[data-done]").textContent = saved.done;
    document.querySelector("[data-scored]").value = saved.scored;
    document.querySelector("[data-scored-text]").textContent = saved.scored_text;
    document.querySelector("[data-complete-text]").textContent = saved.complete_text;
    var own = document.querySelector(".score-nav [aria-current]");
    own.querySelector(".done-of").textContent = saved.done + "/" + rows.length;
    own.classList.toggle("done", saved.done === rows.length);
    own.classList.toggle("soon", saved.done > 0 && saved.done < rows.length);
  }
  form.addEventListener("input", function (event) {
    var row = event.target.closest(".score-row");
    if (!row) return;
    changed.add(row.dataset.criterion);
    later(event.target.type === "radio" ? 300 : 1500);
  });
  form.addEventListener("submit", function () { leaving = true; });
  window.addEventListener("pageshow", function () { leaving = false; });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && (busy || changed.size)) event.preventDefault();
  });

  // Moving: a criterion is «open» while nothing is chosen in it.
  function radios(index) { return Array.from(rows[index].querySelectorAll("input[type=radio]")); }
  function chosen(index) { return radios(index).find(function (radio) { return radio.checked; }); }
  function current() {
    var row = document.activeElement && document.activeElement.closest(".score-row");
    return row ? rows.indexOf(row) : -1;
  }
  function go(index) {
    var place = Math.max(0, Math.min(rows.length - 1, index));
    (chosen(place) || radios(place)[0]).focus({ preventScroll: true });
    rows[place].scrollIntoView({ block: "start" });
  }
  function onward(index) {
    for (var step = 1; step <= rows.length; step += 1) {
      var place = (index + step) % rows.length;
      if (!chosen(place)) { go(place); return; }
    }
    form.requestSubmit(nextButton);
  }
  function choose(index, digit) {
    var radio = radios(index)[digit - 1];
    if (!radio) return;
    radio.checked = true;
    radio.focus({ preventScroll: true });
    radio.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function openPaper(index) {
    var paper = rows[index].querySelector("details.paper");
    if (paper) paper.open = !paper.open;
  }

  // Only while the focus is inside a criterion, so that no key surprises anybody elsewhere.
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      save();
      return;
    }
    var index = current();
    if (index < 0 || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    var tag = event.target.tagName;
    if (event.target.type === "text") {
      if (event.key === "Enter") { event.preventDefault(); onward(index); }
      if (event.key === "Escape") go(index);
      return;
    }
    if (/^[1-9]$/.test(event.key)) choose(index, Number(event.key));
    else if (event.key === "n") go(index + 1);
    else if (event.key === "p") go(index - 1);
    else if (event.key === "o") openPaper(index);
    else if (event.key === "m") rows[index].querySelector("input[type=text]").focus();
    else if (event.key === "Enter" && tag !== "A" && tag !== "SUMMARY") onward(index);
    else return;
    event.preventDefault();
  });

  // Whoever comes by «next» starts at the first open criterion, with the keys in reach. The browser goes to the
  // anchor by itself once the page is there, and takes the focus away: so after that.
  window.addEventListener("load", function () {
    var start = rows.findIndex(function (row) { return "#" + row.id === window.location.hash; });
    if (start >= 0) window.setTimeout(go, 0, start);
  });
})();
