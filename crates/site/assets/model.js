// The sliders of the page of the model. Times, FLOPs and bytes are those of the grid; here they are divided by each other and drawn.
"use strict";

(() => {
  const grid = window.rooflabGrid;
  const explorer = document.getElementById("explorer");
  if (!grid || !explorer || grid.settings.length === 0) return;
  const SVG = "http://www.w3.org/2000/svg";
  const AXES = ["batch", "kv", "tp", "bandwidth"];
  const element = (id) => document.getElementById(id);
  const select = element("setting");
  const sliders = Object.fromEntries(AXES.map((axis) => [axis, element(axis)]));

  const digits = (value, count) => Number(value.toPrecision(count)).toLocaleString("en-US", { maximumSignificantDigits: count });
  const PREFIXES = [[1e18, "E"], [1e15, "P"], [1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]];
  const withPrefix = (value, unit) => {
    const [factor, prefix] = PREFIXES.find(([factor]) => value >= factor) || [1, ""];
    return `${digits(value / factor, 4)} ${prefix}${unit}`;
  };
  const microseconds = (value) => `${digits(value, 6)} us`;

  const setting = () => grid.settings[Number(select.value)];
  const valuesOf = (axis) => {
    const { batch, kv, tensor_parallel: tp, bandwidth_efficiency: bandwidth } = setting();
    return { batch, kv, tp, bandwidth }[axis];
  };

  // A step of the grid by its places on the axes.
  const stepAt = (at) => {
    const of = setting();
    const row = (at.tp * of.bandwidth_efficiency.length + at.bandwidth) * of.batch.length + at.batch;
    const [gemm, attention, memory, step] = of.cells[row * of.kv.length + at.kv];
    const [flops, bytes] = of.work[at.batch * of.kv.length + at.kv];
    return { gemm, attention, memory, step, flops, bytes, intensity: flops / bytes, rate: flops / (step * 1e-6) };
  };

  const draw = (parent, name, attributes, title) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (title !== undefined) {
      const words = document.createElementNS(SVG, "title");
      words.textContent = title;
      node.append(words);
    }
    parent.append(node);
    return node;
  };
  const write = (parent, x, y, text, attributes = {}) => {
    draw(parent, "text", { x, y, ...attributes }).textContent = text;
  };
  const picture = (id, width, height, label) => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    element(id).replaceChildren(svg);
    return svg;
  };

  // As wide as there is room for, so that words keep their size in a narrow window.
  const widthOf = (id) => Math.min(Math.max(element(id).clientWidth, 340), 832);

  // The axes cover every step of the setting, so that marks move and axes do not.
  const rangeOf = () => {
    const of = setting();
    const intensities = of.work.map(([flops, bytes]) => flops / bytes);
    const most = of.peak_flops_per_s * Math.max(...of.tensor_parallel);
    const ridge = of.peak_flops_per_s / (of.bandwidth_bytes_per_s * Math.min(...of.bandwidth_efficiency));
    const low = Math.min(...intensities);
    const slowest = of.bandwidth_bytes_per_s * Math.min(...of.bandwidth_efficiency) * low;
    const floor = (value) => Math.floor(Math.log10(value));
    const ceiling = (value) => Math.ceil(Math.log10(value));
    return { x: [floor(low), ceiling(Math.max(ridge * 1.5, ...intensities))], y: [floor(slowest), ceiling(most)] };
  };

  const drawRoofline = (at, step) => {
    const of = setting();
    const width = widthOf("roofline"), height = 430, left = 92, right = 20, top = 16, bottom = 52;
    const range = rangeOf();
    const place = (value, [from, to], start, length) => start + (Math.log10(value) - from) / (to - from) * length;
    const x = (value) => place(value, range.x, left, width - left - right);
    const y = (value) => place(value, range.y, height - bottom, -(height - top - bottom));
    const tp = of.tensor_parallel[at.tp];
    const peak = of.peak_flops_per_s * tp;
    const reached = of.bandwidth_bytes_per_s * tp * of.bandwidth_efficiency[at.bandwidth];
    const svg = picture("roofline", width, height,
      `Roofline: FLOP/s over arithmetic intensity. The step is at ${digits(step.intensity, 4)} FLOP per byte and ${withPrefix(step.rate, "FLOP/s")}.`);
    for (let exponent = range.x[0]; exponent <= range.x[1]; exponent += 1) {
      const at = x(10 ** exponent);
      draw(svg, "path", { class: "grid", d: `M${at} ${top}V${height - bottom}` });
      write(svg, at, height - bottom + 18, digits(10 ** exponent, 3), { "text-anchor": "middle", class: "muted" });
    }
    for (let exponent = range.y[0]; exponent <= range.y[1]; exponent += 1) {
      const at = y(10 ** exponent);
      draw(svg, "path", { class: "grid", d: `M${left} ${at}H${width - right}` });
      write(svg, left - 8, at + 4, withPrefix(10 ** exponent, "FLOP/s"), { "text-anchor": "end", class: "muted" });
    }
    write(svg, (left + width - right) / 2, height - 10, "arithmetic intensity (FLOP per byte)", { "text-anchor": "middle" });
    const roof = (bandwidth) => {
      const start = Math.max(10 ** range.x[0], 10 ** range.y[0] / bandwidth);
      const ridge = peak / bandwidth;
      return `M${x(start)} ${y(start * bandwidth)}L${x(ridge)} ${y(peak)}`;
    };
    const whole = of.bandwidth_bytes_per_s * tp;
    draw(svg, "path", { class: "ghost", d: roof(whole) }, `memory roof at the peak bandwidth, ${withPrefix(whole, "B/s")}`);
    draw(svg, "path", { class: "roof", id: "memory-roof", d: roof(reached) }, `memory roof, ${withPrefix(reached, "B/s")}`);
    draw(svg, "path", { class: "roof", id: "compute-roof", d: `M${x(peak / reached)} ${y(peak)}H${width - right}` }, `compute roof, ${withPrefix(peak, "FLOP/s")}`);
    write(svg, width - right - 4, y(peak) - 7, `${withPrefix(peak, "FLOP/s")} peak`, { "text-anchor": "end" });
    const computed = step.flops / ((step.gemm + step.attention) * 1e-6);
    const mfu = `compute at the MFU of this step, ${withPrefix(computed, "FLOP/s")}, ${digits(100 * computed / peak, 3)} % of the peak`;
    draw(svg, "path", { class: "reach", id: "mfu-roof", d: `M${x(Math.max(10 ** range.x[0], computed / reached))} ${y(computed)}H${width - right}` }, mfu);
    write(svg, width - right - 4, y(computed) + 16, `${digits(100 * computed / peak, 3)} % MFU`, { "text-anchor": "end", class: "muted" });
    const ridge = peak / reached;
    draw(svg, "path", { class: "trail", d: `M${x(ridge)} ${y(peak)}V${height - bottom}` }, `ridge point, ${digits(ridge, 4)} FLOP per byte`);
    const isNearEdge = x(ridge) + 85 > width - right;
    write(svg, x(ridge) + (isNearEdge ? -5 : 5), height - bottom - 6, `ridge ${digits(ridge, 4)}`, { "text-anchor": isNearEdge ? "end" : "start", class: "muted" });
    const others = of.batch.map((batch, index) => ({ batch, ...stepAt({ ...at, batch: index }) }));
    draw(svg, "polyline", { class: "trail", points: others.map((other) => `${x(other.intensity)},${y(other.rate)}`).join(" ") });
    for (const other of others) {
      draw(svg, "circle", { class: "other", cx: x(other.intensity), cy: y(other.rate), r: 3.5 },
        `batch ${other.batch}: ${digits(other.intensity, 4)} FLOP per byte, ${withPrefix(other.rate, "FLOP/s")}, ${microseconds(other.step)}`);
    }
    draw(svg, "circle", { class: "step", id: "step-mark", cx: x(step.intensity), cy: y(step.rate), r: 8 },
      `this step: ${digits(step.intensity, 4)} FLOP per byte, ${withPrefix(step.rate, "FLOP/s")}, ${microseconds(step.step)}`);
  };

  const drawTimes = (step) => {
    const width = widthOf("times"), height = 92, left = 92, right = 110;
    const compute = step.gemm + step.attention;
    const most = Math.max(compute, step.memory, step.step);
    const long = (value) => (width - left - right) * value / most;
    const svg = picture("times", width, height,
      `Compute takes ${microseconds(compute)}: GEMMs ${microseconds(step.gemm)}, attention ${microseconds(step.attention)}. Memory takes ${microseconds(step.memory)}.`);
    write(svg, left - 8, 27, "compute", { "text-anchor": "end" });
    draw(svg, "rect", { class: "gemm", x: left, y: 12, width: long(step.gemm), height: 22 }, `GEMMs ${microseconds(step.gemm)}`);
    draw(svg, "rect", { class: "attention", x: left + long(step.gemm), y: 12, width: long(step.attention), height: 22 }, `attention ${microseconds(step.attention)}`);
    write(svg, left + long(compute) + 8, 27, microseconds(compute), { class: "muted" });
    write(svg, left + long(step.memory) + 8, 57, microseconds(step.memory), { class: "muted" });
    write(svg, left - 8, 57, "memory", { "text-anchor": "end" });
    draw(svg, "rect", { class: "memory", x: left, y: 42, width: long(step.memory), height: 22 }, `memory ${microseconds(step.memory)}`);
    let x = left;
    for (const [name, words] of [["gemm", "GEMMs"], ["attention", "attention"], ["memory", "bytes moved"]]) {
      draw(svg, "rect", { class: name, x, y: 75, width: 11, height: 11 });
      write(svg, x + 16, 85, words, { class: "muted" });
      x += Math.min(120, (width - left) / 3);
    }
  };

  const show = () => {
    const of = setting();
    const at = Object.fromEntries(AXES.map((axis) => [axis, Number(sliders[axis].value)]));
    const value = Object.fromEntries(AXES.map((axis) => [axis, valuesOf(axis)[at[axis]]]));
    const step = stepAt(at);
    const words = {
      batch: `${value.batch}`,
      kv: `${value.kv} tokens`,
      tp: `${value.tp} GPU${value.tp === 1 ? "" : "s"}`,
      bandwidth: `${digits(value.bandwidth * 100, 3)} %`,
    };
    for (const axis of AXES) {
      element(`${axis}-value`).textContent = words[axis];
      sliders[axis].setAttribute("aria-valuetext", words[axis]);
    }
    const compute = step.gemm + step.attention;
    const bound = compute > step.memory ? "compute" : "memory";
    element("summary").textContent =
      `The step takes ${microseconds(step.step)} and is ${bound}-bound: compute ${microseconds(compute)}, memory ${microseconds(step.memory)}.`;
    drawRoofline(at, step);
    drawTimes(step);
    const tp = value.tp;
    const numbers = [
      ["Model", of.model],
      ["GPUs", `${tp} x ${of.gpu}`],
      ["Preset", of.preset],
      ["Batch size", words.batch],
      ["KV length", words.kv],
      ["Bandwidth", `${words.bandwidth}, ${withPrefix(of.bandwidth_bytes_per_s * tp * value.bandwidth, "B/s")}`],
      ["Step", microseconds(step.step)],
      ["GEMMs", microseconds(step.gemm)],
      ["Attention", microseconds(step.attention)],
      ["Memory", microseconds(step.memory)],
      ["Bound by", bound],
      ["FLOPs", withPrefix(step.flops, "FLOP")],
      ["Bytes", withPrefix(step.bytes, "B")],
      ["Arithmetic intensity", `${digits(step.intensity, 4)} FLOP per byte`],
      ["Reached", withPrefix(step.rate, "FLOP/s")],
      ["Of the peak", `${digits(100 * step.rate / (of.peak_flops_per_s * tp), 3)} %`],
      ["Tokens per second", digits(value.batch / (step.step * 1e-6), 4)],
    ];
    element("numbers").replaceChildren(...numbers.map(([name, text]) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      const cell = document.createElement("td");
      cell.className = "n";
      cell.textContent = text;
      row.append(head, cell);
      return row;
    }));
  };

  const fit = () => {
    for (const axis of AXES) {
      const last = valuesOf(axis).length - 1;
      sliders[axis].max = last;
      sliders[axis].value = Math.min(Number(sliders[axis].value), last);
      sliders[axis].disabled = last === 0;
    }
  };

  grid.settings.forEach((one, index) => {
    const option = document.createElement("option");
    option.value = index;
    option.textContent = `${one.model} on ${one.gpu}`;
    select.append(option);
  });
  fit();
  // Where a page is opened, in the middle of the grid.
  sliders.batch.value = Math.floor(valuesOf("batch").length / 2);
  sliders.kv.value = Math.floor(valuesOf("kv").length / 2);
  sliders.bandwidth.value = valuesOf("bandwidth").length - 1;
  explorer.hidden = false;
  select.addEventListener("change", () => { fit(); show(); });
  for (const axis of AXES) sliders[axis].addEventListener("input", show);
  window.addEventListener("resize", show);
  show();
})();
