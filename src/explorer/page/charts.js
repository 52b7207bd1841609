// Fan charts (viftediagrammer): means as lines, the middle 50, 80 and 95 % of runs as bands.

import uPlot from "./uplot.js";
import { number } from "./words.js";

/** Colours of the base and the scenarios; each has at least 4.5:1 to white. */
export const COLOURS = ["#4a5a66", "#00697f", "#a8470f", "#66479c", "#2f6b23"];
/** Patterns of their lines, so that nobody has to tell them by colour. */
export const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5]];

const FANS = {
  all: [["p025", "p975", 0.13], ["p10", "p90", 0.15], ["p25", "p75", 0.2]],
  wide: [["p025", "p975", 0.12]],
};

/** Is there room for the bands of 50 and 80 % besides that of 95 %? */
export const hasAllBands = (lines) => lines.length <= 2;

const soft = (colour, share) =>
  `${colour}${Math.round(share * 255).toString(16).padStart(2, "0")}`;

/** The data of uPlot for lines `{ colour, dash, own }`, `own` with its columns by year. */
function columns(years, lines, fan) {
  const data = [years];
  for (const { own } of lines) {
    for (const [low, high] of fan) data.push(own[low], own[high]);
    data.push(own.mean);
  }
  return data;
}

/**
 * A chart in an element. `update(years, lines, options)` draws it, in place where the lines are
 * those it has; `hover` is given the position of the year under the pointer, or null.
 */
export function fanChart(element, { signed = false, hover = () => {} } = {}) {
  let chart = null;
  let shape = "";
  let label = "";

  function make(years, lines, fan) {
    chart?.destroy();
    const series = [{}];
    const bands = [];
    for (const { colour, dash } of lines) {
      for (const [, , share] of fan) {
        const low = series.length;
        for (let end = 0; end < 2; end += 1) {
          series.push({ stroke: "transparent", width: 0, points: { show: false } });
        }
        bands.push({ series: [low + 1, low], fill: soft(colour, share) });
      }
      series.push({ stroke: colour, width: 2.5, dash, points: { show: false } });
    }
    const font = "13px system-ui, sans-serif";
    const grid = { stroke: "#e2e8ea", width: 1 };
    const axis = { font, grid, stroke: "#42525c", ticks: { show: false } };
    chart = new uPlot({
      width: width(),
      height: height(),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false },
        y: { range: (_, low, high) => room(low, high, signed) },
      },
      axes: [
        { ...axis, size: 32, space: 56, incrs: [1, 2, 5, 10], values: (_, all) => all.map(String) },
        { ...axis, size: 66, values: (_, all) => all.map((value) => number(value, { signed })) },
      ],
      series,
      bands,
      hooks: {
        setCursor: [(own) => hover(own.cursor.idx ?? null)],
        drawAxes: [(own) => signed && zeroLine(own)],
      },
    }, columns(years, lines, fan), element);
    chart.root.setAttribute("role", "img");
    chart.root.setAttribute("aria-label", label);
  }

  const width = () => Math.max(240, element.clientWidth);
  const height = () => (element.clientWidth < 520 ? 230 : 290);
  new ResizeObserver(() => {
    if (chart && element.clientWidth) chart.setSize({ width: width(), height: height() });
  }).observe(element);

  return {
    update(years, lines, about) {
      const fan = hasAllBands(lines) ? FANS.all : FANS.wide;
      const next = JSON.stringify([lines.map((line) => line.colour), fan.length, years.length,
        document.documentElement.lang]);
      label = about;
      if (chart && next === shape) {
        chart.setData(columns(years, lines, fan));
        chart.root.setAttribute("aria-label", label);
      } else {
        shape = next;
        make(years, lines, fan);
      }
    },
  };
}

/** The ends of the axis: some room around, and zero in it where differences are shown. */
function room(low, high, signed) {
  if (low === null || high === null) return [0, 1];
  const [least, most] = signed ? [Math.min(low, 0), Math.max(high, 0)] : [low, high];
  const more = Math.max((most - least) * 0.06, 0.5);
  return [least - more, most + more];
}

function zeroLine(own) {
  const { ctx } = own;
  const y = Math.round(own.valToPos(0, "y", true));
  ctx.save();
  ctx.strokeStyle = "#5d6b74";
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(own.bbox.left, y);
  ctx.lineTo(own.bbox.left + own.bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
