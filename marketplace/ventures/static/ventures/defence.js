/* The clock of a defence: counts down to the moment in data-until. Without a script the page says until when it runs. */
(function () {
  "use strict";
  function two(value) { return value < 10 ? "0" + value : String(value); }
  function tick() {
    document.querySelectorAll("[data-until]").forEach(function (mark) {
      var left = Math.round((Date.parse(mark.dataset.until) - Date.now() - shift) / 1000);
      var size = Math.abs(left);
      mark.textContent = (left < 0 ? "+" : "") + two(Math.floor(size / 60)) + ":" + two(size % 60);
      mark.classList.toggle("failed", left < 0);
    });
  }
  // The marketplace's clock may differ from this machine's: the page says what it was when it was made.
  var made = document.querySelector("[data-now]");
  var shift = made ? Date.parse(made.dataset.now) - Date.now() : 0;
  tick();
  window.setInterval(tick, 1000);
})();
