import { labelValue, serviceAccountName } from "../../components/serviceAccountName";
import { fc } from "../support/properties";

const LEGAL = /^[a-z][-a-z0-9]{1,61}[a-z0-9]$/;

const words = fc.oneof(
  fc.string({ unit: "binary", maxLength: 120 }),
  fc.stringMatching(/^[a-zA-Z][-_.a-zA-Z0-9]{0,100}$/),
);
const parts = fc.record({ application: words, stack: words, project: words });

describe("the name of a service account", () => {
  it("is legal, whatever the application, the stack and the project are called", () => {
    fc.assert(fc.property(parts, (each) => expect(serviceAccountName(each)).toMatch(LEGAL)));
  });

  it("is another one for another application, stack or project", () => {
    fc.assert(
      fc.property(fc.uniqueArray(parts, { selector: (each) => JSON.stringify(each), minLength: 2 }), (all) => {
        expect(new Set(all.map(serviceAccountName)).size).toBe(all.length);
      }),
    );
  });

  it.each([
    ["shop", "dev", /^shop-dev-[0-9a-f]{8}$/],
    ["shop", "PR_1234", /^shop-pr-1234-[0-9a-f]{8}$/],
    ["Shop", "Feature.Foo", /^shop-feature-foo-[0-9a-f]{8}$/],
    ["7seas", "2026", /^seas-2026-[0-9a-f]{8}$/],
    ["магазин", "прод", /^app-[0-9a-f]{8}$/],
    ["s".repeat(100), "t".repeat(100), /^s{27}-t{26}-[0-9a-f]{8}$/],
  ])("follows from the application and the stack: of %s in %s it is %s", (application, stack, pattern) => {
    expect(serviceAccountName({ application, stack, project: "shop" })).toMatch(pattern);
  });

  it("never changes from one version to the next: this one is in people's states", () => {
    expect(serviceAccountName({ application: "shop", stack: "dev", project: "yandex-ai-access" })).toBe(
      "shop-dev-2f26f742",
    );
  });

  it("goes with labels whose values are legal", () => {
    fc.assert(fc.property(words, (word) => expect(labelValue(word)).toMatch(/^[-_0-9a-z]{0,63}$/)));
  });
});
