"use strict";
(function () {
  var folds = Array.prototype.slice.call(document.querySelectorAll("details"));
  var button = document.getElementById("unfold");
  function reveal() {
    var target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
    }
    if (target) { target.scrollIntoView(); }
  }
  function label() {
    button.textContent = folds.every(function (fold) { return fold.open; }) ? button.dataset.close : button.dataset.open;
  }
  window.addEventListener("hashchange", reveal);
  if (window.location.hash) { reveal(); }
  if (!button) { return; }
  button.addEventListener("click", function () {
    var open = !folds.every(function (fold) { return fold.open; });
    folds.forEach(function (fold) { fold.open = open; });
    label();
  });
  folds.forEach(function (fold) { fold.addEventListener("toggle", label); });
  document.getElementById("folding").hidden = false;
})();
