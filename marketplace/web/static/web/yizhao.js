/* Small helps on top of pages that work without them. */
(function () {
  "use strict";

  // A second press of a submit button does nothing while the first is under way.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    // A form that answers with a file leaves the page as it is: it may be sent again.
    window.setTimeout(function () { release(form); }, 8000);
  });
  function release(form) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(release);
  });

  // The list of what is wrong takes the focus, so that it is read first.
  var errors = document.getElementById("errors");
  if (errors) errors.focus();

  // One menu open at a time; Escape closes it.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.acting[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.acting[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // A save while typing that failed must not leave «saved» standing.
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = event.target.closest && event.target.closest("form[data-save-failed]");
      var state = form && form.querySelector("#save-state");
      if (state) state.textContent = form.dataset.saveFailed;
    });
  });

  // Lines that scroll sideways on a phone show where one is.
  document.querySelectorAll(".steps > [aria-current], .mainnav [aria-current], .areas [aria-current]").forEach(function (mark) {
    var line = mark.closest(".steps, .mainnav, .areas ul");
    var here = mark.getBoundingClientRect();
    var frame = line.getBoundingClientRect();
    line.scrollLeft += here.left + here.width / 2 - (frame.left + frame.width / 2);
  });

  // Print buttons exist only where a script can print.
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
