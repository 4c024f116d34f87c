// Trends as pictures, drawn from the table that stands below them: without this script the table is all there is.
const COLOURS = ["--accent", "--major", "--warning"];

function column(table, name) {
  const heads = [...table.tHead.rows[0].cells];
  const at = heads.findIndex((head) => head.dataset.name === name);
  const values = [...table.tBodies[0].rows].map((row) => {
    const said = row.cells[at].textContent.trim();
    return said === "–" ? null : Number(said);
  });
  return { title: heads[at].textContent, values };
}

function draw(figure, table) {
  const days = [...table.tBodies[0].rows].map((row) => row.cells[0].textContent.trim());
  if (days.length < 2) return;
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const series = figure.dataset.chart.split(",").map((name) => column(table, name));
  const axis = { stroke: colour("--ink-2"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  figure.classList.add("is-drawn");
  const width = () => Math.max(260, figure.clientWidth - 20);
  const plot = new uPlot(
    {
      width: width(),
      height: 200,
      scales: { x: { time: false }, y: { range: (_, low, high) => [0, Math.max(high * 1.08, 1)] } },
      axes: [
        { ...axis, size: 30, values: (_, splits) => splits.map((at) => (Number.isInteger(at) && days[at] ? days[at].slice(5, 10) : "")) },
        { ...axis, size: 56 },
      ],
      series: [
        { value: (_, at) => (at == null ? "–" : days[at]), label: table.tHead.rows[0].cells[0].textContent },
        ...series.map(({ title }, at) => ({
          label: title,
          stroke: colour(COLOURS[at]),
          width: 2,
          dash: at === 1 ? [8, 4] : at === 2 ? [2, 3] : undefined,
          points: { show: days.length < 40 },
          value: (_, value) => (value == null ? "–" : String(value)),
        })),
      ],
    },
    [days.map((_, at) => at), ...series.map(({ values }) => values)],
    figure,
  );
  new ResizeObserver(() => plot.setSize({ width: width(), height: 200 })).observe(figure);
}

const trend = document.getElementById("trend");
if (trend && window.uPlot) for (const figure of document.querySelectorAll("[data-chart]")) draw(figure, trend);
