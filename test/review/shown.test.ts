import { propertyName } from "../../review/shown";
import { fc } from "../support/properties";

describe("the name of a property in a review", () => {
  it("shows no piece of a secret that somebody used as a name, however the path is cut", () => {
    const letters = (from: string, minLength: number) =>
      fc.string({ unit: fc.constantFrom(...from), minLength, maxLength: minLength + 20 });
    // The marks end what a name of a property can be, so that only a piece of the secret is left to judge.
    const secrets = fc
      .tuple(letters("abcdefghijABCDEFGHIJ", 16), fc.constantFrom("-", "/", "+", "="), letters("abcXYZ0123456789", 12))
      .map(([head, mark, tail]) => `aB${head}${mark}${tail}7`);

    fc.assert(fc.property(secrets, (secret) => !propertyName(secret).includes(secret.slice(0, 16))));
  });

  it("shows no beginning of a secret whose end has a form of its own", () => {
    const secret = `aBabcdefghijabcdef-${"a1".repeat(16)}7`;

    expect(propertyName(secret)).not.toContain("aBabc");
  });

  it("is the property alone, without the keys of a map", () => {
    expect(propertyName("labels.team")).toBe("labels");
    expect(propertyName('labels["a b"]')).toBe("labels");
    expect(propertyName("serviceAccountId")).toBe("serviceAccountId");
  });
});
