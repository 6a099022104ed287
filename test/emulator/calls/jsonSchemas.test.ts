import { fits, type JsonSchema, sampleOf } from "../../../emulator/calls/jsonSchemas";

const schema: JsonSchema = { type: "object", properties: { expression: { type: "string" } }, required: ["expression"] };

describe("a value made from a schema", () => {
  it.each([
    ["How much would be 7@8?", "7@8"],
    ["Add 2 + 3.5 * 4 up", "2 + 3.5 * 4"],
    ["What happened on 2026-11-26?", "written by a local stand-in"],
    ["What is the weather?", "written by a local stand-in"],
  ])("holds the calculation that is asked for: %s", (question, expression) => {
    expect(sampleOf("The schema", schema, question)).toEqual({ expression });
  });

  it("is found for one that contains itself", () => {
    const again = { $ref: "#/$defs/item" };
    const recursive: JsonSchema = {
      type: "object",
      properties: { city: { type: "string", enum: ["a"] }, list: { type: "array", items: again, minItems: 1 } },
      required: ["city"],
      $defs: { item: { type: "object", properties: { again } } },
    };

    const sample = sampleOf("The schema", recursive, "?");

    expect(sample).toMatchObject({ city: "a" });
    expect(fits(recursive, sample)).toBe(true);
  });
});
