/* Forms marked data-autosave save themselves some seconds after a change. Without a script the save button does it.
   The address answers JSON: {text, version}; a version goes back into the form, the text to the status line. */
(function () {
  "use strict";
  document.querySelectorAll("form[data-autosave]").forEach(function (form) {
    var status = form.querySelector("[data-autosave-status]");
    var timer = null;
    var busy = false;
    form.addEventListener("input", function (event) {
      if (event.target.type === "file") return;
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 4000);
    });
    form.addEventListener("submit", function () { window.clearTimeout(timer); busy = true; });
    function save() {
      if (busy) return;
      busy = true;
      var data = new FormData(form);
      Array.from(data.entries()).forEach(function (pair) {
        if (pair[1] instanceof File) data.delete(pair[0]);
      });
      data.set("action", "autosave");
      window.fetch(form.action || window.location.href, { method: "POST", body: data, credentials: "same-origin" })
        .then(function (answer) { return answer.json(); })
        .then(function (saved) {
          var version = form.querySelector("input[name$='version']");
          if (saved.version && version) version.value = saved.version;
          if (status) status.textContent = saved.text;
        })
        .catch(function () { if (status) status.textContent = form.dataset.autosaveFailed || ""; })
        .finally(function () { busy = false; });
    }
  });
})();
