import type { Review } from "./review";

/**
 * The counts that GitLab's merge-request widget reads as a report of type `terraform`. A replacement is a creation and a
 * deletion.
 */
export function gitlab({ counts }: Review): string {
  const report = {
    create: counts.create + counts.replace,
    update: counts.update,
    delete: counts.delete + counts.replace,
  };
  return `${JSON.stringify(report)}\n`;
}
