"use strict";
(function () {
  var data = JSON.parse(document.getElementById("scenes").textContent);
  var table = {};
  data.scenes.forEach(function (scene) { table[scene.key] = scene.values; });
  var form = document.getElementById("switch-form");
  function chosen(name) {
    var picked = form.querySelector('input[name="' + name + '"]:checked');
    return picked ? picked.value : "";
  }
  function show() {
    var key = [chosen("spending")].concat(data.regimes.map(function (_, at) { return chosen("regime-" + at); })).join("|");
    var values = table[key];
    Object.keys(values).forEach(function (name) {
      values[name].forEach(function (text, at) {
        document.getElementById("cell-" + name + "-" + at).textContent = text;
      });
    });
  }
  form.addEventListener("change", show);
  form.hidden = false;
  show();
})();
