import * as crypto from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isPassphraseOf } from "../../commands/stack/passphrase";
import { PASSPHRASE, protections } from "../support/state";

jest.mock("node:crypto", () => {
  const real = jest.requireActual<typeof crypto>("node:crypto");
  return { ...real, pbkdf2Sync: jest.fn(real.pbkdf2Sync) };
});

const salt = protections.passphrase.settings.encryptionSalt;
const folder = mkdtempSync(join(tmpdir(), "passphrase-"));
const known = join(folder, "known");

afterAll(() => rmSync(folder, { recursive: true }));

describe("the passphrase of a salt", () => {
  it("is found once by the million hashes, and is known from then on, which another passphrase is not", () => {
    const hashes = () => (crypto.pbkdf2Sync as jest.Mock).mock.calls.length;

    expect([isPassphraseOf(salt, "another", known), existsSync(known)]).toEqual([false, false]);
    expect([isPassphraseOf(salt, `${PASSPHRASE}\n`, known), hashes()]).toEqual([true, 2]);
    expect([isPassphraseOf(salt, PASSPHRASE, known), hashes()]).toEqual([true, 2]);
    expect([isPassphraseOf(salt, "another", known), hashes()]).toEqual([false, 3]);
    expect([isPassphraseOf(salt.replace("tfcJ", "tfcK"), PASSPHRASE, known), hashes()]).toEqual([false, 4]);
  });

  it("is left to the engine where the salt has a form that only the engine knows", () => {
    expect(isPassphraseOf("v2:abc", "any", known)).toBe(true);
  });
});
