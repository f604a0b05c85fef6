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
  function cell(name, at) { return document.getElementById(name + "-" + at); }
  function show() {
    var key = controls.map(chosen).join("|");
    var rows = data.scenes[key];
    var changed = key !== data.now;
    rows.forEach(function (row, at) {
      cell("mid", at).textContent = row[1];
      cell("span", at).textContent = row[0] + " to " + row[2];
      cell("range", at).style.left = row[3] + "%";
      cell("range", at).style.width = Math.max(row[5] - row[3], 0.5) + "%";
      cell("dot", at).style.left = row[4] + "%";
      cell("mid", at).classList.toggle("changed", changed && row[1] !== data.scenes[data.now][at][1]);
    });
    document.getElementById("switched").textContent = changed
      ? data.rows.map(function (row, at) { return row.label + ": " + rows[at][1]; }).join("; ") + "."
      : "The present world.";
  }
  form.addEventListener("change", show);
  form.addEventListener("reset", function () { window.setTimeout(show, 0); });
  form.hidden = false;
  show();
})();
