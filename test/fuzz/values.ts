import type { Dice } from "./dice";

/** Texts that programs have tripped over. */
const texts = [
  ...["", " ", "\0", "\r\n", "\ud800", "😀", "ÿ", "null", "true", "NaN", "Infinity", "-1", "0", "1e999", "1.5"],
  ...["9223372036854775808", "-9223372036854775809", "18446744073709551616", "0x10", "1_000"],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "__defineGetter__", "valueOf", "length", "then"],
  ...["2020-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "0000-00-00T00:00:00Z", "+275760-09-13T00:00:00Z"],
  ...["604800s", "-1s", "999999999999s", "1.0000000001s", "s"],
  ...["gpt://", "gpt:///", "gpt://f/yandexgpt/latest/", "emb://f", "ds://x", "art://../..", "gpt://%00/%ff/@"],
  ...["../../etc/passwd", "%00", "%ff", "%", "*", "(a+)+$", "[", "\\", "'", '"', "<script>", "${7*7}", "{{x}}"],
  ...["Bearer", "Api-Key", "data:image/png;base64,", "data:;base64,!!!", "====", "type.googleapis.com/x"],
  ...["name=a", 'name="', "name = 'x' AND", "-----BEGIN RSA PRIVATE KEY-----"],
];

const numbers = [0, -0, 1, -1, 1.5, 1e-9, 255, 65_536, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e9, 1e21, 1e308, -1e308];

export function nastyText(dice: Dice): string {
  if (dice.chance(70)) return dice.pick(texts);
  if (dice.chance(50)) return dice.bytes(dice.int(40)).toString("latin1");
  return dice.pick(["a", "ы", "a a ", "[", "\n"]).repeat(dice.pick([10, 101, 4_097, 70_000]));
}

/** JSON of any shape. */
export function nastyValue(dice: Dice, depth = 0): unknown {
  const kind = dice.int(depth > 3 ? 4 : 8);
  if (kind === 0) return dice.pick([null, true, false, [], {}]);
  if (kind === 1) return dice.pick(numbers);
  if (kind <= 3) return nastyText(dice);
  if (kind === 4) return dice.some(4, () => nastyValue(dice, depth + 1));
  if (kind === 5) return nested(dice.pick([10, 200, 3_000]), dice.chance(50));
  if (kind === 6) return Array.from({ length: dice.pick([1, 2, 300, 5_000]) }, () => dice.pick([null, 1, "a", {}]));
  const names = dice.some(4, () => (dice.chance(60) ? nastyText(dice) : dice.pick(["type", "id", "name", "text"])));
  return Object.fromEntries(names.map((name) => [name, nastyValue(dice, depth + 1)]));
}

function nested(depth: number, asList: boolean): unknown {
  let value: unknown = 1;
  for (let at = 0; at < depth; at += 1) value = asList ? [value] : { a: value };
  return value;
}

/** The same JSON with up to three of its parts replaced, removed, doubled or joined by others. */
export function spoiled(dice: Dice, value: unknown): unknown {
  let result = value;
  for (let left = dice.int(4); left > 0; left -= 1) result = spoiledOnce(dice, result, 0);
  return result;
}

function spoiledOnce(dice: Dice, value: unknown, depth: number): unknown {
  if (value === null || typeof value !== "object" || dice.chance(depth === 0 ? 4 : 25)) return nastyValue(dice);
  if (Array.isArray(value)) {
    const at = dice.int(value.length + 1);
    if (at === value.length) return [...(value as unknown[]), nastyValue(dice)];
    if (dice.chance(15)) return [...(value as unknown[]), value[at]];
    if (dice.chance(10)) return value.toSpliced(at, 1);
    return value.with(at, spoiledOnce(dice, value[at], depth + 1));
  }
  const entries = Object.entries(value);
  if (entries.length === 0 || dice.chance(10)) return ownEntries([...entries, [nastyText(dice), nastyValue(dice)]]);
  const at = dice.int(entries.length);
  if (dice.chance(15)) return ownEntries(entries.toSpliced(at, 1));
  const [name, part] = entries[at]!;
  return ownEntries(entries.with(at, [name, spoiledOnce(dice, part, depth + 1)]));
}

/** `__proto__` included, as a name like any other. */
const ownEntries = (entries: [string, unknown][]): unknown => Object.fromEntries(entries);

/** Some of the bytes changed, doubled, removed, or the end cut off. */
export function spoiledBytes(dice: Dice, bytes: Buffer): Buffer {
  let result = bytes;
  for (let left = 1 + dice.int(3); left > 0; left -= 1) {
    const at = dice.int(result.length + 1);
    const rest = result.subarray(at);
    const change = dice.int(5);
    if (change === 0) result = result.subarray(0, at);
    else if (change === 1) result = Buffer.concat([result.subarray(0, at), dice.bytes(1 + dice.int(8)), rest]);
    else if (change === 2) result = Buffer.concat([result.subarray(0, at), rest.subarray(1 + dice.int(8))]);
    else if (change === 3) result = Buffer.concat([result.subarray(0, at), rest.subarray(0, 20), rest]);
    else {
      result = Buffer.from(result);
      if (at < result.length) result[at] = dice.int(256);
    }
  }
  return result;
}
