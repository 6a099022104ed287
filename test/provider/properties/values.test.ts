import {
  decode,
  encode,
  holdsSecret,
  holdsUnknown,
  unwrapSecrets,
  seal,
  Secret,
  UNKNOWN,
} from "../../../provider/properties/values";
import type { Plain, Properties, Value } from "../../../provider/properties/values";
import { fc } from "../../support/properties";

const key = fc.string({ minLength: 1, maxLength: 5 }).filter((name) => name !== "__proto__");
const plain: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
})).value;
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.boolean(),
    fc.string(),
    fc.constant(UNKNOWN as Value),
    tie("value").map((inner) => new Secret(inner)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
})).value;
const properties = fc.dictionary(key, value, { maxKeys: 4 }) as fc.Arbitrary<Properties>;

describe("values of the engine", () => {
  it("come back from the wire as they went onto it, secret and unknown parts included", () => {
    fc.assert(fc.property(properties, (given) => expect(decode(encode(given))).toEqual(given)));
  });

  it("show no wrapping of a secret to a resource", () => {
    fc.assert(fc.property(properties, (given) => expect(holdsSecret(unwrapSecrets(given) as Properties)).toBe(false)));
  });

  it("are sealed wherever a template is secret, and hold the same value then", () => {
    fc.assert(
      fc.property(plain, value, (given, template) => {
        const sealed = seal(given, template);

        expect(unwrapSecrets({ sealed }).sealed).toEqual(given);
        if (template instanceof Secret) expect(sealed).toBeInstanceOf(Secret);
      }),
    );
  });

  it("are sealed entry by entry in a map and as a whole in a list", () => {
    const template = { labels: { a: new Secret("x"), b: "y" }, scopes: ["one", new Secret("two")] };

    expect(seal({ labels: { a: "1", b: "2" }, scopes: ["two", "one"] }, template)).toEqual({
      labels: { a: new Secret("1"), b: "2" },
      scopes: new Secret(["two", "one"]),
    });
  });

  it("count as unknown if any part of them is", () => {
    expect(holdsUnknown({ a: [{ b: new Secret(UNKNOWN) }] })).toBe(true);
    expect(holdsUnknown({ a: [{ b: "04da6b54" }] })).toBe(false);
  });

  it("understand the engine's newer form of an output", () => {
    const output = (fields: object) => ({
      "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4",
      ...fields,
    });
    const wire = encode({ known: output({ value: "v", secret: true }), later: output({}) } as unknown as Properties);

    expect(decode(wire)).toEqual({ known: new Secret("v"), later: UNKNOWN });
  });
});
