/* A bid's steps: saved by themselves, uploads with a progress line. Without it the same forms work by themselves. */
(function () {
  "use strict";
  if (!window.FormData || !window.fetch) return;
  start();
  follow();

  // While the worker seals the files the page follows it, and shows the next step by itself when all are sealed.
  function follow() {
    var box = document.querySelector("[data-sealing]");
    if (!box) return;
    var timer = window.setInterval(function () {
      fetch(box.dataset.sealing, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (response) { return response.json(); })
        .then(function (state) {
          box.querySelector("progress").value = state.sealed;
          if (state.status === "sealing") return;
          window.clearInterval(timer);
          location.reload();
        })
        .catch(function () { /* the connection is away: the next round asks again */ });
    }, 2000);
  }

  function start() {
    var form = document.querySelector("form[data-bid-step]");
    if (!form) return;
    var bar = form.querySelector("[data-upload-progress]");
    var text = form.querySelector("[data-upload-text]");
    var state = form.querySelector("[data-save-state]");
    var sending = false, timer = null;

    function hasFiles() {
      return Array.prototype.some.call(form.querySelectorAll("input[type=file]"), function (input) { return input.files.length; });
    }

    function withoutFiles() {
      var data = new FormData(form);
      form.querySelectorAll("input[type=file], select[name^=own-]").forEach(function (input) { data.delete(input.name); });
      return data;
    }

    function autosave() {
      if (sending) return;
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
        .then(function () { sending = false; });
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
      if (!hasFiles()) return;
      event.preventDefault();
      event.stopPropagation();
      if (sending) return;
      sending = true;
      var request = new XMLHttpRequest();
      var data = new FormData(form);
      if (event.submitter && event.submitter.name) data.append(event.submitter.name, event.submitter.value);
      bar.hidden = false;
      request.upload.addEventListener("progress", function (progress) {
        if (!progress.lengthComputable) return;
        var share = Math.round(100 * progress.loaded / progress.total);
        bar.querySelector("progress").value = share;
        text.textContent = share < 100 ? share + " %" : text.dataset.done;
      });
      request.addEventListener("load", function () {
        sending = false;
        if (request.status === 200 && request.responseURL && request.responseURL !== location.href) { location.href = request.responseURL; return; }
        if (request.status === 200) { location.reload(); return; }
        show(request.responseText);
      });
      request.addEventListener("error", function () { sending = false; text.textContent = text.dataset.failed; });
      request.open("POST", form.action || location.href);
      request.send(data);
    }, true);
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
