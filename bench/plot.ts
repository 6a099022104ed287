import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { leastSeconds } from "./ratios";
import { PEERS } from "./peers";
import type { Size } from "./measure";

echarts.use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

type Point = [applications: number, seconds: number];

/** Seconds of `up` by the number of applications, ours and others', as SVG. */
export function plot(sizes: Size[]): string {
  const points = (parallel: number | undefined, secondsOf: (size: Size) => number): Point[] =>
    sizes.filter((size) => size.parallel === parallel).map((size) => [size.size, secondsOf(size)]);
  const lines: { name: string; points: Point[]; dashed?: boolean }[] = [
    ...PEERS.map(({ name, create }) => ({ name, points: create })),
    { name: "this provider, 8 operations at a time", points: points(undefined, ({ ours }) => ours.up.seconds) },
    { name: "this provider", points: points(1000, ({ ours }) => ours.up.seconds) },
    { name: "the least it can take", points: points(1000, (size) => leastSeconds(size, "up")), dashed: true },
  ];
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 900, height: 440 });
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    color: ["#b23b3b", "#d98c5f", "#7fa7d9", "#1f5fbf", "#555555"],
    title: {
      text: "Seconds to create access for so many applications",
      left: 16,
      top: 12,
      textStyle: { fontSize: 15 },
    },
    legend: { orient: "vertical", left: 590, top: 76, itemGap: 14, itemWidth: 22, textStyle: { fontSize: 12 } },
    grid: { left: 64, right: 330, top: 76, bottom: 56 },
    xAxis: { type: "log", name: "applications", nameLocation: "middle", nameGap: 28, min: 1, max: 100 },
    yAxis: { type: "log", name: "seconds", nameLocation: "end", min: 1, max: 1000 },
    series: lines.map(({ name, points, dashed }) => ({
      name,
      type: "line",
      data: points,
      symbolSize: 7,
      lineStyle: { width: 2, type: dashed ? "dashed" : "solid" },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg.replace(/<svg [^>]*>/, `$&\n<style>${IN_THE_DARK}</style>`)}\n`;
}

/** Each colour of the chart as a dark page wants it: the same hue, light enough to be read. */
const DARK_COLOURS: [light: string, dark: string][] = [
  ["#ffffff", "#0d1117"],
  ["#fff", "#0d1117"],
  ["#3c3c41", "#e6e9ed"],
  ["#54555a", "#a9b1bb"],
  ["#b7b9be", "#6b7480"],
  ["#dbdee4", "#2a3037"],
  ["#b23b3b", "#f08080"],
  ["#d98c5f", "#e8a87c"],
  ["#7fa7d9", "#8fb8ea"],
  ["#1f5fbf", "#5c9dff"],
  ["#555555", "#c5cbd3"],
];

/** A drawing in a page follows the reader's system, as the page does. */
const IN_THE_DARK = `@media (prefers-color-scheme: dark) {\n${DARK_COLOURS.map(
  ([light, dark]) => `[fill="${light}"] { fill: ${dark}; } [stroke="${light}"] { stroke: ${dark}; }`,
).join("\n")}\n}`;
