import {
  type DescField,
  type DescMessage,
  type DescMethod,
  fromJson,
  type JsonValue,
  toBinary,
} from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { methodAt, registry } from "../../emulator/transport/descriptors";
import type { Dice } from "./dice";
import { nastyText, nastyValue } from "./values";

/** Texts that are right in some places: IDs, secrets, roles, names of models. */
export type Words = readonly string[];

/** Proto JSON of the request of a call: fields of the right type, mostly, with right and wrong values. */
export function requestJson(dice: Dice, path: string, words: Words): Record<string, unknown> {
  return messageJson(dice, methodAt(path).input, words, 0) as Record<string, unknown>;
}

/** The bytes of a message made of such JSON; undefined where it does not fit the definition. */
export function requestBytes(dice: Dice, method: DescMethod, words: Words): Uint8Array | undefined {
  const json = messageJson(dice, method.input, words, 0, 0) as JsonValue;
  try {
    return toBinary(method.input, fromJson(method.input, json, { registry, ignoreUnknownFields: true }));
  } catch {
    return undefined;
  }
}

function messageJson(dice: Dice, message: DescMessage, words: Words, depth: number, wrong = 6): unknown {
  const known = wellKnown[message.typeName];
  if (known) return known(dice);
  const present = depth === 0 ? 75 : 45;
  const fields = message.fields.filter(() => dice.chance(present) && depth < 5);
  return Object.fromEntries(
    fields.map((field) => [
      dice.chance(10) ? field.name : field.jsonName,
      dice.chance(wrong) ? nastyValue(dice) : fieldJson(dice, field, words, depth, wrong),
    ]),
  );
}

function fieldJson(dice: Dice, field: DescField, words: Words, depth: number, wrong: number): unknown {
  const one = () => {
    if ("message" in field && field.message) return messageJson(dice, field.message, words, depth + 1, wrong);
    if ("enum" in field && field.enum) {
      const { values } = field.enum;
      return dice.chance(80) ? dice.pick(values).name : dice.pick([0, 1, 7, -1]);
    }
    return scalarJson(dice, "scalar" in field ? field.scalar : undefined, words);
  };
  if (field.fieldKind === "list") return dice.some(3, one);
  if (field.fieldKind === "map")
    return Object.fromEntries(dice.some(3, () => [dice.chance(50) ? "key" : nastyText(dice), one()] as const));
  return one();
}

function scalarJson(dice: Dice, type: ScalarType | undefined, words: Words): unknown {
  if (type === ScalarType.BOOL) return dice.chance(50);
  if (type === ScalarType.BYTES) return dice.bytes(dice.int(50)).toString("base64");
  if (type === ScalarType.STRING) return dice.chance(70) ? dice.pick(words) : nastyText(dice);
  if (type === ScalarType.DOUBLE || type === ScalarType.FLOAT) return dice.pick([0, 0.3, -1, 1e30, "NaN", "Infinity"]);
  if (type === ScalarType.INT64 || type === ScalarType.UINT64)
    return dice.pick(["0", "1", "10", "1000000", "9223372036854775807"]);
  return dice.pick([0, 1, 2, 10, 1000, 2 ** 31 - 1]);
}

const wellKnown: Record<string, (dice: Dice) => unknown> = {
  "google.protobuf.Timestamp": (dice) =>
    dice.pick(["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]),
  "google.protobuf.Duration": (dice) => dice.pick(["0s", "604800s", "-5s", "315576000000s", "0.000000001s"]),
  "google.protobuf.FieldMask": (dice) => dice.pick(["", "name", "name,description", "labels", "id", "a.b", "scopes"]),
  "google.protobuf.Struct": (dice) => ({ a: dice.pick([1, "b", null, true]), type: "object" }),
  "google.protobuf.Value": (dice) => dice.pick([1, "b", null, true, []]),
  "google.protobuf.Int64Value": (dice) => dice.pick(["0", "1", "100", "-1"]),
  "google.protobuf.DoubleValue": (dice) => dice.pick([0, 0.6, -1, 2]),
  "google.protobuf.BoolValue": (dice) => dice.chance(50),
  "google.protobuf.StringValue": (dice) => nastyText(dice),
  "google.protobuf.Any": () => ({ "@type": "type.googleapis.com/google.protobuf.Empty", value: {} }),
};
