"use strict";
(function () {
  var holder = document.getElementById("scenes");
  var form = document.getElementById("switch-form");
  if (!holder || !form) { return; }
  var data = JSON.parse(holder.textContent);
  var controls = Array.prototype.map.call(form.querySelectorAll("fieldset"), function (set) {
    return set.querySelector("input").name;
  });
  function chosen(name) {
    var picked = form.querySelector('input[name="' + name + '"]:checked');
    return picked ? picked.value : "";
  }
  function cell(name, index) { return document.getElementById(name + "-" + index); }
  function show() {
    var key = controls.map(chosen).join("|");
    var rows = data.scenes[key];
    var changed = key !== data.now;
    rows.forEach(function (row, index) {
      cell("mid", index).textContent = row[0];
      cell("span", index).textContent = row[1];
      cell("range", index).style.left = row[2] + "%";
      cell("range", index).style.width = Math.max(row[4] - row[2], 0.5) + "%";
      cell("dot", index).style.left = row[3] + "%";
      cell("mid", index).classList.toggle("changed", changed && row[0] !== data.scenes[data.now][index][0]);
    });
    document.getElementById("switched").textContent = changed
      ? data.words.changed.replace(/\{(\d+)\}/g, function (mark, index) { return rows[index] ? rows[index][0] : mark; })
      : data.words.present;
  }
  form.addEventListener("change", show);
  form.addEventListener("reset", function () { window.setTimeout(show, 0); });
  form.hidden = false;
  show();
})();
