import { accessFor, capabilityNames, capabilityTable, nearestCapability } from "../../components/capabilities";
import { fc } from "../support/properties";

describe("the capability table", () => {
  it.each(capabilityNames)("gives %s a role, a scope, a sentence and the vendor's page", (name) => {
    const { roles, scopes, sentence, documentation } = capabilityTable[name];

    expect(roles.length).toBeGreaterThan(0);
    expect(scopes.length).toBeGreaterThan(0);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(documentation).toMatch(/^https:\/\/(yandex\.cloud|aistudio\.yandex\.ru)\/(docs\/)?en\//);
  });

  it("gives no role of an editor or admin of everything", () => {
    const roles = capabilityNames.flatMap((name) => capabilityTable[name].roles);

    expect(roles.filter((role) => /^(ai\.)?(editor|admin)$|\.admin$/.test(role))).toEqual([]);
  });

  it("gives exactly what the capabilities name, sorted and once", () => {
    fc.assert(
      fc.property(fc.subarray(capabilityNames, { minLength: 1 }), (chosen) => {
        const { roles, scopes } = accessFor(chosen);
        const named = (field: "roles" | "scopes") =>
          new Set(chosen.flatMap((name) => [...capabilityTable[name][field]]));

        expect(roles).toEqual([...named("roles")].sort());
        expect(scopes).toEqual([...named("scopes")].sort());
      }),
    );
  });

  it.each([
    ["textGenration", "textGeneration"],
    ["text_generation", "textGeneration"],
    ["assistants", "responses"],
    ["ocr", "vision"],
    ["STT", "speechToText"],
    ["translate", "translation"],
    ["fine-tuning", "tuning"],
    ["cluster", undefined],
  ])("takes %s for %s", (word, name) => expect(nearestCapability(word)).toBe(name));
});
