/* Keys for the scoring screen: digits choose a range, n and p change the criterion, Ctrl+S saves. Works without. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-scoring]");
  if (!form) return;
  var rows = Array.prototype.slice.call(form.querySelectorAll(".score-row"));
  var hint = form.querySelector(".keys");
  form.classList.add("has-keys");
  if (hint) hint.hidden = false;

  function current() {
    var row = document.activeElement && document.activeElement.closest(".score-row");
    return row ? rows.indexOf(row) : -1;
  }
  function go(index) {
    var row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    var target = row.querySelector("input[type=radio]:checked") || row.querySelector("input[type=radio]");
    if (target) target.focus();
    row.scrollIntoView({ block: "nearest" });
  }
  function choose(index, digit) {
    var radio = rows[index].querySelectorAll("input[type=radio]")[digit - 1];
    if (!radio || radio.disabled) return;
    radio.checked = true;
    radio.focus();
  }

  // Only while the focus is inside a criterion, so that no key surprises anybody elsewhere.
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    var index = current();
    var writing = event.target.type === "text" || event.target.tagName === "TEXTAREA";
    if (index < 0 || writing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^[1-9]$/.test(event.key)) {
      choose(index, Number(event.key));
    } else if (event.key === "n" || event.key === "p") {
      event.preventDefault();
      go(index + (event.key === "n" ? 1 : -1));
    }
  });
})();
