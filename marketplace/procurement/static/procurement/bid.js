/* A bid's steps: saved by themselves, uploads with a progress line; the line of the sealing. All works without. */
(function () {
  "use strict";
  if (!window.FormData || !window.fetch) return;
  start();
  watch();

  // The sealing: the line moves by itself; the page is loaded once more when all is done.
  function watch() {
    var line = document.querySelector("[data-sealing]");
    if (!line) return;
    fetch(line.dataset.sealing, { headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" })
      .then(function (response) { return response.json(); })
      .then(function (now) {
        if (now.status !== "sealing") { location.reload(); return; }
        line.max = now.total;
        line.value = now.sealed;
        var text = document.querySelector("[data-sealing-text]");
        var words = text.dataset.words.replace("{sealed}", now.sealed).replace("{total}", now.total);
        if (text.textContent !== words) text.textContent = words;
        window.setTimeout(watch, 1000);
      })
      .catch(function () { window.setTimeout(watch, 3000); });
  }

  function start() {
    var form = document.querySelector("form[data-bid-step]");
    if (!form) return;
    var bar = form.querySelector("[data-upload-progress]");
    var text = form.querySelector("[data-upload-text]");
    var state = form.querySelector("[data-save-state]");
    var sending = false, timer = null, waiting = null, again = false;

    // What was asked for while another post was on its way is done after it, never dropped.
    function finished() {
      sending = false;
      if (waiting) { var next = waiting; waiting = null; next(); return; }
      if (again) { again = false; autosave(); }
    }

    function hasFiles() {
      return Array.prototype.some.call(form.querySelectorAll("input[type=file]"), function (input) { return input.files.length; });
    }

    function withoutFiles() {
      var data = new FormData(form);
      form.querySelectorAll("input[type=file], select[name^=own-]").forEach(function (input) { data.delete(input.name); });
      return data;
    }

    function autosave() {
      if (sending) { again = true; return; }
      sending = true;
      fetch(form.action || location.href, { method: "POST", body: withoutFiles(), headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" })
        .then(function (response) { return response.json().then(function (answer) { return { ok: response.ok, answer: answer }; }); })
        .then(function (result) {
          if (result.ok) {
            var version = form.querySelector("[name=version]");
            if (version) version.value = result.answer.version;
            state.textContent = state.dataset.saved;
          } else {
            state.textContent = result.answer.errors.join(" ");
          }
        })
        .catch(function () { state.textContent = state.dataset.failed; })
        .then(finished);
    }

    if (form.hasAttribute("data-autosave")) {
      form.addEventListener("input", function (event) {
        if (event.target.type === "file" || event.target.name.indexOf("own-") === 0) return;
        window.clearTimeout(timer);
        timer = window.setTimeout(autosave, 1500);
      });
    }

    // Files go with a progress line; a broken connection leaves the page with everything that was typed and chosen.
    form.addEventListener("submit", function (event) {
      window.clearTimeout(timer);
      again = false;
      if (!hasFiles() && !sending) return;
      event.preventDefault();
      event.stopPropagation();
      var button = event.submitter;
      if (!sending) { upload(button); return; }
      waiting = function () { if (hasFiles()) upload(button); else form.requestSubmit(button || undefined); };
    }, true);

    function upload(button) {
      sending = true;
      var request = new XMLHttpRequest();
      var data = new FormData(form);
      if (button && button.name) data.append(button.name, button.value);
      bar.hidden = false;
      request.upload.addEventListener("progress", function (progress) {
        if (!progress.lengthComputable) return;
        var share = Math.round(100 * progress.loaded / progress.total);
        bar.querySelector("progress").value = share;
        text.textContent = share < 100 ? share + " %" : text.dataset.done;
      });
      request.addEventListener("load", function () {
        finished();
        if (request.status === 200 && request.responseURL && request.responseURL !== location.href) { location.href = request.responseURL; return; }
        if (request.status === 200) { location.reload(); return; }
        show(request.responseText);
      });
      request.addEventListener("error", function () { finished(); text.textContent = text.dataset.failed; });
      request.open("POST", form.action || location.href);
      request.send(data);
    }
  }

  // A refusal brings the same page with what was typed and why: it takes the place of what is shown.
  function show(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html").getElementById("main");
    if (!fresh) { location.reload(); return; }
    document.getElementById("main").replaceWith(fresh);
    start();
    var wrong = fresh.querySelector("#errors, .errorlist, [role=alert]");
    if (wrong) { wrong.setAttribute("tabindex", "-1"); wrong.focus(); }
  }
})();
