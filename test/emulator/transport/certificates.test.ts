import { openCertificates } from "../../../emulator/transport/certificates";
import { temporaryFolder } from "../../support/folder";

const NOW = Date.parse("2026-12-01T12:00:00Z");
const DAY_MS = 24 * 60 * 60_000;

describe("the certificates of emulators in one process", () => {
  it("are the same for all that keep no state, so that only the first has to make them", async () => {
    const [first, second] = await Promise.all([openCertificates(undefined, NOW), openCertificates(undefined, NOW)]);
    const later = await openCertificates(undefined, NOW + DAY_MS - 1);

    expect(second).toEqual(first);
    expect(later).toEqual(first);
  });

  it("are others at another time, for another host, and where a state is kept", async () => {
    using folder = temporaryFolder();
    const first = await openCertificates(undefined, NOW);

    const others = [
      await openCertificates(undefined, NOW, "cloud.test"),
      await openCertificates(folder.path, NOW),
      await openCertificates(undefined, NOW + DAY_MS),
      await openCertificates(undefined, NOW - 1),
    ];

    const all = [first, ...others].map(({ ca }) => ca);
    expect(new Set(all).size).toBe(all.length);
  });
});
