import { capabilityTable } from "../components/capabilities";
import { formatNames, render, review } from "../review";
import { openProject } from "./project";
import { median } from "./statistics";

export interface ReviewTime {
  size: number;
  /** What the engine printed of the preview. */
  megabytes: number;
  /** From its text to all formats. */
  seconds: number;
}

/** How long a review of a stack takes in which all is new. */
export async function measureReview(size: number, rounds: number, say: (text: string) => void): Promise<ReviewTime> {
  say(`a review of ${size} applications`);
  const project = await openProject({ program: "apps", size });
  try {
    const digest = await project.digest();
    const now = Date.parse("2026-01-01T00:00:00Z");
    const times = Array.from({ length: rounds }, () => {
      const began = performance.now();
      const reviewed = review(digest, capabilityTable, now);
      for (const format of formatNames) render(reviewed, format, now);
      return (performance.now() - began) / 1000;
    });
    return { size, megabytes: digest.length / 1e6, seconds: median(times) };
  } finally {
    await project[Symbol.asyncDispose]();
  }
}
